import pytest
import time_machine

from accounts.models import User
from tests.digests.conftest import outbox, provider
from tests.factories import NOW, make_person
from tests.web.stories import ADDRESS

__all__ = ["outbox", "provider"]


@pytest.fixture
def clock():
    """It is Tuesday, nine in the morning, until the test lets time pass."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def reader() -> User:
    return make_person(ADDRESS)
