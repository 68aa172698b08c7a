"""The text part of a digest: its pieces laid out in lines of 72 characters. Pure."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from alerts.digests import wording
from alerts.digests.arrange import Block
from alerts.digests.content import SectionContent
from alerts.digests.kept import kept
from alerts.digests.results import Result

WIDTH = 72
_BLANKS = str.maketrans(dict.fromkeys("\n\x0b\x0c\r", " "))


def wrapped(text: str, indent: str = "", rest: str | None = None) -> str:
    """`text` in lines of 72 characters; a link is never broken. `rest` indents the lines after the first.

    As `textwrap.fill` does it, which takes some times as long; blanks at the beginning alone are left out.
    """
    if text and len(indent) + len(text) <= WIDTH and text.isprintable() and text.strip() == text:
        return indent + text
    rest = indent if rest is None else rest
    said = text.expandtabs().translate(_BLANKS)
    first = _line(WIDTH - len(indent)).match(said)
    others = _line(WIDTH - len(rest)).findall(said, first.end()) if first else []
    return "\n".join([indent + first[1], *(rest + line for line in others)]) if first else ""


@cache
def _line(width: int) -> re.Pattern:
    """As many words as fit into `width`, or one that is longer, after the blanks before them."""
    return re.compile(rf" *([^ ](?:.{{0,{width - 2}}}[^ ])?(?![^ ])|[^ ]+)", re.DOTALL)


def contents(sections: Iterable[SectionContent], numbered: bool) -> str:
    """The list of sections on top, where there is more than one."""
    sections = list(sections)
    if len(sections) < 2:
        return ""
    return "\n".join(wrapped(f"{_number(s, numbered)}{s.title} ({s.tally})", "  ", "     ") for s in sections)


def _number(part: SectionContent, numbered: bool) -> str:
    return f"{part.number}. " if numbered and part.number else ""


def section(part: SectionContent, numbered: bool, all_url: str, not_relevant: Mapping[str, str]) -> str:
    """One alert with everything shown under it; of each result in full the way to say that it was `not_relevant`."""
    lines = ["=" * WIDTH, wrapped(f"{_number(part, numbered)}{part.title.upper()}   ({part.tally})")]
    if part.query not in ("", part.title):
        lines.append(wrapped(f"Your words: {part.query}", rest="  "))
    lines += [wrapped(part.why_so_short)] if part.why_so_short else []
    pieces = ["\n".join(lines)]
    for block in part.blocks:
        if block.title:
            pieces.append(f"--- {block.title} ---")
        pieces += [in_full(found, not_relevant[found.anchor]) for found in block.results]
    for block in part.headings:
        pieces.append("\n".join([f"{block.title}:", *(brief(found) for found in block.results)]))
    if part.hidden:
        pieces.append(wrapped(f"See all {part.all_of_it}: {all_url}"))
    if part.above and not part.count:
        pieces.append(wrapped("Everything new that matches this alert is shown above."))
    return "\n\n".join(pieces)


@kept
def brief(found: Result) -> str:
    """A result in a line and its link: name, status, of a newsletter's item its label too."""
    return wrapped(f"- {found.name}. {found.in_brief}", rest="  ") + f"\n  {found.url}"


def older(late: Iterable[Block], hidden: int, all_url: str) -> str:
    """The older items, '' without any."""
    lines = []
    for block in late:
        lines += [f"\n--- {block.title} ---\n"] if block.title else []
        lines += [brief(found) for found in block.results]
    if hidden:
        lines.append(wrapped(f"and {hidden:,} more: {all_url}"))
    return "\n".join(["=" * WIDTH, "OLDER ITEMS NOW AVAILABLE", *lines]) if lines else ""


def in_full(found: Result, not_relevant: str) -> str:
    """A result with everything that is said of it, and the way to say that it was not relevant."""
    said = result(found) if found.from_parliament else newsletter(found)
    return f"{said}\n{wrapped(f'Not relevant? {not_relevant}')}"


@kept
def result(found: Result) -> str:
    """A question, or several with one answer, in full."""
    lines = [_head(found), wrapped(f"{found.status} {found.asked_by}".strip())]
    lines += [wrapped(line) for line in (found.answered_by, found.more) if line]
    lines += _questions(found)
    return "\n".join(lines + _answer(found) + _reasons(found))


def newsletter(found: Result) -> str:
    """An item of a newsletter: whose it is, its title, an extract and the way to all of it."""
    lines = [wrapped(f"{wording.NEWSLETTER.upper()}: {found.named_source}", rest="  "), wrapped(found.title)]
    lines.append(wrapped(f"{found.status} {found.more}".strip()))
    lines += [wrapped(f'"{found.detail.excerpt.plain()}"')] if found.detail.excerpt else []
    lines.append(wrapped(f"{found.way}: {found.url}"))
    return "\n".join(lines + _reasons(found))


def _reasons(found: Result) -> list[str]:
    lines = [wrapped(f"Why: {found.detail.why}.")] if found.detail.why else []
    return lines + ([wrapped(found.alerts_matched)] if found.alerts_matched else [])


def _head(found: Result) -> str:
    """The heading, with the tag at the end of its line where there is room."""
    heading, tag = found.title, found.detail.tag.upper()
    if tag and len(heading) + len(tag) + 2 <= WIDTH:
        return heading + tag.rjust(WIDTH - len(heading))
    return "\n".join(wrapped(line) for line in (heading, tag) if line)


def _questions(found: Result) -> list[str]:
    if len(found.detail.questions) == 1:
        return [wrapped(f"Asked: {found.detail.questions[0].words.plain()}", rest="  ")]
    lines = ["Asked:"] if found.detail.questions else []
    for number, asked in enumerate(found.listed, start=1):
        together = "" if asked.matched else " (answered together)"
        lines.append(wrapped(f"{number}. {asked.words.plain()}{together}", "  ", "     "))
    if found.more_questions:
        lines.append(f"  and {found.more_questions} more")
    return lines


def _answer(found: Result) -> list[str]:
    if found.changes:
        said = [f'{label}: "{words}"' for label, words in found.changes]
    elif found.detail.whole and found.detail.answer:
        return [wrapped(f"{found.answer_label} (whole): {found.detail.answer.plain()}", rest="  "), found.url]
    else:
        said = [f'{found.answer_label}: "{found.detail.answer.plain()}"'] if found.detail.answer else []
    way = (
        f"Read the full answer ({wording.plural(found.detail.answer_words, 'word')}): {found.url}"
        if said
        else found.url
    )
    changed = [wrapped(f"See what changed: {found.changes_url}")] if found.changes else []
    return [*(wrapped(line, rest="  ") for line in said), *changed, wrapped(way)]
