"""Foreign HTML made into text that can be matched, and into HTML that can be shown."""

import html
import re
from collections import Counter

import nh3

DEEPEST = 256
LONGEST = 500_000
SHOWN = "p br a strong em ul ol li table tr td th sup sub blockquote"
BREAKING = """
p br li ul ol table caption thead tbody tfoot tr td th div section article aside header footer main nav figure
figcaption blockquote pre address dl dt dd hr h1 h2 h3 h4 h5 h6
"""
NEVER_CLOSED = "area base br col embed hr img input link meta source track wbr"
SHOWN_TAGS, BLOCKS, VOID = set(SHOWN.split()), set(BREAKING.split()), set(NEVER_CLOSED.split())
SHOWN_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = {"http", "https", "mailto"}
CELLS = {"td", "th"}
CLOSED_BY_THE_NEXT = {"p", "li", "td", "th", "tr"}
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?: start="(\d{1,6})[^"]*")?[^>]*>')
ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
BLOCK_TAG = re.compile(rf"<(?:{'|'.join(sorted(BLOCKS))})\b", re.IGNORECASE)
BLANKS = re.compile(r"[^\S\n]+")
# NBSP and the narrow NBSP are blanks, the zero-width blank is nothing; C0 control signs have no business in a text.
STRANGE = {0xA0: " ", 0x202F: " ", 0x200B: None, 0xFEFF: None, 0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
STRANGE |= {code: None for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}


def tidy(text: str) -> str:
    """Plain text with single blanks, one line break between paragraphs, and nothing invisible."""
    lines = (BLANKS.sub(" ", line).strip() for line in text.replace("\r\n", "\n").translate(STRANGE).split("\n"))
    return "\n".join(line for line in lines if line)


def plain(source: str) -> str:
    """The text of HTML with a line break at every block border, so that no two paragraphs are glued together.

    Cells of a row are parted by a bar, ordered lists keep their numbers, inline elements add nothing, entities are
    decoded once.
    """
    if is_hostile(source):
        return tidy(html.unescape(re.sub(r"<[^<>]*>", "\n", source)))
    if not BLOCK_TAG.search(source):
        return tidy(html.unescape(nh3.clean(source, tags=set(), link_rel=None)))
    cleaned = nh3.clean(source, tags=BLOCKS, attributes={"ol": {"start"}}, link_rel=None)
    return tidy("".join(_Reader().read(cleaned)))


def sanitised(source: str) -> str:
    """The same HTML with nothing in it but what may stand in a page or a mail."""
    if is_hostile(source):
        return paragraphs(plain(source))
    return nh3.clean(
        source,
        tags=SHOWN_TAGS,
        attributes=SHOWN_ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def paragraphs(text: str) -> str:
    """Plain text as HTML, a paragraph for each line."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line)


def is_hostile(source: str) -> bool:
    """Whether HTML is nested so deeply, or is so long, that making sense of it would take far too long."""
    if len(source) > LONGEST:
        return True
    unclosed: Counter[str] = Counter()
    depth = 0
    for slash, name in ANY_TAG.findall(source):
        name = name.lower()
        if name in VOID or name in CLOSED_BY_THE_NEXT:
            continue
        if not slash:
            unclosed[name] += 1
            depth += 1
        elif unclosed[name]:
            unclosed[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


class _Reader:
    """Walks through cleaned HTML and yields its text with breaks."""

    def __init__(self) -> None:
        self._cells = 0
        self._row_has_cell = False
        self._numbers: list[int | None] = []
        self._mark = ""

    def read(self, cleaned: str):
        position = 0
        for tag in TAG.finditer(cleaned):
            yield self._text(cleaned[position : tag.start()])
            position = tag.end()
            yield self._close(tag[2]) if tag[1] else self._open(tag[2], tag[3])
        yield self._text(cleaned[position:])

    def _text(self, piece: str) -> str:
        text = html.unescape(piece).replace("\n", " ")
        if not self._mark or not text.strip():
            return text
        mark, self._mark = self._mark, ""
        return mark + text.lstrip()

    def _open(self, name: str, start: str | None) -> str:
        if name in CELLS:
            return self._open_cell()
        if name == "tr":
            self._row_has_cell = False
        if name in {"ul", "ol"}:
            self._numbers.append(int(start or 1) if name == "ol" else None)
        broken = self._break()
        if name == "li":
            self._mark = self._next_mark()
        return broken

    def _open_cell(self) -> str:
        first, self._row_has_cell = not self._row_has_cell, True
        self._cells += 1
        return "" if first else " | "

    def _close(self, name: str) -> str:
        if name in CELLS:
            self._cells -= 1
            return ""
        if name in {"ul", "ol"} and self._numbers:
            self._numbers.pop()
        if name == "li":
            self._mark = ""
        return self._break()

    def _break(self) -> str:
        """A line break, but a blank within a cell, whose row is one line, and after a mark without its text."""
        return " " if self._cells or self._mark else "\n"

    def _next_mark(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "• "
        self._numbers[-1] = number + 1
        return f"{number}. "
