"""One issue of a newsletter split into its items; where that is not certain, it stays whole."""

import re
from dataclasses import dataclass, replace

from alerts.models import Issue
from alerts.sources.html_text import plain
from alerts.sources.issue_blocks import Block, BlockKind
from alerts.sources.issue_boilerplate import without_contents, without_footer, without_masthead
from alerts.sources.issue_links import own_address
from alerts.sources.issue_reader import read_html
from alerts.sources.issue_rules import FEWEST_WORDS, LONGEST_LINE, NUMBER, Cut, cut, line_of, titles_of
from alerts.sources.issue_sections import sections
from alerts.sources.issue_text import is_plain, read_text
from alerts.sources.newsletter_html import safe

Rule = Issue.Rule
LONGEST_TITLE = 500
GREETING_WORDS = 25
"""Fewer words than these before the first item, without a heading, are an editor's greeting and no item."""
SHORT_ISSUE = 250
SURE = {
    Rule.NUMBERED_HEADINGS: 0.95,
    Rule.HEADINGS: 0.8,
    Rule.NUMBERED_BOLD: 0.9,
    Rule.NUMBERED_LINES: 0.85,
    Rule.BLOCKS: 0.6,
}
LESS_SURE = 0.1
WHOLE_AND_SHORT, WHOLE_AND_LONG = 0.9, 0.5
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """One item of an issue: its title in one line, the rest as clean HTML and as plain text.

    `url` is its own address, of its title or of the one link to read more; '' where that is not clear.
    """

    title: str
    html: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """The items of an issue in their order, the rule that found them, and how sure that is, from 0 to 1."""

    rule: Rule
    confidence: float
    parts: tuple[Part, ...]


def split(source: str, title: str = "", base_url: str = "") -> Split:
    """The items of an issue, from its HTML or plain text; `title` is the issue's own.

    The rules are tried in a fixed order: headings with numbers, headings of one level, bold paragraphs with numbers,
    short paragraphs with numbers, text blocks of a mailing program. A numbered split counts only if it goes from 1 to
    n without a gap, with at least two items, none of them empty. Masthead, greeting, table of contents and footer are
    left out; whatever else stands before the first item is an item of its own, since somebody may ask for it.
    """
    everything = read_text(source) if is_plain(source) else read_html(source, base_url)
    blocks = without_masthead(without_footer(everything), title)
    found = cut(blocks)
    return _split(found, title) if found else _whole(without_footer(everything), title)


def _split(found: Cut, title: str) -> Split:
    leads = _leads(found, title)
    parts = [*leads, *(_part(item) for item in found.items)]
    return Split(found.rule, round(SURE[found.rule] - LESS_SURE * bool(leads), 2), tuple(parts))


def _leads(found: Cut, title: str) -> list[Part]:
    """What stands before the first item: under headings of its own, or under the issue's title."""
    lead = without_contents(without_masthead(found.lead, title), titles_of(found.items))
    before, titled = sections(lead, fewest=1)
    leads = [_part(item) for item in titled if _words(item) >= FEWEST_WORDS]
    if _words(before) < GREETING_WORDS:
        return leads
    first = _part(before)
    return [
        first if _has_title(before) or not title else replace(first, title=_shortened(" ".join(title.split()))),
        *leads,
    ]


def _words(blocks: list[Block]) -> int:
    return sum(block.words for block in blocks)


def _whole(blocks: list[Block], title: str) -> Split:
    if not blocks:
        return Split(Rule.WHOLE, WHOLE_AND_SHORT, ())
    text = _text(blocks)
    line = " ".join(title.split()) or _part(blocks).title
    sure = WHOLE_AND_SHORT if len(text.split()) <= SHORT_ISSUE else WHOLE_AND_LONG
    return Split(Rule.WHOLE, sure, (Part(_shortened(line), _html(blocks), text),))


def _part(blocks: list[Block]) -> Part:
    """An item with the title it has, or else with its first sentence for one."""
    first = blocks[0]
    url = own_address(first.html, line_of(first), "".join(block.html for block in blocks))
    if _has_title(blocks):
        return Part(_shortened(line_of(first)), _html(blocks[1:]), _text(blocks[1:]), url)
    sentence = SENTENCE_END.split(line_of(first), maxsplit=1)[0]
    return Part(_shortened(sentence, LONGEST_LINE), _html(blocks), _text(blocks), url)


def _has_title(blocks: list[Block]) -> bool:
    """Whether the first of several blocks is the title of the rest."""
    first = blocks[0]
    is_title = first.kind == BlockKind.HEADING or first.is_bold or first.is_link or bool(NUMBER.match(first.line))
    is_point = first.kind == BlockKind.LIST and len(first.points) == 1
    return len(blocks) > 1 and (is_title or is_point or _is_short_line(first))


def _is_short_line(block: Block) -> bool:
    is_line = block.kind == BlockKind.PARAGRAPH and len(block.line) < LONGEST_LINE
    return is_line and not block.line.endswith((".", ",", ";", ":"))


def _shortened(line: str, longest: int = LONGEST_TITLE) -> str:
    if len(line) <= longest:
        return line
    return line[: longest - 1].rpartition(" ")[0].rstrip(",;:") + "…" if " " in line[: longest - 1] else line[:longest]


def _html(blocks: list[Block]) -> str:
    return safe("".join(block.html for block in blocks))


def _text(blocks: list[Block]) -> str:
    return plain(_html(blocks))
