"""What the database itself refuses about items and events, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from alerts.models import Event
from tests.factories import NOW, make_department, make_event, make_item, make_member, make_source

pytestmark = pytest.mark.django_db

OTHERWISE = {
    "kind": "holding",
    "version": "again-1",
    "heading": "Sirens",
    "question": "Why?",
    "answer": "Because.",
    "text": "News.",
    "house": "Lords",
    "happened_on": NOW.date().replace(day=1),
    "baseline": True,
    "released_at": NOW.replace(hour=23),
}


def change(event: Event, **fields) -> None:
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**fields)


@pytest.mark.parametrize("field", OTHERWISE)
def test_a_released_event_is_frozen(field):
    event = make_event()
    with pytest.raises(DatabaseError, match="is released: its text is frozen"):
        change(event, **{field: OTHERWISE[field]})


@pytest.mark.parametrize("field", ["item", "department", "asking_member", "answering_member"])
def test_a_released_event_keeps_its_item_and_its_names(field):
    makers = {"item": make_item, "department": make_department}
    event = make_event()
    with pytest.raises(DatabaseError, match="is released: its text is frozen"):
        change(event, **{field: makers.get(field, make_member)()})


def test_a_released_event_is_not_taken_back():
    with pytest.raises(DatabaseError, match="is released"):
        change(make_event(), released_at=None)


def test_a_held_event_may_still_be_changed_and_then_released():
    event = make_event(released=False)
    change(event, heading="Sirens")
    change(event, heading="Bells", released_at=NOW)
    event.refresh_from_db()
    assert (event.heading, event.released_at) == ("Bells", NOW)


@pytest.mark.parametrize("seq", [None, 2])
def test_a_seq_once_given_stays(seq):
    event = make_event()
    change(event, seq=1)
    with pytest.raises(DatabaseError, match="already has its seq"):
        change(event, seq=seq)


def test_a_held_event_gets_no_seq():
    with pytest.raises(IntegrityError, match="event_released_before_seq"):
        change(make_event(released=False), seq=1)


def test_a_seq_is_given_once():
    change(make_event(), seq=1)
    with pytest.raises(IntegrityError, match="event_seq_once"):
        change(make_event(), seq=1)


@pytest.mark.parametrize(("baseline", "seq"), [(True, 1), (False, 0), (False, -1)])
def test_baseline_events_have_seq_0_and_no_others_do(baseline, seq):
    with pytest.raises(IntegrityError, match="event_baseline_is_seq_0"):
        change(make_event(baseline=baseline), seq=seq)


def test_any_number_of_baseline_events_share_seq_0():
    for _ in range(2):
        change(make_event(baseline=True), seq=0)
    assert Event.objects.filter(seq=0).count() == 2


def test_a_development_happens_once():
    event = make_event("answered")
    with pytest.raises(IntegrityError, match="event_happens_once"):
        make_event("answered", item=event.item)


def test_an_item_has_one_identity_at_its_source():
    item = make_item()
    make_item(make_source(), external_key=item.external_key)
    with pytest.raises(IntegrityError, match="item_one_per_external_key"):
        make_item(item.source, external_key=item.external_key)


def test_a_revision_has_one_number():
    revision = make_event().revision
    with pytest.raises(IntegrityError, match="revision_numbered_once"):
        revision.item.revisions.create(number=revision.number, at=NOW, state="answered", content_hash="x")


def test_an_event_that_is_not_released_says_why_it_waits():
    with pytest.raises(IntegrityError, match="event_waits_for_a_reason"):
        change(make_event(released=False), held_for="")


def test_an_event_is_released_or_rejected_but_not_both():
    event = make_event(released=False)
    change(event, rejected_at=NOW)
    with pytest.raises(IntegrityError, match="event_released_or_rejected"):
        change(event, released_at=NOW)


def test_only_what_is_neither_released_nor_rejected_waits_for_a_moderator():
    waiting, rejected = make_event("published", released=False), make_event("published", released=False)
    make_event("published")
    change(rejected, rejected_at=NOW)
    assert list(Event.objects.waiting()) == [waiting]
