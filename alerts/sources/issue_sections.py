"""Sections of an issue: what stands under its headings, or in the text blocks of a mailing program."""

from collections import Counter

from alerts.sources.issue_blocks import Block, BlockKind

Sections = tuple[list[Block], list[list[Block]]]
"""What stands before the first section, and the sections, each with its title first."""
LONGEST_TITLE = 120
TITLE_WORDS = 12
BIG = 18
"""Pixels from which on a line on its own is a title."""


def sections(blocks: list[Block], fewest: int = 2) -> Sections:
    """What stands under the headings of the outermost level that has `fewest` of them.

    A heading with nothing under it but headings of its own is the title of a part of the newsletter: the sections are
    those headings'.
    """
    levels = Counter(block.level for block in blocks if block.level)
    level = next((level for level in sorted(levels) if levels[level] >= fewest), None)
    if level is None:
        return blocks, []
    starts = [at for at, block in enumerate(blocks) if block.level == level]
    found: list[list[Block]] = []
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        section = blocks[start:end]
        _, inner = sections(section[1:]) if len(section) > 1 and section[1].level else ([], [])
        found += inner or [section]
    return blocks[: starts[0]], found


def text_blocks(blocks: list[Block]) -> Sections:
    """What stands in the text blocks of a mailing program; none where there are headings, which say more.

    A block opens a section if it is a title and no more, or begins with a bold line. The one after a lone title is what
    the title is of.
    """
    groups = _groups(blocks)
    if any(block.level for block in blocks):
        return blocks, []
    lead: list[Block] = []
    found: list[list[Block]] = []
    after_title = False
    for group in groups:
        is_title = not after_title and _is_lone_title(group)
        if is_title or (not after_title and _is_led(group)):
            found.append(list(group))
        else:
            (found[-1] if found else lead).extend(group)
        after_title = is_title
    return lead, found


def _groups(blocks: list[Block]) -> list[list[Block]]:
    """The blocks by the text block they stand in; what stands in none, as buttons do, goes with the one before."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and block.mailer in {None, groups[-1][0].mailer}:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _is_lone_title(group: list[Block]) -> bool:
    first = group[0]
    is_line = first.kind == BlockKind.PARAGRAPH and first.words <= TITLE_WORDS and first.mailer is not None
    is_big = first.size >= BIG or (first.size == 0 and not first.line.endswith((".", "!", ",", ":")))
    return len(group) == 1 and is_line and is_big and not first.is_link


def _is_led(group: list[Block]) -> bool:
    first = group[0]
    return len(group) > 1 and first.mailer is not None and first.is_bold and len(first.line) < LONGEST_TITLE
