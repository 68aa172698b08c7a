"""A poll killed between any two statements goes on later and ends where it would have ended anyway (#36)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from alerts.models import Cursor, Event, Item, PollRun, Revision, Source
from alerts.sources.lease import lease
from alerts.sources.poll import attempt, poll, read_questions
from alerts.sources.rounds import Round
from tests.sources.killing import killed_at
from tests.sources.stories import (
    DAY,
    LONG_QUESTION,
    THAT_DAY,
    answered,
    parliament,
    record,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(settings):
    """A Parliament where a day brings something of everything."""
    waiting, vanishing, held = record(2000001), record(2000002), record(2000003)
    with parliament(settings) as stage:
        stage.world.put(waiting, vanishing, held)
        stage.poll(timedelta(hours=1))
        stage.world.remove(vanishing.id)
        stage.poll(DAY)
        pair = [record(2000004), record(2000005)]
        first, second = pair
        stage.world.put(
            answered(waiting, THAT_DAY + DAY),
            held.held(THAT_DAY + DAY, "<p>Soon.</p>", by=990002),
            answered(first, THAT_DAY + DAY, grouped=(second.partner,)),
            answered(second, THAT_DAY + DAY, grouped=(first.partner,)),
            record(2000006, question_text=LONG_QUESTION),
        )
        stage.tick(DAY)
        Source.objects.update(next_poll_at=stage.now)
        yield stage


def state_of_things():
    """Everything a reader or a later poll could notice."""
    events = Event.objects.values_list("item__uin", "kind", "version", "baseline", "answer", "question", "cut")
    items = Item.objects.values_list("uin", "state", "question", "answer", "detail_due", "due_kinds", "list_hash")
    return {
        "events": sorted(events),
        "items": sorted(items, key=lambda item: item[0]),
        "revisions": sorted(Revision.objects.values_list("item__uin", "number", "content_hash")),
        "cursors": sorted(Cursor.objects.values_list("pass_name", "last_complete_on")),
        "open": PollRun.objects.filter(finished_at=None).count(),
    }


@pytest.mark.slow
def test_a_poll_killed_at_any_statement_loses_nothing_and_doubles_nothing(stage):
    with transaction.atomic():
        with killed_at(None) as undisturbed:
            stage.work()
        expected = state_of_things()
        transaction.set_rollback(True)
    assert undisturbed.statements > 80
    assert [kind for _, kind, *_ in expected["events"]].count("withdrawn") == 1
    for statement in range(1, undisturbed.statements + 1):
        with transaction.atomic():
            with killed_at(statement):
                stage.work()
            stage.work()
            assert state_of_things() == expected, f"killed at statement {statement}"
            transaction.set_rollback(True)


def test_a_dead_process_holds_its_source_only_until_the_lease_ends(stage):
    held_until = Now() + timedelta(seconds=200)
    Source.objects.update(claim_token="6f9a2a4e-7a10-4a52-8d3c-1d1c0b6b0c11", lease_until=held_until)
    assert poll(stage.now).pages == 0
    Source.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert poll(stage.now).pages > 0
    assert stage.read().claim_token is None


def test_two_polls_at_once_are_one(stage):
    with lease(stage.source.pk) as ours:
        assert ours is not None
        assert poll(stage.now).pages == 0
    assert poll(stage.now).pages > 0


def test_a_step_that_was_overtaken_stores_nothing(stage):
    before, round = state_of_things(), Round(stage.now, 10)
    with lease(stage.source.pk) as ours:
        Source.objects.update(claim_token="6f9a2a4e-7a10-4a52-8d3c-1d1c0b6b0c11")
        attempt(ours, round, read_questions)
    after = state_of_things()
    assert (after["events"], after["items"]) == (before["events"], before["items"])
    assert round.summary.troubles == []
    assert stage.read().fail_count == 0
