"""Real rows for the tests: plain functions that make what a test is about and whatever it needs around it."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction

from accounts.models import AddressChange, User
from alerts.matching.fill import fill
from alerts.models import Counter, Department, Event, Item, Member, Revision, Schedule, Source, Subscription, Topic
from alerts.models.choices import Frequency, House, Kind
from alerts.query import parse

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
"""A Tuesday morning in London, where nothing else is said."""

_number = count(1)
_ZONES = ("heading", "question", "answer", "text")
_WITH_AN_ANSWER = {Kind.HOLDING, Kind.ANSWERED, Kind.CORRECTED}
_OF_NEWSLETTERS = {Kind.PUBLISHED, Kind.REVISED}


def make_person(email: str | None = None, **fields) -> User:
    """A person with a confirmed address; `fields` are the User's."""
    return User.objects.create_user(email or f"reader{next(_number)}@example.org", **{"confirmed_at": NOW, **fields})


def move(person: User, address: str, now: datetime = NOW) -> AddressChange:
    """Have a person's address changed, as when both ends said yes."""
    number, former = next(_number), person.email
    change = AddressChange.objects.create(
        user=person,
        old_address=former,
        new_address=address,
        new_as_typed=address,
        old_link_hash=f"old {number}",
        new_link_hash=f"new {number}",
        asked_at=now,
        expires_at=now + timedelta(days=1),
        old_yes_at=now,
        new_yes_at=now,
        done_at=now,
    )
    person.email = person.email_as_typed = address
    person.save(update_fields=["email", "email_as_typed"])
    return change


def make_source(kind: str = Source.Kind.WRITTEN_QUESTIONS, **fields) -> Source:
    """A trusted source that is polled and past its first poll."""
    number = next(_number)
    values = {
        "name": f"Source {number}",
        "url": f"https://source{number}.example.org/",
        "review": Source.Review.TRUSTED,
        "next_poll_at": NOW,
        "baseline_at": NOW,
    }
    return Source.objects.create(kind=kind, **(values | fields))


def make_department(name: str = "Department for Lighthouses", **fields) -> Department:
    """The department called `name`; the same one the second time."""
    return Department.objects.get_or_create(name=name, defaults={"external_id": next(_number), **fields})[0]


def make_member(name: str = "Ada Fenwick", **fields) -> Member:
    """The member called `name`; the same one the second time."""
    return Member.objects.get_or_create(name=name, defaults={"external_id": next(_number), "list_as": name, **fields})[
        0
    ]


def make_item(source: Source | None = None, **fields) -> Item:
    """A written question just tabled, or what `fields` say."""
    number = next(_number)
    values = {
        "external_key": str(number),
        "uin": str(10000 + number),
        "url": f"https://questions.example.org/{number}",
        "house": House.COMMONS,
        "heading": "Foghorns: Repairs",
        "question": "To ask how many foghorns were repaired.",
        "tabled_on": NOW.date(),
        "state": Kind.TABLED,
        "first_seen_at": NOW,
        "changed_at": NOW,
    }
    return Item.objects.create(source=source or _usual_source(Source.Kind.WRITTEN_QUESTIONS), **(values | fields))


def make_event(kind: str = Kind.ANSWERED, *, item: Item | None = None, released: bool = True, **fields) -> Event:
    """One development, released and not percolated yet, of `item` or of a new one with the same text and names.

    `fields` are the Event's: heading, question, answer, text, baseline, happened_on, version, ... A newsletter's
    event (*published*, *revised*) puts its words into `text`. The item is brought up to date with it.
    """
    happened_on = fields.pop("happened_on", NOW.date())
    item = item or _item_of(kind, happened_on, fields)
    shared = [*_ZONES, "house", "department", "asking_member", "answering_member"]
    values = {name: getattr(item, name) for name in shared} | {"first_seen_at": NOW} | fields
    _bring_up_to_date(item, kind, happened_on, {name: values[name] for name in shared})
    return Event.objects.create(
        item=item,
        kind=kind,
        happened_on=happened_on,
        revision=_revise(item, kind),
        released_at=values.pop("released_at", NOW) if released else None,
        held_for="" if released else values.pop("held_for", Event.Held.REVIEW),
        **values,
    )


def make_topic(words: str = "foghorns", now: datetime = NOW) -> Topic:
    """The topic of `words`, matched from now on, its past not searched yet."""
    with transaction.atomic():
        return Topic.objects.opened(parse(words).tree, now)


def make_subscription(
    person: User | None = None, words: str = "foghorns", *, now: datetime = NOW, **fields
) -> Subscription:
    """A confirmed subscription as confirmation makes it: topic opened, told through the current `seq`, scheduled.

    The topic's past is searched; `fields` are the Subscription's. The schedule of its frequency is due at `now`.
    """
    person = person or make_person()
    with transaction.atomic():
        User.objects.locked(person.pk)
        topic = make_topic(words, now)
        values = {"told_through": Counter.current_seq(), "confirmed_at": now, "query": words}
        subscription = Subscription.objects.create(user=person, topic=topic, **(values | fields))
        make_schedule(person, subscription.frequency, now)
    fill(now)
    subscription.topic.refresh_from_db()
    return subscription


def make_schedule(person: User, frequency: str = Frequency.DAILY, now: datetime = NOW, **fields) -> Schedule:
    """The person's schedule of this frequency, due at `now`; the one that is there already stays as it is."""
    due = None if frequency == Frequency.AS_IT_HAPPENS else now
    return Schedule.objects.get_or_create(user=person, frequency=frequency, defaults={"next_due_at": due, **fields})[0]


def _usual_source(kind: str) -> Source:
    return Source.objects.filter(kind=kind).order_by("id").first() or make_source(kind)


def _item_of(kind: str, happened_on: date, fields: dict) -> Item:
    if kind in _OF_NEWSLETTERS:
        blank = {"question": "", "uin": "", "house": "", "tabled_on": None}
        return make_item(_usual_source(Source.Kind.FEED), state=kind, text="The foghorns are back.", **blank)
    given = {name: fields[name] for name in _ZONES if name in fields}
    if kind in _WITH_AN_ANSWER:
        given = {"answer": "Four foghorns were repaired."} | given
    return make_item(tabled_on=happened_on, **given)


def _bring_up_to_date(item: Item, kind: str, happened_on: date, values: dict) -> None:
    day = {"holding": "holding_on", "answered": "answered_on", "corrected": "corrected_on"}.get(kind)
    if day:
        setattr(item, day, happened_on)
    for name, value in values.items():
        setattr(item, name, value)
    item.state = kind
    item.save()


def _revise(item: Item, kind: str) -> Revision:
    number = item.revisions.count() + 1
    return Revision.objects.create(
        item=item,
        number=number,
        at=NOW,
        state=kind,
        heading=item.heading,
        question=item.question,
        answer_html=f"<p>{item.answer}</p>" if item.answer else "",
        text_html=f"<p>{item.text}</p>" if item.text else "",
        department=item.department,
        content_hash=f"{item.pk}-{number}",
    )
