"""Pieces of an email's HTML: what all get alike who are told the same is made once. The filters of their templates."""

from collections.abc import Iterable, Mapping
from html import escape

from markupsafe import Markup

from alerts.digests.arrange import Block
from alerts.digests.kept import kept
from alerts.digests.passage import Passage
from alerts.digests.results import Result
from alerts.digests.templates import rendered, with_styles

_OWN_LINK = "#not-relevant"
"""Stands in a piece where each reader has a link of their own."""
_NEXT_ROW = '</td></tr>\n<tr><td class="row">'
_SUBHEAD = '<p class="small"><strong>{}</strong></p>\n'


def in_rows(blocks: Iterable[Block], not_relevant: Mapping[str, str]) -> Markup:
    """Results in full, each in a row of its own but for the border of the first and the last; with their subheads."""
    rows: list[str] = []
    for block in blocks:
        first, *others = (in_full(found, not_relevant) for found in block.results)
        rows += [
            with_styles(_SUBHEAD).format(escape(block.title, quote=False)) + first if block.title else first,
            *others,
        ]
    return Markup(with_styles(_NEXT_ROW).join(rows))


def in_lines(results: Iterable[Result]) -> Markup:
    """Results as the lines of a list."""
    return Markup("".join(map(in_a_line, results)))


def in_full(found: Result, not_relevant: Mapping[str, str]) -> str:
    """A question or an item of a newsletter with everything that is said of it, and its reader's own link."""
    before, after = _around_the_link(found)
    return f"{before}{link_of(not_relevant, found)}{after}"


@kept
def _around_the_link(found: Result) -> tuple[str, str]:
    name = "_result" if found.from_parliament else "_newsletter"
    piece = rendered(f"{name}.html", {"found": found, "own_link": _OWN_LINK})
    before, _, after = piece.rpartition(_OWN_LINK)
    return before, after


def link_of(not_relevant: Mapping[str, str], found: Result) -> str:
    """The link by which a reader says that a result was not relevant."""
    return not_relevant[found.anchor]


@kept
def in_a_line(found: Result) -> str:
    """A result as a line of a list."""
    return rendered("_brief.html", {"found": found})


@kept
def marked(passage: Passage) -> Markup:
    """A passage with its marked words in bold, and dots where it was cut."""
    bold = with_styles("<b>")
    runs = (
        f"{bold}{escape(run, quote=False)}</b>" if is_marked else escape(run, quote=False)
        for run, is_marked in passage.runs()
    )
    before, after = "…" * passage.cut_before, "…" * passage.cut_after
    return Markup(f"{before}{''.join(runs)}{after}")
