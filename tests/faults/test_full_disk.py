"""The disk of the database is full: each step fails cleanly, and once there is room all goes on without repair."""

import datetime
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.test import Client

from alerts.digests import deliver
from alerts.models import Digest, Message
from alerts.tick import Round, tick
from config import embedded
from config.binaries import ServerError
from config.processes import Child, Household
from tests.digests.told import MORNING
from tests.elsewhere import connected_to, own_folder
from tests.factories import make_event, make_person, make_subscription
from tests.faults.small_disk import fill, make_room, small_disk
from tests.web.stories import ask
from tests.workers import PATIENCE

State = Message.State

MEGABYTES = 256
FULL = "No space left on device"
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
FIRST, LATER = 60, 20
"""Readers whose emails are leaving when the disk is full, and those for whom none is made yet."""
STATE = "SELECT state FROM alerts_message WHERE to_address = %s"

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@dataclass
class Server:
    """PostgreSQL with everything it has on a small disk, or with its tables alone."""

    household: Household
    folder: Path
    everything: bool
    child: Child | None = None

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    def tend(self) -> None:
        """Start it where it does not run, as ./run and every service manager do; there may be no room for that."""
        if self.child is not None and self.child.exit_code is not None:
            self.household.forget(self.child)
            self.child = None
        if self.child is None:
            place = self.disk if self.everything else self.folder / "servers"
            with suppress(ServerError):
                self.child = embedded.start_postgres(self.household, place, self.folder, self.folder)

    def move_tables(self) -> None:
        """Have the tables on the small disk, while the server's own log stays where it is."""
        tables, data = self.disk / "tables", (self.folder / "servers" / "postgres" / "data").stat()
        tables.mkdir()
        os.chown(tables, data.st_uid, data.st_gid)
        with self.connection("postgres") as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
            connection.execute("ALTER DATABASE hark SET TABLESPACE small")

    def connection(self, name: str = "hark") -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder / "pg"), user="hark", dbname=name, autocommit=True)

    def fill_log(self) -> None:
        """Write to the server's own log until it ends the server, since it has nowhere to go."""
        with pytest.raises(psycopg.OperationalError, match=FULL), self.connection() as connection:
            for _ in range(MEGABYTES):
                connection.execute("SELECT pg_logical_emit_message(false, '', repeat('x', 1000000), true)")


@pytest.fixture(params=["tables", "everything"])
def server(request):
    with own_folder() as (household, folder), small_disk(folder / "disk", MEGABYTES):
        server = Server(household, folder, request.param == "everything")
        server.tend()
        if not server.everything:
            server.move_tables()
        yield server


@pytest.fixture
def there(server, sink, settings, broker, monkeypatch):
    """A function that does something as a process whose database is on the small disk."""
    monkeypatch.setattr(deliver, "PAUSES", (0.1, 0.1))
    settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, PATIENCE
    with connected_to(server.folder / "pg") as do:
        do(lambda: call_command("migrate", verbosity=0))
        yield do
    sink.at_data = lambda recipient: None
    sink.accepted.clear()


def people() -> None:
    """Readers of an alert that something was found for: the first are due, the others an hour later."""
    for number in range(FIRST + LATER):
        due = MORNING if number < FIRST else MORNING + HOUR
        make_subscription(make_person(f"reader{number}@example.org"), now=due)
    make_event(heading="Foghorns: Repairs")


def minutes_pass() -> None:
    """Let the leases of whatever a worker still had be over."""
    Message.objects.filter(lease_until__isnull=False).update(lease_until=MORNING)


def in_hand() -> int:
    return Message.objects.filter(state__in=[State.CLAIMED, State.HANDOFF]).count()


def test_a_full_disk_costs_time_only(server, there, sink, caplog):
    there(people)
    handed_over = []

    def fill_in_the_middle(recipient: str) -> None:
        with server.connection() as connection:
            handed_over.extend(connection.execute(STATE, [recipient]).fetchone())
        if len(handed_over) == 3:
            fill(server.disk)

    def round_at(now: datetime.datetime) -> Round:
        return there(lambda: tick(now))

    sink.at_data = fill_in_the_middle
    rounds: list[Round] = [round_at(MORNING + later) for later in (0 * HOUR, HOUR, HOUR + MINUTE, HOUR + 2 * MINUTE)]
    assert all(round.failed and all(FULL in why for why in round.failed.values()) for round in rounds)
    assert "deliver" in rounds[0].failed and "compose_due" in rounds[-1].failed
    assert "verb failed" in caplog.text
    assert there(Digest.objects.count) == FIRST, "nobody's digest is half made"
    assert there(in_hand) <= 1, "no other is taken before it is written down what became of the first"
    health = there(lambda: Client().get("/healthz")).json()
    assert health["digest_late_seconds"] > 0 and health["message_waits_seconds"] > 0 and health["failed"] == 0
    assert there(lambda: ask(Client(raise_request_exception=False))).status_code in (302, 503)
    if server.everything:
        server.fill_log()
        server.tend()
        assert there(lambda: Client().get("/healthz")).json() == {"ok": False}
        assert round_at(MORNING + 2 * HOUR).done == {}

    make_room(server.disk)
    server.tend()
    there(minutes_pass)
    for hours in (3, 4, 5):
        assert round_at(MORNING + hours * HOUR).failed == {}
        there(minutes_pass)
    copies = Counter(address for address, _ in sink.accepted)
    assert (len(copies), set(copies.values())) == (FIRST + LATER, {1})
    assert there(lambda: set(Message.objects.values_list("state", "resends"))) == {(State.SENT, 0)}
    assert set(handed_over) == {State.HANDOFF}
