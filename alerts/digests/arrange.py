"""Arranging: every result once, under the right alert, in the right order. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from alerts.digests import wording
from alerts.digests.facts import Address, Fact, Partner, Told
from alerts.digests.grouping import groups, latest
from alerts.digests.newsletters import newsletter_result
from alerts.digests.results import Result, naming, result
from alerts.models.choices import Kind

LATE_DAYS = 14
"""An event dated so many days before we first saw it is an older item that became available now."""
WORTH_SUBHEADS = 4
"""Fewer results than these need no subheads."""
QUESTIONS, NEWSLETTERS = "Written questions", "Newsletters"


@dataclass(frozen=True)
class Block:
    """Results under one subhead, a day, a department or newsletters; '' where there is none."""

    title: str
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Placed:
    """A section: the results that stand under it, those it brings to corrections and older items, those `above`."""

    told: Told
    results: tuple[Result, ...]
    corrected: tuple[Result, ...]
    late: tuple[Result, ...]
    above: tuple[Result, ...]


def place(told: Sequence[Told], partners: Mapping[Address, Partner]) -> list[Placed]:
    """Every group once: under the first alert that matched one of its questions, in the reader's order of alerts.

    Corrections stand before all alerts and older items after them, so these name every alert they match.
    """
    found = [(where, _result(group, where, told, partners)) for group, where in _matching(told)]
    return [_placed(n, section, found) for n, section in enumerate(told)]


def _matching(told: Sequence[Told]) -> list[tuple[tuple[Fact, ...], list[int]]]:
    """The groups, the newest first, each with the numbers of the sections that have one of its items."""
    facts = {fact.event_id: fact for section in told for fact in section.facts}
    return [
        (group, [n for n, section in enumerate(told) if any(fact.item_id in section.items for fact in group)])
        for group in groups(_newest_first(latest(facts.values())))
    ]


def _result(
    group: tuple[Fact, ...], where: list[int], told: Sequence[Told], partners: Mapping[Address, Partner]
) -> Result:
    section, others = told[where[0]], [told[n] for n in where[1:]]
    late = all(fact.days_late > LATE_DAYS for fact in group)
    if group[0].from_parliament:
        made = result(group, section, others, partners, late)
    else:
        made = newsletter_result(group, section, others, late)
    if len(told) > 1 and (late or made.kind == Kind.CORRECTED):
        return naming(made, made.also, (section.title, *made.also))
    return made


def _placed(n: int, section: Told, found: Iterable[tuple[list[int], Result]]) -> Placed:
    here = [(where, made) for where, made in found if n in where]
    own = [made for where, made in here if where[0] == n]
    corrected = [made for made in own if _is_correction(made)]
    fresh = [made for made in own if not made.late and made not in corrected]
    above = [made for where, made in here if not made.late and (where[0] < n or _is_correction(made))]
    return Placed(
        told=section,
        results=tuple(sorted(fresh, key=_section_order)),
        corrected=tuple(corrected),
        late=tuple(made for made in own if made.late),
        above=tuple(above),
    )


def _is_correction(made: Result) -> bool:
    return made.kind == Kind.CORRECTED and not made.late


def _newest_first(facts: Iterable[Fact]) -> list[Fact]:
    """The newest day first and of a day the last that came; newsletters of one day by name, an issue in its order."""

    def order(fact: Fact) -> tuple[int, str, int, int]:
        name = "" if fact.from_parliament else fact.source
        return -fact.happened_on.toordinal(), name, fact.position, -fact.seq

    return sorted(facts, key=order)


def _section_order(found: Result) -> tuple[bool, int]:
    """Parliament before newsletters, the newest first."""
    return not found.from_parliament, -found.happened_on.toordinal()


def blocks(results: Iterable[Result]) -> tuple[Block, ...]:
    """Questions under their subheads, then newsletters in one block; one kind alone has no title."""
    parts = apart(results, QUESTIONS, NEWSLETTERS)
    made: list[Block] = []
    for part in parts:
        subheads = _subheads(part.results) if part.title == QUESTIONS or len(parts) == 1 else []
        made += subheads or [part if len(parts) > 1 else Block("", part.results)]
    return tuple(made)


def apart(results: Iterable[Result], parliament: str, newsletters: str) -> tuple[Block, ...]:
    """What Parliament said and what newsletters did, each under its title; a block without results is left out."""
    results = tuple(results)
    parts = {parliament: [r for r in results if r.from_parliament], newsletters: [r for r in results if r.label]}
    return tuple(Block(title, tuple(found)) for title, found in parts.items() if found)


def _subheads(results: tuple[Result, ...]) -> list[Block]:
    """For four results or more their days, and of four on one day their departments; none where all have the same."""
    if len(results) < WORTH_SUBHEADS:
        return []
    days = _by(results, lambda found: wording.day(found.happened_on))
    if len(days) == 1:
        return _departments(days[0], title=str)
    return [block for part in days for block in _departments(part, title=f"{part.title}: {{}}".format) or [part]]


def _departments(day: Block, title: Callable[[str], str]) -> list[Block]:
    """The departments of one day's results, by name; none where they are few, or all of one department."""
    if len(day.results) < WORTH_SUBHEADS:
        return []
    parts = _by(sorted(day.results, key=lambda found: found.body), lambda found: found.body or "Other")
    return [Block(title(part.title), part.results) for part in parts] if len(parts) > 1 else []


def _by(results: Iterable[Result], title: Callable[[Result], str]) -> list[Block]:
    return [Block(name, tuple(part)) for name, part in groupby(results, key=title)]
