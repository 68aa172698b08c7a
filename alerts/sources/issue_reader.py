"""Foreign HTML of a newsletter read once, in one pass, into clean blocks."""

import re
from html.parser import HTMLParser

import nh3

from alerts.sources.html_text import BLOCKS, STRANGE, is_hostile, paragraphs, plain
from alerts.sources.issue_blocks import Block, BlockKind
from alerts.sources.issue_links import followable, scrubbed
from alerts.sources.issue_writer import LISTS, Frame, Inline, Writer

BOLD, ITALIC = {"strong", "b"}, {"em", "i"}
BORDERS = BLOCKS | {"center", "form", "fieldset", "summary", "details"}
READ = BORDERS | BOLD | ITALIC | {"a", "span", "font", "u", "small", "big"}
NEVER_READ = {"script", "style", "title", "svg", "math", "template", "textarea", "select", "noscript"}
READ_ATTRIBUTES = {"*": {"style", "class", "hidden"}, "a": {"href"}, "ol": {"start"}}
VOID = {"br", "hr"}
FONT_WEIGHT = re.compile(r"(?<![a-z-])font-weight:(?:bold|[7-9]00)")
MAILERS_OWN = re.compile(r"\b(?:mcnTextBlock|mcnBoxedTextBlock|mceText)\b")
MAILJETS_OWN = re.compile(r"\btext-build-content\b")
RULE = re.compile(r"\b(?:mcnDividerBlock|mceDividerBlock)\b")
BLANKS = re.compile(r"\s+")


def read_html(source: str, base_url: str = "") -> list[Block]:
    """The blocks of foreign HTML in their order, with nothing left in them that is hidden, personal or unsafe.

    HTML that is nested or long beyond reason gives its bare text.
    """
    if is_hostile(source):
        return [Block(BlockKind.PARAGRAPH, paragraphs(line), line) for line in plain(source).split("\n") if line]
    wellformed = nh3.clean(source, tags=READ, clean_content_tags=NEVER_READ, attributes=READ_ATTRIBUTES, link_rel=None)
    reader = _Reader(base_url)
    reader.feed(wellformed)
    reader.close()
    reader.writer.end_block()
    return reader.writer.blocks


class _Reader(HTMLParser):
    """Reads well-formed HTML aloud to a writer."""

    def __init__(self, base_url: str):
        super().__init__(convert_charrefs=True)
        self.writer = Writer()
        self._base_url = base_url
        self._frames: list[Frame] = []
        self._wanted: list[Inline] = []
        self._marks = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        outer = self._frames[-1] if self._frames else None
        if tag == "hr" or RULE.search(attributes.get("class") or ""):
            self.writer.border()
            self.writer.after_rule = True
        if tag in VOID:
            if tag == "br" and not (outer and outer.is_hidden):
                self.writer.break_line()
            return
        frame = Frame(tag, outer)
        self._frames.append(frame)
        self._number(frame, attributes.get("class") or "")
        style = frame.style(attributes)
        if tag in BORDERS and not frame.is_hidden:
            self._enter(frame, attributes)
        frame.inline = self._inline(tag, attributes, style)
        self._wanted += [frame.inline] if frame.inline else []

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._frames or self._frames[-1].tag != tag:
            return
        frame = self._frames.pop()
        if frame.inline:
            self._wanted.remove(frame.inline)
        if frame.is_written and tag == "li":
            self.writer.close_to(LISTS)
        elif frame.is_written:
            self.writer.close(tag)
        elif tag in BORDERS and not frame.is_hidden:
            self.writer.border()

    def handle_data(self, data: str) -> None:
        frame = self._frames[-1] if self._frames else Frame("", None)
        if not frame.is_hidden and not frame.is_tiny:
            self.writer.write(BLANKS.sub(" ", scrubbed(data.translate(STRANGE))), self._wanted, frame)

    def _number(self, frame: Frame, name: str) -> None:
        """Notes which text block of a mailing program an element begins; one program marks only what is in a cell."""
        if MAILERS_OWN.search(name) or frame.tag in {"td", "th"}:
            self._marks += 1
        if frame.tag in {"td", "th"}:
            frame.cell = self._marks
        if MAILERS_OWN.search(name):
            frame.mailer = self._marks
        elif MAILJETS_OWN.search(name):
            frame.mailer = frame.cell

    def _enter(self, frame: Frame, attributes: dict[str, str | None]) -> None:
        if frame.tag == "li" and self.writer.is_in(LISTS):
            self.writer.open_point()
            frame.is_written = True
            return
        self.writer.border()
        if frame.tag in LISTS:
            frame.is_written = self.writer.open_list(frame.tag, _start(frame.tag, attributes.get("start")))
        elif frame.tag == "blockquote":
            frame.is_written = self.writer.open_quote()

    def _inline(self, tag: str, attributes: dict[str, str | None], style: str) -> Inline | None:
        if tag == "a":
            raw = attributes.get("href") or ""
            return Inline("a", raw, followable(raw, self._base_url))
        if tag in BOLD or (tag in {"span", "font"} and FONT_WEIGHT.search(style)):
            return Inline("strong")
        return Inline("em") if tag in ITALIC else None


def _start(tag: str, start: str | None) -> int | None:
    """The number a list begins with; None for one without numbers."""
    if tag != "ol":
        return None
    return int(start) if start and len(start) < 7 and start.isascii() and start.isdigit() else 1
