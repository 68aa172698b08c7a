"""kill -9 of the worker at fifty random moments while the rehearsal plays: everything is told, in one digest each."""

import datetime
import os
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

import rehearsal
from alerts.models import Counter, Digest, Event, Message, Subscription
from alerts.models.choices import Frequency
from alerts.models.schedule import APART
from alerts.sources.poll import ensure_parliament
from alerts.tick import tick
from config import clock
from rehearsal.loading import load
from rehearsal.play import ScriptedWorld
from tests.faults import checker
from tests.faults.play import LONDON, Worker, set_clock, subscribe_readers

KILLS = int(os.environ.get("HARK_TEST_KILLS", "50"))
SEED = int(os.environ.get("HARK_TEST_SEED", "20260302"))
MONDAY = datetime.date(2026, 3, 2)
BEGIN = datetime.datetime(2026, 3, 2, 6, 30, tzinfo=LONDON)
END = datetime.datetime(2026, 3, 14, 8, 30, tzinfo=LONDON)
LAST_MORNING = datetime.datetime(2026, 3, 14, 7, 31, tzinfo=LONDON)
DAY_SECONDS = 10
MEAN_LIFE = 0.8
"""Seconds that a worker lives on average once it takes work."""

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def play(tmp_path, monkeypatch, settings, child_environment):
    """A Parliament that plays by the clock, polled once so that all from here on is news; readers; the environment."""
    path = tmp_path / "clock.json"
    set_clock(path, BEGIN, 1, END)
    monkeypatch.setenv("HARK_CLOCK", str(path))
    with rehearsal.serve(ScriptedWorld(load(), MONDAY)) as server:
        settings.PARLIAMENT_URL = server.url
        settings.FETCH_ALLOW = frozenset({server.url.removeprefix("http://")})
        settings.FETCH_RATE = 1000.0
        ensure_parliament(clock.now())
        tick(clock.now())
        subscribe_readers(clock.now())
        (tmp_path / "logs").mkdir()
        yield (
            path,
            child_environment
            | {
                "HARK_CLOCK": str(path),
                "HARK_INSTANCE": str(tmp_path),
                "HARK_PARLIAMENT_URL": server.url,
                "HARK_FETCH_ALLOW": server.url.removeprefix("http://"),
                "HARK_FETCH_RATE": "1000",
                "HARK_TICK_SECONDS": "0.5",
                "HARK_LEASE_SECONDS": "4",
                "HARK_UNCERTAIN_SECONDS": "2",
            },
        )


def tell_the_rest(worker: Worker, path: Path) -> None:
    """What came in after a morning's digests is told on the next one: let mornings pass until nothing is left."""
    for day in range(1, 6):
        morning = LAST_MORNING + datetime.timedelta(days=day)
        set_clock(path, morning, 1, morning)
        assert worker.wait_until_drained(morning, 60) == {}
        waiting = Subscription.objects.filter(told_through__lt=Counter.current_seq())
        if not waiting.exclude(frequency=Frequency.AS_IT_HAPPENS).exists():
            return
    pytest.fail("five mornings were not enough to tell the rest")


def test_fifty_kills_lose_nothing_and_double_nothing(play, tmp_path):
    path, environment = play
    chance = random.Random(SEED)
    with Worker(environment, tmp_path / "logs") as worker:
        worker.wait_for_children()
        set_clock(path, BEGIN, 86400 / DAY_SECONDS, END)
        for _ in range(KILLS):
            worker.wait_for_children()
            time.sleep(chance.uniform(0, 2 * MEAN_LIFE))
            worker.kill_everything() if chance.random() < 0.5 else worker.kill_a_child(chance)
        worker.tend_until(END)
        tell_the_rest(worker, path)

    mails = {file.stem: checker.read(file) for file in (tmp_path / "outbox").glob("*.eml")}
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert set(mails) == {str(uuid) for uuid in Message.objects.values_list("uuid", flat=True)}
    assert Digest.objects.count() == len(mails)
    for subscription in Subscription.objects.all():
        due = checker.due(subscription)
        assert len(due) >= 5, f"{subscription.query}: the play has too little of it to show anything"
        assert checker.told(subscription, mails) == dict.fromkeys(due, 1), subscription.query
        made = subscription.user.digests.filter(frequency=Frequency.AS_IT_HAPPENS).order_by("made_at")
        assert all(later - earlier >= APART for earlier, later in pairwise(made.values_list("made_at", flat=True)))


def test_the_checker_sees_what_is_missing_and_what_is_doubled(play, tmp_path):
    """The checker is held against a run without kills, then against the same run with a mail spoilt."""
    path, environment = play
    with Worker(environment, tmp_path / "logs") as worker:
        worker.wait_for_children()
        set_clock(path, BEGIN, 86400, END)
        worker.tend_until(END)
        tell_the_rest(worker, path)
    mails = {file.stem: checker.read(file) for file in (tmp_path / "outbox").glob("*.eml")}
    subscription = Subscription.objects.get(query="flooding")
    assert checker.told(subscription, mails) == dict.fromkeys(checker.due(subscription), 1)

    spoilt = {name: checker.Mail(name, "") for name in mails}
    with pytest.raises(AssertionError, match="does not show"):
        checker.told(subscription, spoilt)
    everything = " ".join(checker.asked(event) for event in Event.objects.all())
    doubled = {name: checker.Mail(name, mail.words + everything) for name, mail in mails.items()}
    with pytest.raises(AssertionError, match="not of its range"):
        checker.told(subscription, doubled)
