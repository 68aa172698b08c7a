"""Marking words in plain text and in sanitised HTML."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

Span = tuple[int, int]
BLOCK = re.compile("p|div|br|li|ul|ol|table|thead|tbody|tr|td|th|h[1-6]|blockquote|pre|hr|dl|dt|dd")


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """The text as HTML with these spans (sorted, apart) in `<mark>`."""
    return mark_safe("".join(_cut(text, 0, spans)))


def marked_html(html: str, spans: Iterable[Span]) -> SafeString:
    """Sanitised HTML with these spans of `plain(html)` in `<mark>`; a span across tags is marked in each part."""
    spans = list(spans)
    parts = []
    for piece in _pieces(html):
        parts.append(piece.raw if piece.raw is not None else "".join(_cut(piece.text, piece.start, spans)))
    return mark_safe("".join(parts))


def plain(html: str) -> str:
    """The text of sanitised HTML, with a line break at every border of a block."""
    return "".join(piece.text for piece in _pieces(html))


@dataclass(frozen=True)
class _Piece:
    """A stretch of HTML from `start` in its plain text: a tag (`raw`; its text is a line break or nothing) or text."""

    start: int
    text: str
    raw: str | None = None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self.length = 0

    def add(self, text: str, raw: str | None = None) -> None:
        self.pieces.append(_Piece(self.length, text, raw))
        self.length += len(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.add("\n" if BLOCK.fullmatch(tag) else "", self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.add("\n" if BLOCK.fullmatch(tag) else "", f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.add(data)


def _pieces(html: str) -> list[_Piece]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces


def _cut(text: str, start: int, spans: Iterable[Span]) -> Iterator[str]:
    """The text, which begins at `start`, escaped, with what of the spans lies in it marked."""
    done = 0
    for first, last in spans:
        first, last = max(first - start, 0), min(last - start, len(text))
        if first < last:
            yield escape(text[done:first])
            yield format_html("<mark>{}</mark>", text[first:last])
            done = last
    yield escape(text[done:])
