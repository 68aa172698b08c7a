"""Plain text of a newsletter read into clean blocks."""

import html
import re
from dataclasses import dataclass
from itertools import pairwise

from alerts.sources.html_text import STRANGE
from alerts.sources.issue_blocks import Block, BlockKind
from alerts.sources.issue_links import is_personal, scrubbed

ANY_TAG = re.compile(r"<(?:[a-zA-Z/!][^<>]*>)")
TAB = "    "
FULL_LINE = 60
"""A line of so many characters went on to the next one only because it was full."""
BULLET = re.compile(r"[•◦▪‣·*–-]\s+(?=\S)")
NUMBER = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
LONGEST_NOTICE = 160
PERSONAL = re.compile(
    r"\b(?:unsubscribe|(?:update|change|manage) your (?:e-?mail |subscription )?(?:preferences|profile|subscription)"
    r"|view (?:this )?(?:e-?mail |newsletter )?in (?:your|a) (?:web ?)?browser)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    indent: int
    text: str


def is_plain(source: str) -> bool:
    """Whether a text has no tag in it."""
    return not ANY_TAG.search(source)


def read_text(source: str) -> list[Block]:
    """The blocks of plain text, which blank lines part: paragraphs, and lists whose points follow one another."""
    lines = html.unescape(source).replace("\r\n", "\n").expandtabs(4).translate(STRANGE | {0x09: TAB}).split("\n")
    chunks: list[list[_Line]] = [[]]
    for line in lines:
        text = scrubbed(line.strip())
        if text:
            chunks[-1].append(_Line(len(line) - len(line.lstrip()), text))
        elif chunks[-1]:
            chunks.append([])
    return [_block(chunk) for chunk in chunks if _says_something(chunk)]


def _says_something(chunk: list[_Line]) -> bool:
    text = " ".join(line.text for line in chunk)
    is_notice = len(text) <= LONGEST_NOTICE and (PERSONAL.search(text) or is_personal("", text))
    return any(sign.isalnum() for sign in text) and not is_notice


def _block(chunk: list[_Line]) -> Block:
    points = _points(chunk)
    if len(points) < 2:
        return _paragraph(chunk)
    texts = [point[1] for point in points]
    numbers = [point[0] for point in points]
    first = numbers[0]
    is_counted = first is not None and numbers == list(range(first, first + len(numbers)))
    if not is_counted and any(number is not None for number in numbers):
        return _paragraph(chunk, is_broken=True)
    marks = [f"{number}. " if is_counted else "• " for number in numbers]
    opening = ("<ol>" if first == 1 else f'<ol start="{first}">') if is_counted else "<ul>"
    inner = [html.escape(text, quote=False) for text in texts]
    return Block(
        kind=BlockKind.LIST,
        html=opening + "".join(f"<li>{text}</li>" for text in inner) + ("</ol>" if is_counted else "</ul>"),
        text="\n".join(mark + text for mark, text in zip(marks, texts, strict=True)),
        indent=chunk[0].indent,
        points=tuple(inner),
        start=first if is_counted else None,
    )


def _points(chunk: list[_Line]) -> list[tuple[int | None, str]]:
    """The points of a chunk that is all a list, with their numbers; none where it begins with something else."""
    points: list[tuple[int | None, str]] = []
    for line in chunk:
        number, bullet = NUMBER.match(line.text), BULLET.match(line.text)
        if number:
            points.append((int(number[1]), line.text[number.end() :]))
        elif bullet:
            points.append((None, line.text[bullet.end() :]))
        elif points and line.indent > chunk[0].indent:
            points[-1] = (points[-1][0], f"{points[-1][1]} {line.text}")
        else:
            return []
    return points


def _paragraph(chunk: list[_Line], is_broken: bool = False) -> Block:
    """A paragraph; its lines are joined where they were only wrapped."""
    lines = [chunk[0].text]
    for before, line in pairwise(chunk):
        if not is_broken and len(before.text) >= FULL_LINE:
            lines[-1] += " " + line.text
        else:
            lines.append(line.text)
    inner = "<br>".join(html.escape(line, quote=False) for line in lines)
    return Block(BlockKind.PARAGRAPH, f"<p>{inner}</p>", "\n".join(lines), indent=chunk[0].indent)
