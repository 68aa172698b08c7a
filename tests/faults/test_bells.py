"""Bells that are lost, doubled or late: the broker emptied and restarted, no beat, three beats, nobody for two days."""

import datetime
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
import redis

from alerts.models import Counter, Digest, Message, Schedule, Subscription
from alerts.models.choices import Frequency
from alerts.tick import tick
from alerts.web.health import numbers
from config import celery_app, clock
from config.binaries import find_valkey
from tests.digests.conftest import outbox
from tests.digests.told import MORNING
from tests.factories import make_event, make_person, make_subscription
from tests.faults.play import BEGIN, DAY, Play, set_clock, staged
from tests.faults.worker import Worker
from tests.test_tasks import broker_url
from tests.web.stories import ask, link, press_confirm
from tests.workers import PATIENCE

__all__ = ["broker_url", "outbox"]

TICK_SECONDS = 0.5
HOUR = datetime.timedelta(hours=1)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bells(child_environment, tmp_path, monkeypatch):
    """The environment of workers and beats that ring often, and the file of their clock; nothing is polled."""
    path = tmp_path / "clock.json"
    set_clock(path, MORNING, 1)
    monkeypatch.setenv("HARK_CLOCK", str(path))
    own = {"HARK_CLOCK": str(path), "HARK_INSTANCE": str(tmp_path), "HARK_TICK_SECONDS": str(TICK_SECONDS)}
    return child_environment | own, path


def wait_until(happened: Callable[[], bool], worker: Worker) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        worker.tend()


def no_bell() -> bool:
    """Whether none waits, or is being answered, at several looks: on its way to a worker a bell is nowhere."""
    with celery_app.connection_for_write() as connection:
        broker = connection.default_channel.client
        for _ in range(10):
            if broker.exists("poll", "percolate", "deliver", "beat", "unacked"):
                return False
            time.sleep(0.1)
    return True


def sent() -> int:
    return Message.objects.filter(state=Message.State.SENT).count()


@contextmanager
def broker(port: int, *options: str) -> Iterator[redis.Redis]:
    """A broker that keeps nothing on disk, killed at the end."""
    keeping_nothing = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([find_valkey(), *keeping_nothing, *options], stdout=subprocess.DEVNULL)
    try:
        yield redis.Redis(port=port)
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def fill_up(server: redis.Redis) -> None:
    """Write until it takes no more."""
    end = time.monotonic() + PATIENCE
    for number in count():
        assert time.monotonic() < end, "it takes everything"
        try:
            server.set(f"filler {number}", "x" * 10_000)
        except redis.exceptions.OutOfMemoryError:
            return
        except redis.exceptions.ConnectionError:
            time.sleep(0.05)  # it is not up yet


def test_a_broker_whose_memory_is_full_costs_time_only(client, broker_url, outbox, caplog):
    port = free_port()
    broker_url(f"redis://127.0.0.1:{port}/0")
    with broker(port, "--maxmemory", "3mb", "--maxmemory-policy", "noeviction") as server:
        fill_up(server)
        assert ask(client).status_code == 302, "who signs up does not notice"
        assert "bell not heard" in caplog.text and "maxmemory" in caplog.text
        tick(clock.now())
        assert sent() == 1, "the next round needs no bell"
        press_confirm(client, link(Message.objects.get(), "confirm"))
        assert Subscription.objects.get().ended_at is None


def test_a_broker_emptied_and_then_restarted_with_nothing_costs_time_only(bells, tmp_path):
    environment, path = bells
    port = free_port()
    make_subscription(make_person(), frequency=Frequency.AS_IT_HAPPENS, now=MORNING)

    def happens(number: int) -> None:
        set_clock(path, MORNING + number * HOUR, 1)
        make_event(released_at=clock.now())

    with Worker(environment | {"HARK_BROKER_URL": f"redis://127.0.0.1:{port}/0"}, tmp_path / "logs") as worker:
        with broker(port) as server:
            happens(1)
            wait_until(lambda: sent() == 1, worker)
            happens(2)
            for _ in range(20):
                server.flushall()
                time.sleep(TICK_SECONDS / 10)
            wait_until(lambda: sent() == 2, worker)
            happens(3)
        with broker(port):
            wait_until(lambda: sent() == 3, worker)
    assert [digest.sections.count() for digest in Digest.objects.all()] == [1, 1, 1]
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3


def test_without_a_beat_for_three_hours_every_email_comes_late_and_once(bells, tmp_path):
    environment, path = bells
    for _ in range(5):
        make_subscription(make_person(), now=MORNING)
    make_event(released_at=MORNING)
    set_clock(path, MORNING - HOUR, 1)
    with Worker(environment, tmp_path / "logs") as worker:
        wait_until(lambda: Counter.current_seq() == 1, worker)
        worker.stop("beat")
        wait_until(no_bell, worker)
        set_clock(path, MORNING + 2 * HOUR, 1)
        time.sleep(4 * TICK_SECONDS)
        assert Digest.objects.count() == 0
        assert numbers(clock.now())["digest_late_seconds"] >= 7200

        worker.start("beat")
        wait_until(lambda: sent() == 5, worker)
        time.sleep(4 * TICK_SECONDS)
    assert set(Digest.objects.values_list("period_key", flat=True)) == {MORNING.date().isoformat()}
    assert (Digest.objects.count(), sent()) == (5, 5)
    assert set(Schedule.objects.values_list("next_due_at", flat=True)) == {MORNING + DAY}


def test_three_beats_and_two_workers_tell_everything_once(child_environment, tmp_path):
    environment = child_environment | {"HARK_TICK_SECONDS": "0.2", "HARK_LEASE_SECONDS": "30"}
    with (
        staged(environment, tmp_path, seed=3, days=10) as stage,
        Worker(stage.environment, tmp_path / "logs", beats=3, workers=2) as worker,
    ):
        play = Play(stage, lambda: [path.read_bytes() for path in (tmp_path / "outbox").glob("*.eml")])
        play.readers.join(6)
        worker.wait_for_children()
        set_clock(stage.clock_file, BEGIN, DAY.total_seconds() / 6)
        worker.tend_while(lambda: clock.now() < BEGIN + 2 * DAY)
        play.end()
        play.tell_the_rest(worker.tend)
        report = play.check()
    assert report.wrong == []
    assert report.hits_told == report.hits_expected >= 15
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}, "nobody claimed what another had"


@pytest.mark.django_db(transaction=False)
def test_after_two_days_of_nothing_at_all_one_late_email_tells_everything(settings, tmp_path):
    settings.EMAIL_BACKEND = "alerts.digests.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path / "outbox"
    with staged({}, tmp_path, seed=4, days=10) as stage:
        play = Play(stage, lambda: [path.read_bytes() for path in settings.OUTBOX.glob("*.eml")])
        play.readers.join(8)
        for hours in [*range(0, 25, 6), 72]:
            set_clock(stage.clock_file, BEGIN + hours * HOUR, 1)
            tick(clock.now())
        late = Digest.objects.filter(made_at__gte=BEGIN + 3 * DAY)
        daily = late.filter(frequency=Frequency.DAILY)
        assert daily.count() >= 3
        assert max(daily.values_list("sections__to_seq", flat=True)) >= 20
        kinds = {(digest.user_id, digest.frequency, digest.part) for digest in late}
        assert len(kinds) == late.count(), "one for the two days, not one for each"
        play.end()
        play.tell_the_rest(lambda: tick(clock.now()))
        report = play.check()
    assert report.wrong == []
    assert report.mails == report.messages
