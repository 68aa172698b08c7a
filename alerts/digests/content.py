"""The content of a digest: one frozen value from which the text, the HTML and the page are made. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from alerts.digests import wording
from alerts.digests.arrange import NEWSLETTERS, Block, Placed, apart, blocks
from alerts.digests.facts import Told
from alerts.digests.headline import counted, is_newsletter, preheader, subject, summary, title
from alerts.digests.kept import kept
from alerts.digests.results import Result

WORDS_A_MINUTE = 238
SHARE = 4
"""Of so many places one is kept for newsletters, where questions alone would fill them all."""
CORRECTIONS = "Corrected answers"
NEW, ALSO_NEW = ("New", "New in newsletters"), ("Also new", "Also new in newsletters")


@dataclass(frozen=True)
class Limits:
    """How much is shown: results in full for each alert, then as a heading, in full for each email; older items.

    `briefly` is how many headings an alert has that finds too many results for more than headings; 0 for no such rule.
    """

    full: int = 10
    headings: int = 5
    in_all: int = 25
    late: int = 10
    briefly: int = 50


EMAIL = Limits()
PAGE = Limits(full=1_000_000, headings=0, in_all=1_000_000, late=1_000_000, briefly=0)


@dataclass(frozen=True)
class SectionContent:
    """One alert: what is new under it, how much of it is shown, and which results stand above already.

    `headings` are blocks of results shown as a heading only; `all_of_it` says how many there are, and of what. The
    corrections, which stand before all alerts, are the section with the number 0, without words of its own.
    """

    number: int
    title: str
    query: str
    count: int
    above: tuple[Result, ...]
    blocks: tuple[Block, ...]
    headings: tuple[Block, ...]
    hidden: int
    all_of_it: str
    too_many: int = 0

    @property
    def tally(self) -> str:
        """`2 results, 3 more shown above`."""
        above = f"{len(self.above):,} {'more ' if self.count else ''}shown above" if self.above else ""
        found = wording.plural(self.count, "result") if self.count else ""
        return ", ".join(part for part in (found, above) if part)

    @property
    def why_so_short(self) -> str:
        """Why only headings are shown; '' where more is."""
        return f"Headings only: this alert finds about {self.too_many:,} results a week." if self.too_many else ""


@dataclass(frozen=True)
class DigestContent:
    """Everything an email or a page of one digest says, apart from its links of address."""

    subject: str
    preheader: str
    title: str
    summary: str
    notes: tuple[str, ...]
    sections: tuple[SectionContent, ...]
    late: tuple[Block, ...]
    late_hidden: int
    results: int
    credits: tuple[str, ...]

    @property
    def numbered(self) -> bool:
        """Whether there are several alerts, which have their numbers then."""
        return sum(1 for section in self.sections if section.number) > 1


def content(
    placed: Sequence[Placed],
    notes: Iterable[str] = (),
    limits: Limits = EMAIL,
) -> DigestContent:
    """What a digest of these sections says, with at most `limits` shown; the counts are before any limit."""
    corrected = sorted((found for part in placed for found in part.corrected), key=_newest)
    sections = _limited(corrected, placed, limits)
    fresh = corrected + [found for part in placed for found in part.results]
    late = sorted((found for part in placed for found in part.late), key=is_newsletter)
    older = apart(_fair(late, limits.late), "", NEWSLETTERS)
    alerts = [part.told.title for part in placed if part.results or part.corrected or part.late]
    minutes = max(1, math.ceil(sum(map(_words_of, sections)) / WORDS_A_MINUTE))
    return DigestContent(
        subject=subject(fresh, late, alerts),
        preheader=preheader(_shown(fresh or late, sections, older)),
        title=title(len(placed), fresh or late),
        summary=summary(fresh, late, minutes),
        notes=tuple(notes),
        sections=sections,
        late=older,
        late_hidden=max(len(late) - limits.late, 0),
        results=len(fresh) + len(late),
        credits=_credits(fresh + late),
    )


def _shown(results: list[Result], sections: Iterable[SectionContent], older: Iterable[Block]) -> list[Result]:
    """Those of the results that are shown, in full or in a line, and not just counted; all where none is."""
    in_sections = [block for part in sections for block in (*part.blocks, *part.headings)]
    shown = {id(found) for block in (*in_sections, *older) for found in block.results}
    return [found for found in results if id(found) in shown] or results


def _credits(results: list[Result]) -> tuple[str, ...]:
    """Whose words stand here: Parliament's licence only where something is Parliament's."""
    said = {wording.LICENCE: any(found.from_parliament for found in results)}
    said |= {wording.THIRD_PARTY: any(map(is_newsletter, results))}
    return tuple(line for line, stands in said.items() if stands)


def _newest(found: Result) -> int:
    return -found.happened_on.toordinal()


def _limited(corrected: Sequence[Result], placed: Sequence[Placed], limits: Limits) -> tuple[SectionContent, ...]:
    """The corrections, then the alerts; an only alert that has nothing but corrections needs no section."""
    parts = [(0, None, corrected, ())] if corrected else []
    alerts = [part for part in placed if part.results or (part.above and len(placed) > 1)]
    parts += [(number, part.told, part.results, part.above) for number, part in enumerate(alerts, start=1)]
    left, sections = limits.in_all, []
    for number, told, results, above in parts:
        is_brief = bool(told and told.too_many and limits.briefly)
        full = () if is_brief else _fair(results, min(limits.full, left))
        left -= len(full)
        sections.append(_section(number, told, results, above, full, limits.briefly if is_brief else limits.headings))
    return tuple(sections)


def _section(
    number: int,
    told: Told | None,
    results: Sequence[Result],
    above: Sequence[Result],
    full: Sequence[Result],
    headings: int,
) -> SectionContent:
    """One section, of whose `results` these are shown in full and so many as a heading."""
    shown = set(map(id, full))
    brief = _fair([found for found in results if id(found) not in shown], headings)
    return SectionContent(
        number=number,
        title=told.title if told else CORRECTIONS,
        query=told.query if told else "",
        count=len(results),
        too_many=told.too_many if told and not full else 0,
        above=tuple(above),
        blocks=blocks(full),
        headings=apart(brief, *(ALSO_NEW if full else NEW)),
        hidden=len(results) - len(full) - len(brief),
        all_of_it=counted(results),
    )


def _fair(results: Sequence[Result], places: int) -> tuple[Result, ...]:
    """The first of the questions and the first of the newsletters, so many together; neither crowds the other out."""
    questions = [found for found in results if found.from_parliament]
    newsletters = [found for found in results if not found.from_parliament]
    kept = min(len(newsletters), max(places - len(questions), places // SHARE))
    return (*questions[: places - kept], *newsletters[:kept])


def _words_of(section: SectionContent) -> int:
    in_full = sum(_words(found) for block in section.blocks for found in block.results)
    return in_full + sum(len(found.name.split()) for block in section.headings for found in block.results)


@kept
def _words(found: Result) -> int:
    """How many words there are to read of a result in full."""
    full = found.detail
    head = (full.tag, found.label, found.status, found.more, found.asked_by, found.answered_by)
    said = " ".join((*head, full.was, full.now, full.why, found.alerts_matched))
    passages = [full.heading, full.answer, full.excerpt, *(asked.words for asked in found.listed)]
    return len(said.split()) + sum(passage.words for passage in passages)


def shorter(limits: Limits) -> Limits:
    """Less than `limits`, for an email that came out too large; at the end only headings."""
    if limits.in_all > 5:
        return replace(limits, in_all=limits.in_all - 5)
    return replace(
        limits,
        in_all=0,
        full=0,
        briefly=min(limits.briefly, max(limits.briefly - 10, 5)),
        headings=max(limits.headings - 2, 0),
        late=max(limits.late - 5, 0),
    )
