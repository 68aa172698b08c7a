"""A fictional week in which newsletters and Parliament speak of the same things, told in one email."""

import uuid
from datetime import date

from alerts.digests.compose import compose_due
from alerts.models import Digest, Event, Issue, Item, Message, Schedule, Source
from tests.digests.told import MORNING, percolate
from tests.factories import (
    NOW,
    make_department,
    make_event,
    make_item,
    make_member,
    make_person,
    make_source,
    make_subscription,
)

GULL_POINT = """The old horn at Gull Point sounded again on Sunday, after four winters of silence.
Two hundred people stood on the cliff to hear it. The keepers, who have looked after foghorns on this coast since \
1911, repaired the diaphragm with copper from a brewery and say that it will last another century.
Volunteers are wanted for the other six foghorns of the district. Training is on Tuesdays in the boathouse."""
PETITION = """A petition to keep the harbour at Little Wick open through the winter has been signed by 4,000 people, \
which is more than live there. The council meets on the 19th. Yacht owners are asked to come early, because the \
hall is small."""
FOR_SALE = "Two foghorns for sale, nearly new. Ask at the boathouse on any Tuesday, and bring a cart."
TIDE_TABLES = """The tide tables for the spring are out, and for the first time they show at which hours foghorns are \
tested. The foghorn at the mouth of the harbour is tested at noon on the first Monday of the month. It can be heard \
for eleven miles, so please do not report it as a wreck."""
FRIDAY = MORNING.replace(day=6)


def read_digest(on_friday: str = Message.State.SENT) -> Digest:
    """The digest of the story: one reader, two alerts, everything at fixed addresses so that its links are too.

    `on_friday` is what became of the email of the week before.
    """
    reader = make_person("reader@example.org", uuid=uuid.UUID(int=1))
    alerts = [("Foghorns", "foghorns", {"wants_updated": True}), ("Small harbours", "harbour", {})]
    for position, (name, words, wanted) in enumerate(alerts):
        known = {"position": position, "uuid": uuid.UUID(int=10 + position), "last_told_at": MORNING}
        make_subscription(reader, words, name=name, **known, **wanted)
    Schedule.objects.update(next_due_at=FRIDAY, last_sent_at=FRIDAY)
    lamp_room = make_source(kind=Source.Kind.ISSUES, name="The Lamp Room")
    notes = make_source(kind=Source.Kind.FEED, name="Harbour Notes")
    tables = _told_on_friday(on_friday)
    percolate(
        *_of_parliament(), *_of_an_issue(lamp_room), *_in_two_feeds(lamp_room, notes), _changed(tables), _late(notes)
    )
    Schedule.objects.update(next_due_at=MORNING)
    compose_due(MORNING)
    Digest.objects.filter(made_at=MORNING).update(uuid=uuid.UUID(int=100))
    return Digest.objects.get(made_at=MORNING)


def newsletter_item(number: int, source: Source, heading: str, text: str, **fields) -> Item:
    """An item of a newsletter, at an address of its own where `fields` give none."""
    usual = {"url": f"https://lamproom.example/{number}", "state": "published", "uuid": uuid.UUID(int=1000 + number)}
    blank = {"question": "", "uin": "", "house": "", "tabled_on": None}
    return make_item(source, heading=heading, text=text, **(blank | usual | fields))


def published(item: Item, on: date, **fields) -> Event:
    """The item's appearance."""
    return make_event("published", item=item, happened_on=on, **fields)


def _of_parliament() -> list[Event]:
    ada = make_member("Ada Fenwick", party_abbreviation="Ind", member_from="Sandholm East")
    department = make_department("Department for Lighthouses")
    asked = [
        ("20101", "Foghorns: Repairs", "how many foghorns were repaired", "Of 41 foghorns 37 were repaired.", 10),
        ("20102", "Foghorns: Staff", "who tunes the foghorns", "Keepers of the first class.", 9),
        ("20103", "Harbours: Winter", "which harbours close in the winter", "None of them does.", 10),
    ]
    return [
        make_event(
            "answered",
            item=make_item(uin=uin, heading=heading, asking_member=ada, department=department, answer=answer,
                           answering_member=make_member("Sir Walter Kemp"), tabled_on=date(2026, 2, 26),
                           question=f"To ask the Secretary of State for Lighthouses, {words}."),
            happened_on=date(2026, 3, day),
        )
        for uin, heading, words, answer, day in asked
    ]  # fmt: skip


def make_issue(source: Source) -> Issue:
    """An issue of several items."""
    seen = {"first_seen_at": NOW, "changed_at": NOW}
    values = {"external_key": "12", "title": "The Lamp Room, March", "body_hash": "x", "confidence": 1}
    rule = Issue.Rule.NUMBERED_HEADINGS
    return Issue.objects.create(source=source, url="https://lamproom.example/12", rule=rule, **(values | seen))


def _of_an_issue(source: Source) -> list[Event]:
    """Two items of one issue, which has one address for both; the second has no title."""
    issue = make_issue(source)
    texts = [("Gull Point has its foghorn back", GULL_POINT), ("", FOR_SALE)]
    return [
        published(newsletter_item(number, source, title, text, issue=issue, position=number, url=""), date(2026, 3, 9))
        for number, (title, text) in enumerate(texts, start=1)
    ]


def _in_two_feeds(*sources: Source) -> list[Event]:
    url = "https://littlewick.example/petition"
    return [
        published(newsletter_item(3 + n, source, "Keep Little Wick open", PETITION, url=url), date(2026, 3, 8))
        for n, source in enumerate(sources)
    ]


def _told_on_friday(state: str) -> Item:
    """An item that came by mail and has no address on the web; `state` is that of the email that told it."""
    source = make_source(kind=Source.Kind.MAIL, name="The Keepers’ Letter")
    item = newsletter_item(5, source, "Tide tables for the spring", TIDE_TABLES, url="")
    percolate(published(item, date(2026, 3, 5)))
    compose_due(FRIDAY)
    Message.objects.update(state=state, settled_at=FRIDAY)
    return item


def _changed(item: Item) -> Event:
    text = TIDE_TABLES.replace("eleven miles", "nine miles")
    return make_event("revised", item=item, text=text, version="2", happened_on=date(2026, 3, 10))


def _late(source: Source) -> Event:
    item = newsletter_item(6, source, "The foghorns of 1911", "A history of foghorns in eleven parts.")
    return published(item, date(2026, 2, 1), days_late=38)
