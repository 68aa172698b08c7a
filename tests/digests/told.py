"""Steps that the digest tests share: make news, and read what was told."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from alerts.digests.compose import compose_due
from alerts.digests.listen import listen
from alerts.digests.sections import hits
from alerts.models import Counter, DeliveryEvent, Digest, Event, Hit, Message, Section, Topic
from alerts.query import matches, parse
from tests.factories import make_event, make_person, make_subscription

MORNING = datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
"""Wednesday the 11th, half past seven in London: when the usual person's daily email is due."""


def percolate(*events: Event) -> None:
    """Number these events and insert their hits, by the slow and obvious evaluator."""
    with transaction.atomic():
        counter = Counter.locked()
        for event in events:
            counter.seq += 0 if event.baseline else 1
            event.seq = 0 if event.baseline else counter.seq
            event.save(update_fields=["seq"])
            for topic in Topic.objects.matched():
                if matches(parse(topic.canonical).tree, event.document):
                    Hit.objects.create(topic=topic, event=event, seq=event.seq)
        counter.save()


def happen(kind: str = "answered", **fields) -> Event:
    """An event that is released, numbered and matched."""
    event = make_event(kind, **fields)
    percolate(event)
    return event


def told(digest: Digest) -> list[tuple[str, list[str]]]:
    """(alert, headings told) for each section of a digest, in order."""
    return [(section.title, headings(section)) for section in digest.sections.order_by("position")]


def headings(section: Section) -> list[str]:
    """The headings that a section tells, in order."""
    return [Event.objects.get(pk=hit.event_id).heading for hit in hits([section])[section.pk]]


def waiting_digest(email: str | None = None, words: str = "foghorns", **fields) -> Message:
    """A composed digest's message for a person, waiting to be delivered; it tells one answer on foghorns."""
    subscription = make_subscription(make_person(email), words, now=MORNING, **fields)
    happen(heading="Foghorns: Repairs")
    compose_due(MORNING)
    return Message.objects.get(digest__user=subscription.user)


def heard(message: Message, event_type: str, at: datetime = MORNING, bounce: str = "") -> None:
    """The provider reports this of a message, and it is listened to."""
    values = {"esp": "Postmark", "event_type": event_type, "bounce": bounce, "happened_at": at, "received_at": at}
    DeliveryEvent.objects.create(message=message, dedup_key=f"{DeliveryEvent.objects.count()}", **values)
    listen(at)


def lapse(message: Message) -> None:
    """Let the message's lease be over, as after a crash."""
    Message.objects.filter(pk=message.pk).update(lease_until=MORNING - timedelta(days=400))
