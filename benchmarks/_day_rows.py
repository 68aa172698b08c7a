"""The rows a day begins with: people, their saved searches, ninety days of questions, and those that come in today."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection
from django.db.models import Model

from accounts.models import User
from alerts.matching.kept import kept
from alerts.models import Counter, Department, Event, Item, Member, Schedule, Source, Subscription, Topic
from alerts.models.choices import Frequency, House
from alerts.query import ANALYSIS_VERSION, Document, Node, canonical, topic_key
from benchmarks._topics import ANEW, Searches

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
DAYS = 90
ALERTS = 4
"""Saved searches of one person."""
AT_ONCE = 20
"""Of so many people one is told as it happens, all others once a day."""


def copied(model: type[Model], rows: Iterable[Mapping[str, object]]) -> None:
    """Put these rows into its table; what a row leaves out is the field's default. Constraints and triggers hold."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[field.attname] if field.attname in row else field.get_default() for field in fields])


def subscribe(known: Sequence[Document], subscriptions: int, seed: int, told_through: int | None = None) -> int:
    """People, topics and subscriptions, all told up to now or to a `seq`; returns how many topics. Tables are empty."""
    chosen = _chosen(subscriptions, seed)
    topics = max(chosen) if chosen else 0
    people = subscriptions // ALERTS + 1
    seq, last = Counter.current_seq(), Event.objects.order_by("id").values_list("id", flat=True).last() or 0
    copied(User, ({"password": "!", "email": f"reader{n}@example.org", "joined_at": NOW} for n in range(people)))
    copied(Schedule, (_schedule(person) for person in range(1, people + 1)))
    copied(Topic, topics_of(Searches(known, seed).distinct(topics), last))
    copied(Subscription, _subscriptions(chosen, people, seq if told_through is None else told_through))
    Counter.objects.update(topic_version=topics)
    return topics


def happen(documents: Sequence[Document], released: bool, days: int = DAYS) -> None:
    """An item and an event for each document of the last `days`: numbered, or held until it is let in today."""
    rows = _Around()
    for start in range(0, len(documents), 1_000):
        part = documents[start : start + 1_000]
        dates = [NOW - timedelta(days=days * (1 - (start + n) / len(documents))) for n in range(len(part))]
        items = Item.objects.bulk_create(
            rows.item(document, day, start + n, released)
            for n, (document, day) in enumerate(zip(part, dates, strict=True))
        )
        seq = Counter.current_seq()
        Event.objects.bulk_create(
            _event(item, document, day, seq + n if released else None)
            for n, (item, document, day) in enumerate(zip(items, part, dates, strict=True), start=1)
        )
        if released:
            Counter.objects.update(seq=seq + len(part), rung_through=seq + len(part))


def settle() -> None:
    """What the database does by itself in quieter hours."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _chosen(subscriptions: int, seed: int) -> list[int]:
    """The topic of each subscription: a new one, or that of a random earlier one, so that some are popular."""
    chance, chosen, topics = Random(seed), [], 0
    for _ in range(subscriptions):
        anew = not chosen or chance.random() < ANEW
        topics += anew
        chosen.append(topics if anew else chance.choice(chosen))
    return chosen


def _schedule(person: int) -> dict[str, object]:
    frequency = _frequency(person)
    due = None if frequency == Frequency.AS_IT_HAPPENS else NOW + timedelta(hours=22)
    return {"user_id": person, "frequency": frequency, "next_due_at": due}


def _frequency(person: int) -> str:
    return Frequency.DAILY if person % AT_ONCE else Frequency.AS_IT_HAPPENS


def topics_of(trees: Iterable[Node], last: int) -> Iterator[dict[str, object]]:
    filled = {
        "made_at": NOW - timedelta(days=DAYS),
        "filled_to": last,
        "filled_at": NOW,
        "analysis_version": ANALYSIS_VERSION,
    }
    for version, tree in enumerate(trees, start=1):
        yield {"key": topic_key(tree), "canonical": canonical(tree), "version": version, **filled}


def _subscriptions(chosen: Sequence[int], people: int, seq: int) -> Iterator[dict[str, object]]:
    """One after the other for each person; who has the topic already leaves it to the next."""
    had: set[tuple[int, int]] = set()
    for number, topic in enumerate(chosen):
        person = number % people
        while (person, topic) in had:
            person = (person + 1) % people
        had.add((person, topic))
        asked = {"user_id": person + 1, "topic_id": topic, "query": f"search {topic}"}
        yield {**asked, "frequency": _frequency(person + 1), "told_through": seq, "confirmed_at": NOW}


class _Around:
    """The rows around items: made when they are first met."""

    def __init__(self):
        self._source = Source.objects.get_or_create(
            kind=Source.Kind.WRITTEN_QUESTIONS,
            name="Written questions",
            defaults={"review": Source.Review.TRUSTED, "next_poll_at": NOW, "baseline_at": NOW},
        )[0]
        self._departments = {row.name: row for row in Department.objects.all()}
        self._members = {row.name: row for row in Member.objects.all()}

    def item(self, document: Document, day: datetime, number: int, released: bool) -> Item:
        """A question as the source would have given it."""
        about, zones = document.about, {zone.name: zone.text for zone in document.zones}
        return Item(
            source=self._source,
            external_key=f"{'past' if released else 'today'}-{number}",
            house=about.house.title() or House.COMMONS,
            department=self._department(about.departments),
            asking_member=self._member(about.asked, about.party),
            answering_member=self._member(about.answered),
            uin=str(number),
            tabled_on=day.date(),
            state="answered" if "answer" in zones else "tabled",
            first_seen_at=day,
            changed_at=day,
            **(zones | {"heading": zones.get("heading", "")[:500]}),
        )

    def _department(self, names: Sequence[str]) -> Department | None:
        if not names:
            return None
        if names[0] not in self._departments:
            number = len(self._departments) + 1
            self._departments[names[0]] = Department.objects.create(name=names[0], external_id=number)
        return self._departments[names[0]]

    def _member(self, name: str, party: Sequence[str] = ()) -> Member | None:
        if not name:
            return None
        if name not in self._members:
            called = dict(zip(("party", "party_abbreviation"), party, strict=False))
            number = len(self._members) + 1
            self._members[name] = Member.objects.create(name=name, external_id=number, **called)
        return self._members[name]


def _event(item: Item, document: Document, day: datetime, seq: int | None) -> Event:
    shared = ("heading", "question", "answer", "text", "house", "department", "asking_member", "answering_member")
    told = {"seq": seq, "released_at": day} if seq else {"held_for": Event.Held.REVIEW}
    values = {name: getattr(item, name) for name in shared}
    event = Event(item=item, kind=item.state, happened_on=day.date(), first_seen_at=day, **values, **told)
    for name, value in kept(event, document).items() if seq else ():
        setattr(event, name, value)
    return event
