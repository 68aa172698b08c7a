"""Clean HTML written block by block, as the words of a newsletter are read out."""

import html
import re

from alerts.sources.html_text import plain, tidy
from alerts.sources.issue_blocks import Block, BlockKind
from alerts.sources.issue_links import is_personal, real_host

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ul", "ol"}
KINDS = {"ul": BlockKind.LIST, "ol": BlockKind.LIST, "bl": BlockKind.QUOTE}
HIDDEN = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?<![a-z-])(?:max-)?height:0(?:px)?(?:;|!|$)"
    r"|opacity:0(?:\.0+)?(?:;|!|$)|text-indent:-\d{3,}"
)
FONT_SIZE = re.compile(r"(?<![a-z-])font-size:(\d+(?:\.\d+)?)(px|pt|em|rem|%)?")
PREHEADER = re.compile(r"\b(?:mcnPreviewText|preheader|preview-?text)\b", re.IGNORECASE)
LONGEST_NOTICE = 240
"""Characters of a paragraph that is gone together with the personal link in it; of a longer one only the link is."""
DEEPEST_LIST = 12
ANY_TAG = re.compile(r"<[^<>]*>")


class Frame:
    """An element that is open in the source, and what it passes on to what stands in it."""

    __slots__ = ("cell", "heading", "inline", "is_hidden", "is_tiny", "is_written", "mailer", "size", "tag")

    def __init__(self, tag: str, outer: "Frame | None"):
        self.tag = tag
        self.inline: Inline | None = None
        self.is_written = False
        self.is_hidden = outer.is_hidden if outer else False
        self.is_tiny = outer.is_tiny if outer else False
        self.size = outer.size if outer else 0
        self.heading = HEADINGS.get(tag, outer.heading if outer else 0)
        self.mailer = outer.mailer if outer else None
        self.cell = outer.cell if outer else 0

    def style(self, attributes: dict[str, str | None]) -> str:
        """Takes over what the element's style says, and gives it without blanks."""
        style = "".join((attributes.get("style") or "").lower().split())
        is_preheader = PREHEADER.search(attributes.get("class") or "")
        self.is_hidden = self.is_hidden or bool(is_preheader or "hidden" in attributes or HIDDEN.search(style))
        for number, unit in FONT_SIZE.findall(style):
            self.is_tiny = float(number) <= (1 if unit in {"px", "pt", ""} else 0)
            self.size = round(float(number)) if unit == "px" else self.size
        return style


class Inline:
    """An inline element wanted around text: bold, italic, or one link, with what was written in it."""

    __slots__ = ("at", "href", "name", "raw", "words")

    def __init__(self, name: str, raw: str = "", href: str = ""):
        self.name, self.raw, self.href = name, raw, href
        self.at, self.words = 0, ""

    def is_like(self, other: "Inline") -> bool:
        """Whether text of both may stand in one element."""
        return self is other or self.name == other.name != "a"

    @property
    def opening(self) -> str:
        if self.name == "a":
            return f'<a href="{html.escape(self.href)}">' if self.href else ""
        return f"<{self.name}>"

    @property
    def closing(self) -> str:
        return "" if self.name == "a" and not self.href else f"</{self.name}>"


class Writer:
    """Writes blocks of clean HTML; an element is opened only when there is text for it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.after_rule = False
        self._begin()

    def _begin(self) -> None:
        """A block that has nothing in it yet."""
        self._out: list[str] = []
        self._open: list[tuple[str, int, int]] = []
        self._inlines: list[Inline] = []
        self._written = self._not_bold = self._not_linked = 0
        self._blank, self._breaks, self._is_personal = False, 0, False
        self._first: Frame | None = None
        self._points: list[str] = []
        self._start: int | None = None

    def is_in(self, tags: set[str]) -> bool:
        """Whether one of these elements is open."""
        return any(name in tags for name, *_ in self._open)

    def break_line(self) -> None:
        """Notes a line break of the source, to be written before the next text."""
        self._breaks += 1

    def border(self) -> None:
        """A border between two blocks; within a point of a list it is a line break."""
        if self._innermost == "li":
            self._breaks += 1
            return
        if self._innermost == "p":
            self._pop()
        if not self._open:
            self.end_block()

    def open_list(self, tag: str, start: int | None) -> bool:
        """Begins a list, unless it is within too many others."""
        if sum(name in LISTS for name, *_ in self._open) >= DEEPEST_LIST:
            return False
        if not self._open:
            self._start = start
        if self._innermost in LISTS:
            self._push("<li>", "li")
        self._push(f"<{tag}>" if start in {None, 1} else f'<ol start="{start}">', tag)
        return True

    def open_point(self) -> None:
        """Begins a point of the innermost list."""
        self.close_to(LISTS)
        self._push("<li>", "li")

    def open_quote(self) -> bool:
        """Begins a quotation, unless it is within another block."""
        if self._open:
            return False
        self._push("<blockquote>", "blockquote")
        return True

    def close(self, tag: str) -> None:
        """Ends the innermost list or quotation."""
        self.close_to({tag})
        self._pop()
        if not self._open:
            self.end_block()

    def close_to(self, tags: set[str]) -> None:
        """Closes all that is open within the innermost of these elements."""
        while self._open and self._innermost not in tags:
            self._pop()

    def write(self, text: str, wanted: list[Inline], frame: Frame) -> None:
        """Text with single blanks, with these elements around it."""
        self._blank = self._blank or text.startswith(" ")
        words = text.strip()
        if not words:
            return
        wanted = _once_each(wanted, frame)
        self._settle_breaks(wanted, frame)
        if self._innermost not in {"p", "li"}:
            inner = "li" if self._innermost in LISTS else "p"
            self._push(f"<{inner}>", inner)
        self._first = self._first or frame
        self._open_inlines(wanted)
        self._out.append(html.escape(words, quote=False))
        self._count(words)
        self._blank = text.endswith(" ")

    def end_block(self) -> None:
        """Keeps the block, unless it says nothing or is a notice to one reader."""
        while self._open:
            self._pop()
        source = "".join(self._out)
        text = _text_of(source)
        if not any(sign.isalnum() for sign in text):
            self.after_rule = self.after_rule or bool(text)
        elif not self._is_personal or len(text) > LONGEST_NOTICE:
            self.blocks.append(self._block(source, text))
            self.after_rule = False
        self._begin()

    def _block(self, source: str, text: str) -> Block:
        first = self._first or Frame("", None)
        kind = KINDS.get(source[1:3], BlockKind.PARAGRAPH)
        is_heading = kind == BlockKind.PARAGRAPH and first.heading > 0
        return Block(
            kind=BlockKind.HEADING if is_heading else kind,
            html=source,
            text=text,
            level=first.heading if is_heading else 0,
            is_bold=kind == BlockKind.PARAGRAPH and self._not_bold == 0,
            is_link=kind == BlockKind.PARAGRAPH and self._not_linked == 0,
            size=first.size,
            mailer=first.mailer,
            after_rule=self.after_rule,
            points=tuple(self._points),
            start=self._start,
        )

    @property
    def _innermost(self) -> str:
        return self._open[-1][0] if self._open else ""

    def _push(self, opening: str, tag: str) -> None:
        self._close_inlines()
        self._open.append((tag, len(self._out), self._written))
        self._out.append(opening)
        self._breaks, self._blank = 0, False

    def _pop(self) -> None:
        """Closes the innermost element, or takes it back if nothing was written in it."""
        self._close_inlines()
        tag, at, written = self._open.pop()
        if self._written == written:
            del self._out[at:]
        else:
            self._out.append(f"</{tag}>")
            if tag == "li" and len(self._open) == 1:
                self._points.append("".join(self._out[at + 1 : -1]))
        self._breaks, self._blank = 0, False

    def _settle_breaks(self, wanted: list[Inline], frame: Frame) -> None:
        """Writes the line breaks that came before a text: two end a paragraph, and so does one after a bold line."""
        breaks, self._breaks = self._breaks, 0
        has_text = bool(self._open) and self._written > self._open[-1][2]
        self._blank = self._blank and has_text
        if not breaks or not has_text:
            return
        ends_bold_line = self._not_bold == 0 and not _is_bold(wanted)
        if self._innermost == "p" and not frame.heading and (breaks > 1 or ends_bold_line):
            self.border()
        elif self._innermost in {"p", "li"}:
            self._close_inlines(self._shared(wanted))
            self._out.append("<br>")
        self._blank = False

    def _shared(self, wanted: list[Inline]) -> int:
        """How many of the open inline elements may stay open."""
        shared = 0
        for one, other in zip(self._inlines, wanted, strict=False):
            if not one.is_like(other):
                break
            shared += 1
        return shared

    def _open_inlines(self, wanted: list[Inline]) -> None:
        shared = self._shared(wanted)
        self._close_inlines(shared)
        if self._blank:
            self._out.append(" ")
        for inline in wanted[shared:]:
            inline.at, inline.words = len(self._out), ""
            self._out.append(inline.opening)
            self._inlines.append(inline)

    def _close_inlines(self, kept: int = 0) -> None:
        while len(self._inlines) > kept:
            inline = self._inlines.pop()
            if inline.name != "a":
                self._out.append(inline.closing)
            elif is_personal(inline.raw, inline.words):
                self._take_back(inline)
            else:
                host = real_host(inline.href, inline.words) if inline.href else ""
                self._out.append((f" ({html.escape(host)})" if host else "") + inline.closing)

    def _take_back(self, link: Inline) -> None:
        """Removes a personal link with its words, and the blank or line break before it."""
        del self._out[link.at :]
        self._written -= len(link.words)
        self._is_personal = True
        while self._out and self._out[-1] in {" ", "<br>"}:
            self._out.pop()
            self._blank = True

    def _count(self, words: str) -> None:
        self._written += len(words)
        links = [inline for inline in self._inlines if inline.name == "a"]
        for link in links:
            link.words += words
        self._not_linked += len(words) * (not any(link.href for link in links))
        self._not_bold += len(words) * (not _is_bold(self._inlines))


def _text_of(source: str) -> str:
    """The words of a block; most blocks are paragraphs, of which it takes little to know them."""
    if not source.startswith("<p>"):
        return plain(source) if source else ""
    return tidy(html.unescape(ANY_TAG.sub("", source.replace("<br>", "\n"))))


def _once_each(wanted: list[Inline], frame: Frame) -> list[Inline]:
    """Each kind of inline element once, from the outside to the inside; a heading is bold as a whole."""
    found = {"strong": Inline("strong")} if frame.heading else {}
    for inline in wanted:
        found.setdefault(inline.name, inline)
    return list(found.values())


def _is_bold(inlines: list[Inline]) -> bool:
    return any(inline.name == "strong" for inline in inlines)
