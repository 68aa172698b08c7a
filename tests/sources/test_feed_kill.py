"""A poll of feeds killed between any two statements goes on later and ends where it would have ended anyway."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from alerts.models import Event, Host, Item, Revision, Source
from tests.sources.feed_stories import DAY, HOUR, feed, post, stage
from tests.sources.killing import killed_at
from tests.sources.stories import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(settings):
    """Two feeds on one host, polled once, where a day then brings a new item, an edit and a first poll."""
    with stage(settings) as play:
        play.follow(shown=feed(post(1, MONDAY - DAY), post(2, MONDAY - DAY)))
        play.poll()
        edited = "<p>The lamp went out, the otters woke, and nobody slept until the keeper had come home from town.</p>"
        renamed = replace(post(1, MONDAY - DAY), guid="another")
        play.show(feed(renamed, replace(post(2, MONDAY - DAY), html=edited), post(3)))
        play.follow("others", feed(post(2, MONDAY - DAY), post(7)))
        play.tick(DAY)
        Source.objects.update(next_poll_at=play.now)
        yield play


def state_of_things():
    """Everything a reader or a later poll could notice."""
    settled = ("name", "etag", "last_modified", "body_hash", "fail_count", "baseline_at", "last_error")
    return {
        "events": sorted(Event.objects.values_list("item__source__name", "heading", "kind", "version", "baseline")),
        "items": sorted(Item.objects.values_list("source__name", "external_key", "heading", "text", "state")),
        "revisions": sorted(Revision.objects.values_list("item__external_key", "number", "content_hash")),
        "sources": sorted(Source.objects.filter(kind="feed").values_list(*settled)),
        "hosts": Host.objects.count(),
    }


def until_all_is_read(play):
    """Polls at the same moment until nothing is due: a host that was asked just before the kill rests a moment."""
    for _ in range(20):
        play.work()
        if not Source.objects.filter(paused_at=None, next_poll_at__lte=play.now).exists():
            return
    raise AssertionError("it never ends")


@pytest.mark.slow
def test_a_poll_killed_at_any_statement_stores_each_entry_once(two):
    began, tick = two.now, two.tick
    # Every continuation takes place at the same moment, so that all ends can be compared.
    two.tick = lambda after: None
    two.now = began + timedelta(seconds=1)
    with transaction.atomic():
        with killed_at(None) as undisturbed:
            two.work()
        expected = state_of_things()
        transaction.set_rollback(True)
    assert undisturbed.statements > 40
    assert [kind for _, _, kind, *_ in expected["events"]].count("revised") == 1
    assert len(expected["items"]) == 5
    for statement in range(1, undisturbed.statements + 1):
        with transaction.atomic():
            with killed_at(statement):
                two.work()
            two.server.requests.clear()
            Host.objects.update(next_at=began)
            until_all_is_read(two)
            assert state_of_things() == expected, f"killed at statement {statement}"
            transaction.set_rollback(True)
    two.tick = tick
    two.poll(HOUR)
    assert state_of_things()["items"] == expected["items"]
