"""Gathering: the facts of digests read from the rows; nothing after this asks the database for them.

However many digests are gathered, it takes the same number of queries.
"""

import datetime
import functools
import operator
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Q

from alerts.digests import busy, links, visible
from alerts.digests.earlier import Earlier, earlier
from alerts.digests.facts import KEPT, Address, Fact, Partner, Told, Who
from alerts.digests.visible import Shown
from alerts.models import Digest, Event, Item, Section
from alerts.models.choices import House, Kind
from alerts.models.original import own_link
from alerts.query import Node, QueryError, canonical, parse

Known = dict[int, Fact]
"""Facts read already in this round, by event. Whether they may be shown is asked anew for each digest."""
MOST_KNOWN = 5_000

_OF_EVENT = ("kind", "heading", "question", "answer", "text", "house", "happened_on", "days_late", "seq")
_OF_ITEM = (
    "uuid",
    "url",
    "uin",
    "heading",
    "tabled_on",
    "due_on",
    "holding_on",
    "answered_on",
    "grouped_with",
    "position",
)
_READ = (
    *_OF_EVENT,
    *(f"item__{name}" for name in _OF_ITEM),
    *("item__source__name", "item__issue__url", "item__issue__rule"),
    *("department", "asking_member", "answering_member"),
)
"""The columns a fact is made of: an item's own texts and an event's features would be as much again."""


@dataclass(frozen=True)
class Gathered:
    """What a digest is made of: what may be shown, as rows and as values, and what was answered together with it."""

    shown: Shown
    told: list[Told]
    partners: Mapping[Address, Partner]


def gathered(digests: Iterable[Digest], known: Known, ended_too: bool = False) -> dict[int, Gathered]:
    """What each of these digests is made of now, by its id; the facts read for it are added to `known`."""
    shown = visible.sections_of(digests, ended_too)
    facts = _facts({hit.event_id for of in shown.values() for _, hits in of for hit in hits}, known)
    sections = [(section, tuple(facts[hit.event_id] for hit in hits)) for of in shown.values() for section, hits in of]
    before, too_many = earlier(sections), busy.a_week(sections)
    told: dict[int, list[Told]] = {digest: [] for digest in shown}
    for section, found in sections:
        told[section.digest_id].append(_told(section, found, before[section.pk], too_many.get(section.pk, 0)))
    beside = _partners(facts.values())
    return {digest: Gathered(of, told[digest], _missing(beside, told[digest])) for digest, of in shown.items()}


def _told(section: Section, facts: tuple[Fact, ...], known: Earlier, too_many: int) -> Told:
    before = (known.sent, known.replies, known.shown)
    return Told(section.title, section.query, _tree(section), facts, *before, section.pk, too_many)


def _tree(section: Section) -> Node:
    """The tree of the words as typed, whose order a reader knows; the topic's where the two no longer agree."""
    return _tree_of(section.query, section.topic.canonical)


@functools.lru_cache(maxsize=KEPT)
def _tree_of(typed: str, agreed: str) -> Node:
    with suppress(QueryError):
        tree = parse(typed).tree
        if canonical(tree) == agreed:
            return tree
    return parse(agreed).tree


def _partners(facts: Iterable[Fact]) -> dict[Address, Partner]:
    """The questions answered together with these, hidden ones left out."""
    addresses = {address for fact in facts for address in fact.partners}
    if not addresses:
        return {}
    either = functools.reduce(operator.or_, (Q(uin=uin, tabled_on=day) for uin, day in addresses))
    items = Item.objects.filter(either, hidden_at__isnull=True).exclude(question="").order_by("id")
    found = items.values_list("uin", "tabled_on", "question")
    return {(uin, day): Partner((uin, day), question) for uin, day, question in found}


def _missing(partners: Mapping[Address, Partner], told: Iterable[Told]) -> dict[Address, Partner]:
    """Those of the partners that do not stand in these sections themselves."""
    if not partners:
        return {}
    facts = [fact for section in told for fact in section.facts]
    missing = {address for fact in facts for address in fact.partners} - {fact.address for fact in facts}
    return {address: partners[address] for address in missing if address in partners}


def _facts(ids: set[int], known: Known) -> dict[int, Fact]:
    """The facts of these events: what is known of them, the others read."""
    if len(known) > MOST_KNOWN:
        known.clear()
    unknown = Event.objects.filter(pk__in=ids - known.keys()).select_related("item__source", "item__issue")
    events = list(unknown.only(*_READ).prefetch_related("department__names", "asking_member", "answering_member"))
    before, published = _texts_before(events), _first_published(events)
    known.update((event.pk, _fact(event, before, published)) for event in events)
    return {event: known[event] for event in ids}


def _texts_before(events: Iterable[Event]) -> dict[int, str]:
    """For each corrected event: the answer as it stood before."""
    corrected = [event for event in events if event.kind == Kind.CORRECTED]
    earlier = Event.objects.filter(
        item__in={event.item_id for event in corrected}, kind__in=(Kind.ANSWERED, Kind.CORRECTED)
    ).order_by("pk")
    answers = [(event.item_id, event.pk, event.answer) for event in earlier]
    return {
        event.pk: next((text for item, pk, text in reversed(answers) if item == event.item_id and pk < event.pk), "")
        for event in corrected
    }


def _first_published(events: Iterable[Event]) -> dict[int, datetime.date]:
    """For each item of a newsletter among these that was revised: the day it was published."""
    revised = {event.item_id for event in events if event.kind == Kind.REVISED}
    first = Event.objects.filter(item__in=revised, kind=Kind.PUBLISHED, released_at__isnull=False) if revised else ()
    return {event.item_id: event.happened_on for event in first}


def _fact(event: Event, before: dict[int, str], published: dict[int, datetime.date]) -> Fact:
    item = event.item
    is_question = event.kind not in (Kind.PUBLISHED, Kind.REVISED)
    return Fact(
        event_id=event.pk,
        item_id=item.pk,
        seq=event.seq,
        kind=event.kind,
        heading=event.heading or item.heading,
        question=event.question,
        answer=event.answer,
        text=event.text,
        body=event.department.name if event.department else "",
        asker=_who(event.asking_member, event.house),
        answerer=_who(event.answering_member, event.house),
        happened_on=event.happened_on,
        days_late=event.days_late,
        address=(item.uin, item.tabled_on),
        due_on=item.due_on,
        holding_on=item.holding_on,
        answered_on=item.answered_on,
        partners=frozenset((p["uin"], _day(p.get("tabled"))) for p in item.grouped_with),
        url=links.item(item) if is_question else links.original(item),
        source=item.source.name,
        before=before.get(event.pk, ""),
        page=links.item(item),
        host="" if is_question else links.host(links.original(item)),
        own_link="" if is_question else own_link(item),
        first_on=published.get(item.pk),
        position=item.position or 0,
        about=event.about,
    )


def _who(member, house: str) -> Who | None:
    if member is None:
        return None
    seat = "Lords" if (member.house or house) == House.LORDS else member.member_from
    return Who(member.name, member.party_abbreviation or member.party, seat)


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text[:10]) if text else None
