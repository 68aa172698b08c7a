"""Yesterday's backup is restored: what was mailed since is not mailed again, unless somebody says so."""

import datetime
import subprocess
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from alerts.digests import home
from alerts.models import Change, Hold, Message
from alerts.tick import Round, take, tick
from config import embedded
from config.binaries import find_postgres
from config.processes import Household
from tests.digests.told import MORNING
from tests.elsewhere import connected_to, own_folder
from tests.factories import make_event, make_person, make_subscription
from tests.workers import PATIENCE, wait_until

State = Message.State

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
LOSS = MORNING + DAY + HOUR
"""When the database is lost; its backup is of the morning before."""

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@dataclass
class Server:
    """A PostgreSQL server of a test's own."""

    household: Household
    folder: Path

    def __post_init__(self):
        self.start()

    def start(self, **settings: str) -> None:
        """Start it, with these settings of PostgreSQL's."""
        place = (self.household, self.folder / "servers", self.folder, self.folder)
        self.child = embedded.start_postgres(*place, embedded.THROWAWAY | settings)

    def run(self, program: str, *options: str) -> None:
        """Run one of PostgreSQL's programs on this server's database."""
        where = ["--host", self.folder / "pg", "--username", "hark", "--dbname", "hark"]
        subprocess.run([find_postgres().program(program), *where, *options], check=True, timeout=PATIENCE)


@pytest.fixture
def new_server():
    """A function that starts a server."""
    with ExitStack() as servers:
        yield lambda: Server(*servers.enter_context(own_folder()))


@pytest.fixture
def post(sink, settings, broker):
    """Counts the copies that each address got."""
    settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, PATIENCE
    sink.accepted.clear()
    yield lambda: Counter(address.partition("@")[0] for address, _ in sink.accepted)
    sink.accepted.clear()


@pytest.fixture
def restored(request, new_server, post, tmp_path):
    """A function that does something on a database restored from a backup, made while one mail was about to leave.

    On it that mail and the next day's had left when it was lost; the next day's news is read again.
    """
    old = new_server()
    with connected_to(old.folder / "pg") as do:
        do(lambda: call_command("migrate", verbosity=0))
        do(_a_reader_is_told)
        do(lambda: take("compose", MORNING, Round()))
        old.run("pg_dump", "--format=custom", f"--file={tmp_path / 'hark.dump'}")
        do(lambda: tick(MORNING))
        do(_another_day)
        assert post() == {"reader": 3}
        assert do(Hold.objects.count) == 0
    new = new_server() if getattr(request, "param", "") == "another server" else old
    with connected_to(new.folder / "pg") as do:
        if new is not old:
            do(lambda: call_command("migrate", verbosity=0))
            do(lambda: tick(LOSS))
        new.run("pg_restore", "--clean", "--if-exists", str(tmp_path / "hark.dump"))
        yield do


def _a_reader_is_told() -> None:
    make_subscription(make_person("reader@example.org"), now=MORNING - DAY)
    make_event(heading="Foghorns: Hire")
    tick(MORNING - DAY)
    make_event(heading="Foghorns: Repairs")
    take("percolate", MORNING, Round())


def _another_day() -> None:
    make_event(heading="Foghorns: Sale")
    tick(MORNING + DAY)


@pytest.mark.parametrize("restored", ["the same database", "another server"], indirect=True)
def test_nothing_goes_again_until_it_is_released_and_then_all_that_waits_does(restored, post, caplog):
    restored(_another_day)
    restored(lambda: [take("deliver", LOSS + hours * HOUR, Round()) for hours in range(48)])
    assert post() == {"reader": 3}
    assert "sending_held" in caplog.text
    assert restored(lambda: Client().get("/healthz")).json()["sending_held"] == {"cause": "restored", "until": None}

    restored(lambda: call_command("restored", "--release"))
    restored(lambda: tick(LOSS + HOUR))
    assert post() == {"reader": 5}
    assert restored(Hold.objects.count) == 0


def test_what_had_gone_by_the_time_it_was_lost_can_be_left_out(restored, post, capsys):
    restored(_another_day)
    restored(lambda: call_command("restored"))
    said = capsys.readouterr().out
    assert "knows nothing of mails sent since" in said
    assert "left: 2026-03-10 07:30 UTC" in said
    assert "Mails that wait: 2, due from 2026-03-11 07:30 UTC to 2026-03-12 07:30 UTC." in said

    restored(lambda: call_command("restored", "--release", "--sent-before", f"{LOSS:%Y-%m-%d %H:%M}"))
    assert "taken as sent before: 2" in capsys.readouterr().out
    assert restored(lambda: Change.objects.get(action="released").after["taken_as_sent"]) == 2
    restored(lambda: tick(LOSS))
    assert post() == {"reader": 3}

    restored(lambda: make_event(heading="Foghorns: Auction"))
    restored(lambda: tick(MORNING + 2 * DAY))
    assert post() == {"reader": 4}, "what comes after it is told as ever"
    assert restored(lambda: set(Message.objects.values_list("state", flat=True))) == {State.SENT}


def test_only_what_was_due_before_that_time_is_left_out(restored, post):
    restored(_another_day)
    restored(lambda: call_command("restored", "--release", "--sent-before", f"{MORNING + HOUR:%Y-%m-%dT%H:%MZ}"))
    restored(lambda: tick(LOSS))
    assert post() == {"reader": 4}


def test_what_is_recovered_from_archived_logs_or_was_a_standby_is_another_database_too(new_server):
    server = new_server()
    with connected_to(server.folder / "pg") as do:
        do(lambda: connection.cursor().execute("CREATE TABLE alerts_message ()"))
        before = do(home.here)
        server.household.stop(server.child)
        server.start()
        assert do(home.here) == before, "starting again is nothing"
        server.household.stop(server.child)
        (server.folder / "servers" / "postgres" / "data" / "recovery.signal").touch()
        server.start(restore_command="false")
        wait_until(lambda: do(_is_promoted))
        assert do(home.here) != before


def _is_promoted() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_is_in_recovery()")
        return cursor.fetchone()[0]
