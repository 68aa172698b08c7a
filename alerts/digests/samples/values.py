"""What the samples of emails are made of, as values: people, facts, alerts. Nothing here is a row, and none is read."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.conf import settings

from accounts.models import User
from alerts.digests.arrange import place
from alerts.digests.facts import Address, Fact, Partner, Reply, Told, Who
from alerts.digests.mail import Letter
from alerts.digests.notes import notes
from alerts.digests.render import write
from alerts.models import Digest, Section, Source, Subscription
from alerts.models.choices import Frequency, House, Kind
from alerts.query import About, parse

MORNING = datetime(2026, 3, 11, 7, 30, tzinfo=UTC)
"""The Wednesday on which all samples are made; links in them have long expired and name nobody."""
LIGHTHOUSES = "Department for Lighthouses"
MEMBERS = {
    "Ada Fenwick": Who("Ada Fenwick", "Ind", "Sandholm East"),
    "Tom Perrin": Who("Tom Perrin", "Coast", "Wickby"),
    "Baroness Orme": Who("Baroness Orme", "Ind", "Lords"),
}
_number = count(1)


@dataclass(frozen=True)
class Alert:
    """One alert of the reader's and what it found; the rest as for `Told` and `Section`."""

    title: str
    query: str
    facts: Sequence[Fact]
    first: bool = False
    away_for: str = ""
    left_behind: bool = False
    too_many: int = 0
    sent: Mapping[Address, date] = field(default_factory=dict)
    replies: Mapping[Reply, date] = field(default_factory=dict)
    shown: Mapping[int, date] = field(default_factory=dict)


def reader() -> User:
    """The reader of all samples."""
    return User(uuid=uuid.UUID(int=1), email="reader@example.org", email_as_typed="reader@example.org")


def question(heading: str, asked: str, answer: str = "", on: date = date(2026, 3, 10), **fields: object) -> Fact:
    """One development of a written question, answered where nothing else is said; `fields` are the Fact's."""
    number = next(_number)
    kind, house = fields.pop("kind", Kind.ANSWERED), fields.pop("house", House.COMMONS)
    uin, tabled = fields.pop("uin", f"{20_000 + number}"), on - timedelta(days=7)
    usual = {
        "event_id": number,
        "item_id": number,
        "seq": number,
        "text": "",
        "body": LIGHTHOUSES,
        "asker": MEMBERS["Ada Fenwick"],
        "answerer": Who("Lord Hale" if house == House.LORDS else "Sir Walter Kemp"),
        "days_late": 0,
        "due_on": None,
        "holding_on": None,
        "answered_on": on,
        "partners": frozenset(),
        "source": "Written questions",
        "address": (uin, tabled),
        "url": f"{settings.SITE_URL}/q/{tabled}/{uin}",
        "about": About(type="question", house=house, status=kind),
    }
    own = {"kind": kind, "heading": heading, "question": asked, "answer": answer, "happened_on": on}
    return Fact(**(usual | own | fields))


def item(heading: str, text: str, on: date = date(2026, 3, 9), **fields: object) -> Fact:
    """One item of a newsletter, published where nothing else is said."""
    ident = uuid.UUID(int=1000)
    link = fields.pop("own_link", "https://lamproom.example/1")
    page = f"{settings.SITE_URL}/i/{ident}"
    about = About(type="newsletter", source="The Lamp Room")
    blank = {"kind": Kind.PUBLISHED, "body": "", "asker": None, "answerer": None, "source": "The Lamp Room"}
    more = {"url": link or page, "own_link": link, "host": "lamproom.example" if link else "", "page": page}
    return question(
        heading, "", "", on, **(blank | more | {"text": text, "address": ("", None), "about": about} | fields)
    )


def together(facts: Iterable[Fact]) -> list[Fact]:
    """The questions, as Parliament says that they were answered together."""
    facts = list(facts)
    known = frozenset(fact.address for fact in facts)
    return [replace(fact, partners=known - {fact.address}) for fact in facts]


def digest_letter(
    *alerts: Alert,
    frequency: str = Frequency.DAILY,
    one_of_several: bool = False,
    late_by: timedelta = timedelta(),
    troubled: Iterable[Source] = (),
    noted: Iterable[str] = (),
    partners: Mapping[Address, Partner] | None = None,
) -> Letter:
    """The email of a digest of these alerts, by the composer and the renderer of all emails."""
    digest = Digest(
        uuid=uuid.UUID(int=100),
        user=reader(),
        frequency=frequency,
        part="1" if one_of_several else "",
        made_at=MORNING,
        due_at=MORNING - late_by,
    )
    sections = [_section(digest, number, alert) for number, alert in enumerate(alerts, start=1)]
    told = [_told(alert) for alert in alerts]
    found = [*notes(digest, sections, troubled), *noted]
    return write(digest, sections, place(told, partners or {}), found, "0" * 32, MORNING)


def _section(digest: Digest, number: int, alert: Alert) -> Section:
    whose = Subscription(uuid=uuid.UUID(int=9 + number), user=digest.user, confirmed_at=MORNING - timedelta(days=70))
    known = {"first": alert.first, "away_for": alert.away_for, "left_behind": alert.left_behind}
    return Section(digest=digest, subscription=whose, position=number, query=alert.query, name=alert.title, **known)


def _told(alert: Alert) -> Told:
    """Without the id of a section, so that no link of a sample is about a row there is."""
    before = {"sent": alert.sent, "replies": alert.replies, "shown": alert.shown}
    tree, facts = parse(alert.query).tree, tuple(alert.facts)
    return Told(alert.title or alert.query, alert.query, tree, facts, too_many=alert.too_many, **before)
