"""A fictional catch-up in the shape of the mock-up: ten questions, five answers, a newsletter's item, four alerts."""

import uuid
from datetime import timedelta

from alerts.digests.compose import compose_due
from alerts.digests.samples.story import ALERTS, BELL, BELL_HEADING, BELL_ON, NEWSLETTER, REPLIES
from alerts.digests.samples.values import MEMBERS
from alerts.models import Digest, Event, Member, Schedule, Source, Subscription
from alerts.models.choices import Away, House
from tests.digests.lamp_room import newsletter_item, published
from tests.digests.told import MORNING, percolate
from tests.factories import (
    make_department,
    make_event,
    make_item,
    make_member,
    make_person,
    make_source,
    make_subscription,
)


def read_digest() -> Digest:
    """The digest of the story: one reader back from a holiday, everything at fixed addresses."""
    reader = make_person("reader@example.org", uuid=uuid.UUID(int=1))
    confirmed = MORNING - timedelta(days=70)
    for position, (name, words) in enumerate(ALERTS.items()):
        known = {"position": position, "uuid": uuid.UUID(int=10 + position), "last_told_at": confirmed}
        make_subscription(reader, words, name=name, now=confirmed, **known)
    Subscription.objects.update(away_since=MORNING - timedelta(days=14), away_for=Away.HOLIDAY)
    Schedule.objects.update(next_due_at=MORNING, last_sent_at=MORNING - timedelta(days=15))
    percolate(*_questions(), _item())
    compose_due(MORNING)
    Digest.objects.update(uuid=uuid.UUID(int=100))
    return Digest.objects.get()


def _questions() -> list[Event]:
    return [
        make_event(
            "answered",
            item=make_item(
                uin=reply.uin(number),
                tabled_on=reply.on - timedelta(days=7),
                house=House.LORDS if reply.lords else House.COMMONS,
                heading=reply.heading,
                question=reply.question(number),
                answer=reply.answer,
                asking_member=_asker(reply.asker),
                answering_member=make_member("Lord Hale" if reply.lords else "Sir Walter Kemp"),
                department=make_department("Department for Lighthouses"),
            ),
            happened_on=reply.on,
        )
        for reply in REPLIES
        for number in range(1, len(reply.asked) + 1)
    ]


def _asker(name: str) -> Member:
    who = MEMBERS[name]
    house = House.LORDS if who.seat == "Lords" else House.COMMONS
    return make_member(name, party_abbreviation=who.party, member_from=who.seat, house=house)


def _item() -> Event:
    source = make_source(Source.Kind.ISSUES, name=NEWSLETTER)
    return published(newsletter_item(1, source, BELL_HEADING, BELL), BELL_ON)
