"""Gathering: the facts of a digest read from the rows; nothing after this asks the database."""

import datetime
import functools
import operator
from collections.abc import Iterable
from contextlib import suppress

from django.db.models import Q

from alerts.digests import links
from alerts.digests.earlier import Earlier, earlier
from alerts.digests.facts import Address, Fact, Partner, Told, Who
from alerts.models import Event, Hit, Item, Section
from alerts.models.choices import House, Kind
from alerts.models.original import own_link
from alerts.query import Node, QueryError, canonical, parse


def told(shown: Iterable[tuple[Section, list[Hit]]]) -> list[Told]:
    """The sections of a digest, as `visible.sections` gives them, as values."""
    shown = list(shown)
    events = _events([hit.event_id for _, hits in shown for hit in hits])
    before, published = _texts_before(events.values()), _first_published(events.values())
    facts = [
        (section, tuple(_fact(events[hit.event_id], hit.seq, before, published) for hit in hits))
        for section, hits in shown
    ]
    known = earlier(facts)
    return [_told(section, found, known[section.pk]) for section, found in facts]


def _told(section: Section, facts: tuple[Fact, ...], known: Earlier) -> Told:
    return Told(section.title, section.query, _tree(section), facts, known.sent, known.replies, known.shown)


def _tree(section: Section) -> Node:
    """The tree of the words as typed, whose order a reader knows; the topic's where the two no longer agree."""
    with suppress(QueryError):
        tree = parse(section.query).tree
        if canonical(tree) == section.topic.canonical:
            return tree
    return parse(section.topic.canonical).tree


def partners(facts: Iterable[Fact]) -> dict[Address, Partner]:
    """The questions answered together with these that are not among them, hidden ones left out."""
    facts = list(facts)
    missing = {address for fact in facts for address in fact.partners} - {fact.address for fact in facts}
    if not missing:
        return {}
    either = functools.reduce(operator.or_, (Q(uin=uin, tabled_on=day) for uin, day in missing))
    items = Item.objects.filter(either, hidden_at__isnull=True).exclude(question="").order_by("id")
    return {(item.uin, item.tabled_on): Partner((item.uin, item.tabled_on), item.question) for item in items}


def shown_facts(sections: Iterable[Told]) -> list[Fact]:
    """The facts of all sections, each event once."""
    return list({fact.event_id: fact for section in sections for fact in section.facts}.values())


def _events(ids: Iterable[int]) -> dict[int, Event]:
    related = ("item__source", "item__issue", "department", "asking_member", "answering_member")
    events = Event.objects.filter(pk__in=ids).select_related(*related).prefetch_related("department__names")
    return {event.pk: event for event in events}


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


def _fact(event: Event, seq: int, before: dict[int, str], published: dict[int, datetime.date]) -> Fact:
    item = event.item
    is_question = event.kind not in (Kind.PUBLISHED, Kind.REVISED)
    return Fact(
        event_id=event.pk,
        item_id=item.pk,
        seq=seq,
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
