"""The rules by which an issue is cut into items, each with where it holds; the surer ones come first."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alerts.models import Issue
from alerts.sources.issue_blocks import Block, BlockKind
from alerts.sources.issue_boilerplate import without_contents
from alerts.sources.issue_reader import read_html
from alerts.sources.issue_sections import sections, text_blocks

Rule = Issue.Rule
NUMBER = re.compile(r"\(?(\d{1,2})(?:[.)]\s*(?=[^\W\d])|[.)]\s+)(?=\S)")
"""A number as it stands before a title: `1. Title`, `1) Title`, `(1) Title`, `1.Title`, but not 1.5 or 10:30."""
LONGEST_LINE = 120
MOST_ITEMS = 200
FEWEST_WORDS = 5
"""Words without which what stands under an unnumbered title is no item."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an issue is cut: what stands before its first item, and the blocks of each item, its title first."""

    rule: Rule
    lead: list[Block]
    items: list[list[Block]]


def cut(blocks: list[Block]) -> Cut | None:
    """The cut of the first rule that holds and gives at least two items; None where an issue is to stay whole."""
    for rule in (_numbered_headings, _headings, _numbered_bold, _numbered_lines, _listed, _mailed):
        found = rule(blocks)
        if found and 2 <= len(found.items) <= MOST_ITEMS:
            return found
    return None


def _numbered_headings(blocks: list[Block]) -> Cut | None:
    levels = sorted({block.level for block in blocks if block.level})
    cuts = (_numbered_at(level, blocks) for level in levels)
    return next((cut for cut in cuts if cut), None)


def _numbered_at(level: int, blocks: list[Block]) -> Cut | None:
    """Cut at the numbered headings of a level; an outer heading, or one after the last number, ends an item."""
    starts = [at for at, block in enumerate(blocks) if block.level == level and NUMBER.match(block.line)]
    cut = _counted(Rule.NUMBERED_HEADINGS, blocks, starts)
    if not cut:
        return None
    items = []
    for item in cut.items:
        end = _end_of(item, level + (item is cut.items[-1]))
        items += [item[:end], *([item[end:]] if end < len(item) else [])]
    return Cut(cut.rule, cut.lead, _merged(items))


def _end_of(item: list[Block], level: int) -> int:
    """Where the first heading above this level stands in an item, after its title; else its end."""
    return next((at for at, block in enumerate(item) if at and 0 < block.level < level), len(item))


def _headings(blocks: list[Block]) -> Cut | None:
    lead, items = sections(blocks)
    titles = titles_of(items)
    items = [item for item in items if without_contents(item, titles)]
    return Cut(Rule.HEADINGS, lead, _merged(items))


def _numbered_bold(blocks: list[Block]) -> Cut | None:
    return _counted(Rule.NUMBERED_BOLD, blocks, _openers(blocks, lambda block: block.is_bold))


def _numbered_lines(blocks: list[Block]) -> Cut | None:
    outermost = min((block.indent for block in blocks), default=0)
    return _counted(Rule.NUMBERED_LINES, blocks, _openers(blocks, lambda block: block.indent == outermost))


def _openers(blocks: list[Block], may_open: Callable[[Block], bool]) -> list[int]:
    """Where short paragraphs with a number open an item.

    Numbers that follow one another with nothing between are points of a list, and so is what ends with a full stop.
    """
    numbers = [_number(block) if may_open(block) else 0 for block in blocks]
    return [at for at, number in enumerate(numbers) if number and not _is_in_a_row(numbers, at)]


def _number(block: Block) -> int:
    """The number of a line that may be a title; 0 if it may not."""
    found = NUMBER.match(block.line) if block.kind == BlockKind.PARAGRAPH else None
    if not found or len(block.line) >= LONGEST_LINE or block.line.endswith((".", ";", ",")):
        return 0
    return int(found[1])


def _is_in_a_row(numbers: list[int], at: int) -> bool:
    after = at + 1 < len(numbers) and numbers[at + 1] == numbers[at] + 1
    before = at > 0 and numbers[at - 1] > 0 and numbers[at - 1] == numbers[at] - 1
    return after or before


def _counted(rule: Rule, blocks: list[Block], starts: list[int]) -> Cut | None:
    """The cut at numbered titles, if they go from 1 to n and each has something under it."""
    numbers = [int(NUMBER.match(blocks[at].line)[1]) for at in starts]
    if numbers != list(range(1, len(starts) + 1)) or len(starts) < 2:
        return None
    items = _between(blocks, starts)
    return Cut(rule, blocks[: starts[0]], items) if all(len(item) > 1 for item in items) else None


def _listed(blocks: list[Block]) -> Cut | None:
    """An issue that is one numbered list, also where its program broke the list up: only then is a point an item."""
    lists = [at for at, block in enumerate(blocks) if block.kind == BlockKind.LIST and block.start is not None]
    if not lists or lists[0] > 0:
        return None
    if len(lists) == len(blocks):
        return _points(blocks) if _goes_on(blocks) else None
    titles = [at for at in lists if len(blocks[at].points) == 1]
    items = _between(blocks, titles)
    is_titled = all(len(item[0].line) < LONGEST_LINE and len(item) > 1 for item in items)
    if not is_titled or not _goes_on([blocks[at] for at in titles]) or titles[:1] != [0]:
        return None
    return Cut(Rule.NUMBERED_LINES, [], items)


def _points(lists: list[Block]) -> Cut | None:
    """Each point of an issue that has nothing else is an item, if it says something."""
    items = [read_html(_first_line_apart(point)) for block in lists for point in block.points]
    is_told = all(sum(block.words for block in item) >= FEWEST_WORDS for item in items)
    return Cut(Rule.NUMBERED_LINES, [], items) if is_told else None


def _goes_on(lists: list[Block]) -> bool:
    """Whether each of the lists begins with the number at which the one before it ended, the first with 1."""
    expected = 1
    for block in lists:
        if block.start != expected:
            return False
        expected += len(block.points)
    return True


def _first_line_apart(point: str) -> str:
    """A point of a list as paragraphs, its first line on its own."""
    line, line_break, rest = point.partition("<br>")
    return f"<p>{line}</p><p>{rest}</p>" if line_break else f"<p>{line}</p>"


def _mailed(blocks: list[Block]) -> Cut | None:
    lead, items = text_blocks(blocks)
    return Cut(Rule.BLOCKS, lead, _merged(items))


def _between(blocks: list[Block], starts: list[int]) -> list[list[Block]]:
    return [blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)]


def _merged(items: Iterable[list[Block]]) -> list[list[Block]]:
    """Items that say next to nothing, as bare titles do, joined to the next one, the last to the one before."""
    merged: list[list[Block]] = []
    waiting: list[Block] = []
    for item in items:
        waiting.extend(item)
        if sum(block.words for block in item[1:]) >= FEWEST_WORDS:
            merged.append(waiting)
            waiting = []
    if waiting and merged:
        merged[-1] += waiting
    return merged


def titles_of(items: Iterable[list[Block]]) -> set[str]:
    """The titles of items as a table of contents may have them."""
    return {line_of(item[0]).casefold() for item in items}


def line_of(title: Block) -> str:
    """A title's words in one line, without the number before them."""
    line = title.line.lstrip("• ") if title.kind == BlockKind.LIST else title.line
    return NUMBER.sub("", line, count=1)
