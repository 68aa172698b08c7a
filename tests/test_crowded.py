"""The database has no connection left: pages say when to ask again, and no worker leaves anything half done."""

from contextlib import ExitStack

import psycopg
import pytest
from django.test import Client

from alerts.digests.deliver import deliver
from alerts.models import Message
from alerts.tick import Round, take
from config import embedded
from tests.digests.told import MORNING, waiting_digest
from tests.elsewhere import connected_to, own_folder

pytestmark = pytest.mark.django_db

FEW = embedded.THROWAWAY | {"max_connections": "6", "superuser_reserved_connections": "0"}


@pytest.fixture(scope="module")
def full_server():
    """The folder of the socket of a PostgreSQL whose connections are all taken."""
    with own_folder() as (household, folder), ExitStack() as taken:
        embedded.start_postgres(household, folder / "servers", folder, folder, FEW)
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            for _ in range(20):
                taken.enter_context(psycopg.connect(host=str(folder / "pg"), user="hark", dbname="hark"))
        yield folder / "pg"


@pytest.fixture
def crowded(full_server):
    """A function that does something in a process that finds no connection, and gives what came of it."""
    with connected_to(full_server) as do:
        yield do


def test_a_page_says_when_to_ask_again(crowded):
    answer = crowded(lambda: Client(raise_request_exception=False).get("/search?q=foghorns"))
    assert answer.status_code == 503 and int(answer["Retry-After"]) > 0
    assert "Your alerts were not changed" in answer.content.decode()


def test_every_verb_fails_alone_and_leaves_no_claim(crowded, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.OUTBOX = "alerts.digests.outbox.OutboxBackend", tmp_path
    message = waiting_digest()
    round = crowded(lambda: take("deliver", MORNING, Round()))
    assert set(round.failed) == {"deliver", "listen", "erase_due"} and not round.done
    assert all("too many clients" in why for why in round.failed.values())
    message.refresh_from_db()
    assert (message.state, message.lease_until, message.attempts) == (Message.State.PENDING, None, 0)
    assert deliver(MORNING).sent == 1
