"""Arranging: every result once, under the right alert, in the right order. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from alerts.digests import wording
from alerts.digests.facts import Address, Fact, Partner, Told
from alerts.digests.grouping import groups, latest
from alerts.digests.newsletters import newsletter_result
from alerts.digests.results import Result, result
from alerts.models.choices import Kind

LATE_DAYS = 14
"""An event dated so many days before we first saw it is an older item that became available now."""


NEWSLETTERS = "Newsletters"


@dataclass(frozen=True)
class Block:
    """Results under one subhead, a day, a department or newsletters; '' where there is none."""

    title: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Placed:
    """A section with the results that stand under it."""

    told: Told
    results: tuple[Result, ...]
    late: tuple[Result, ...]
    above: int


def place(told: Sequence[Told], partners: Mapping[Address, Partner]) -> list[Placed]:
    """Every group once: under the first alert that matched one of its questions, in the reader's order of alerts."""
    facts = {fact.event_id: fact for section in told for fact in section.facts}
    newest = groups(_newest_first(latest(facts.values())))
    items = [{fact.item_id for fact in section.facts} for section in told]
    matching = [
        (group, [n for n, found in enumerate(items) if any(fact.item_id in found for fact in group)])
        for group in newest
    ]
    placed = []
    for n, section in enumerate(told):
        own = [(group, where) for group, where in matching if where[0] == n]
        results = [
            _result(group, section, [told[other].title for other in where[1:]], partners) for group, where in own
        ]
        fresh = sorted((found for found in results if not found.late), key=_section_order)
        late = tuple(found for found in results if found.late)
        above = sum(where[0] < n and n in where for group, where in matching if not _is_late(group))
        placed.append(Placed(section, tuple(fresh), late, above))
    return placed


def _result(group: tuple[Fact, ...], section: Told, also: Sequence[str], partners: Mapping[Address, Partner]) -> Result:
    if group[0].from_parliament:
        return result(group, section, also, partners, _is_late(group))
    return newsletter_result(group, section, also, _is_late(group))


def _newest_first(facts: Iterable[Fact]) -> list[Fact]:
    """The newest day first and of a day the last that came; newsletters of one day by name, an issue in its order."""

    def order(fact: Fact) -> tuple[int, str, int, int]:
        name = "" if fact.from_parliament else fact.source
        return -fact.happened_on.toordinal(), name, fact.position, -fact.seq

    return sorted(facts, key=order)


def _is_late(group: tuple[Fact, ...]) -> bool:
    return all(fact.days_late > LATE_DAYS for fact in group)


def _section_order(found: Result) -> tuple[bool, bool, int]:
    """Corrections first, Parliament before newsletters, the newest first."""
    return found.kind != Kind.CORRECTED, not found.from_parliament, -found.happened_on.toordinal()


def blocks(results: tuple[Result, ...]) -> tuple[Block, ...]:
    """Corrections, then questions under their subheads, then newsletters in one block; one kind alone has no title."""
    corrected = tuple(found for found in results if found.kind == Kind.CORRECTED)
    newsletters = tuple(found for found in results if not found.from_parliament)
    questions = tuple(found for found in results if found not in corrected + newsletters)
    parts = [("Corrected answers", corrected), ("Written questions", questions), (NEWSLETTERS, newsletters)]
    parts = [(title, found) for title, found in parts if found]
    made: list[Block] = []
    for title, found in parts:
        subheads = _subheads(found) if found != newsletters or len(parts) == 1 else []
        made += subheads if len(subheads) > 1 else [Block(title if len(parts) > 1 else "", found)]
    return tuple(made)


def apart(results: Iterable[Result], parliament: str, newsletters: str) -> tuple[Block, ...]:
    """What Parliament said and what newsletters did, each under its title; a block without results is left out."""
    results = tuple(results)
    parts = {parliament: [r for r in results if r.from_parliament], newsletters: [r for r in results if r.label]}
    return tuple(Block(title, tuple(found)) for title, found in parts.items() if found)


def _subheads(results: tuple[Result, ...]) -> list[Block]:
    """For four results or more their days, or on one day their departments; a level with one value is skipped."""
    if len(results) < 4:
        return []
    days = _by(results, lambda found: -found.happened_on.toordinal(), lambda found: wording.day(found.happened_on))
    return days if len(days) > 1 else _by(results, lambda found: found.body, lambda found: found.body or "Other")


def _by(results: tuple[Result, ...], order: Callable, title: Callable) -> list[Block]:
    return [Block(name, tuple(part)) for name, part in groupby(sorted(results, key=order), key=title)]
