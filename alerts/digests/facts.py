"""Facts: what a digest is made of, as frozen values. Pure."""

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.models.choices import Kind
from alerts.query import About, Document, Node
from alerts.query.about import NOTHING_KNOWN

Address = tuple[str, datetime.date | None]
"""A question's address in Parliament: its UIN and the day it was tabled; the UIN alone comes again each session."""

Reply = tuple[str, datetime.date, str]
"""An answer that may stand under several questions: the answering body, the day, its normalised words."""


@dataclass(frozen=True)
class Who:
    """A member as a reader knows them: name, party, seat."""

    name: str
    party: str = ""
    seat: str = ""

    def __str__(self) -> str:
        about = ", ".join(part for part in (self.party, self.seat) if part)
        return f"{self.name} ({about})" if about else self.name


@dataclass(frozen=True)
class Fact:
    """What one event says of one item: the event's frozen words, and the item's dates and partners.

    `url` is where a reader is sent: Hark's page of a question, a newsletter item at its source. `page` is Hark's own
    page of a newsletter item, `host` the machine it stands on elsewhere; `own_link` its address where no other text
    stands; `first_on` the day a revised one was published; `position` its place in its issue, 0 without one.
    """

    event_id: int
    item_id: int
    seq: int
    kind: str
    heading: str
    question: str
    answer: str
    text: str
    body: str
    asker: Who | None
    answerer: Who | None
    happened_on: datetime.date
    days_late: int
    address: Address
    due_on: datetime.date | None
    holding_on: datetime.date | None
    answered_on: datetime.date | None
    partners: frozenset[Address]
    url: str
    source: str
    before: str = ""
    page: str = ""
    own_link: str = ""
    host: str = ""
    first_on: datetime.date | None = None
    position: int = 0
    about: About = NOTHING_KNOWN

    def __hash__(self) -> int:
        """Short, since it is looked up often: of one event there are hardly ever two."""
        return hash(self.event_id)

    @functools.cached_property
    def from_parliament(self) -> bool:
        """Whether it is a written question, not an item of a newsletter."""
        return self.kind not in (Kind.PUBLISHED, Kind.REVISED)

    def document(self) -> Document:
        """The event as the language sees it."""
        return _document(self)


KEPT = 16_384
"""Of so many facts, results and their words what was worked out is kept by each process, for others who are told the
same. It is kept by all that it is made of, so that nothing that was changed or hidden comes back."""


@functools.lru_cache(maxsize=KEPT // 4)
def _document(fact: Fact) -> Document:
    """One document for all the digests of a round that tell this event: its analysis is kept with it."""
    zones = {"heading": fact.heading, "question": fact.question, "answer": fact.answer, "text": fact.text}
    return Document.from_zones(**zones, about=fact.about)


@dataclass(frozen=True)
class Partner:
    """A question answered together with one that matched, that did not match itself."""

    address: Address
    question: str


@dataclass(frozen=True)
class Told:
    """One section, by the id of its row: the alert as it was, its tree and its facts by `seq`.

    `too_many` is how many results a week the alert finds where that is too many to show more than their headings;
    `sent` names questions whose answer the same alert told before, `replies` these answers, and when;
    `shown` the items changed since, by id, of which an email of the same alert told the version before, and when.
    """

    title: str
    query: str
    tree: Node
    facts: tuple[Fact, ...]
    sent: Mapping[Address, datetime.date] = field(default_factory=dict)
    replies: Mapping[Reply, datetime.date] = field(default_factory=dict)
    shown: Mapping[int, datetime.date] = field(default_factory=dict)
    section: int = 0
    too_many: int = 0

    @functools.cached_property
    def items(self) -> frozenset[int]:
        """The ids of the items that its facts are about."""
        return frozenset(fact.item_id for fact in self.facts)
