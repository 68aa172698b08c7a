"""The captured nights played through the rehearsal server: the client's events are those that the rules count."""

import random
import subprocess
import sys
import urllib.request
from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from alerts.models import Event, Item, Source
from alerts.sources.poll import ensure_parliament, poll
from rehearsal import NightsWorld
from tests.replay import count
from tests.shared_data import shared
from tests.sources.killing import killed_at

ROOT = Path(__file__).resolve().parents[2]
SEED = 20241030
ANALYSED = {1, 3, 9, 27}
"""Before these nights the planner is told how the tables have grown; in service autovacuum does, over days."""


@contextmanager
def played(nights: Path, details: Path):
    """A rehearsal server in a process of its own; gives its address."""
    command = [sys.executable, "-m", "rehearsal", "--nights", str(nights), "--details", str(details)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().split("listens on ")[1].split()[0]
        finally:
            server.terminate()


def set_time(url: str, night: datetime) -> None:
    request = urllib.request.Request(f"{url}/rehearsal/now", night.isoformat().encode(), method="POST")
    urllib.request.urlopen(request, timeout=10).close()


def work(night: datetime) -> None:
    """Polls until nothing is left to do."""
    while True:
        summary = poll(night)
        assert summary.troubles == []
        if not summary.unfinished:
            return


def events() -> Counter:
    """What the client made, as the counter writes it."""
    rows = Event.objects.values_list("item__external_key", "kind", "version", "baseline")
    return Counter(count.Event(int(key), *rest) for key, *rest in rows.iterator())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.shared_data
def test_the_nights_give_exactly_the_events_of_the_rules_killed_and_polled_twice(settings):
    """Each night's poll is killed at a random statement, goes on, and is followed by a second poll."""
    folder, details = shared("written-questions/nights"), shared("written-questions/details")
    settings.FETCH_RATE = 1e9
    dice, statements = random.Random(SEED), 200
    nights = NightsWorld(folder).times
    with played(folder, details) as url:
        settings.PARLIAMENT_URL = url
        settings.FETCH_ALLOW = frozenset({url.removeprefix("http://")})
        ensure_parliament(nights[0])
        for number, night in enumerate(nights):
            if number in ANALYSED:
                connection.cursor().execute("ANALYZE")
            set_time(url, night)
            Source.objects.update(next_poll_at=night)
            with killed_at(dice.randrange(1, statements)) as trigger:
                work(night)
            statements = max(200, trigger.statements)
            work(night)
            made = Event.objects.count()
            Source.objects.update(next_poll_at=night)
            work(night)
            assert Event.objects.count() == made, f"the second poll of {night} made events"
    assert events() == count.count(folder)
    assert not Item.objects.filter(detail_due=True).exists()
    assert not Event.objects.filter(released_at=None).exists()
