"""What the tests of the pages share."""

import pytest

from alerts.models import Counter


@pytest.fixture
def counter(transactional_db):
    """The counter's one row, which tests that empty all tables take away."""
    return Counter.objects.get_or_create(pk=1)[0]
