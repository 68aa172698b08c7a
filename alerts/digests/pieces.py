"""Pieces of an email's HTML: what all get alike who are told the same is made once. The filters of its templates."""

from collections.abc import Iterable, Mapping

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from alerts.digests.arrange import Block
from alerts.digests.kept import kept
from alerts.digests.passage import Passage
from alerts.digests.results import Result

register = template.Library()


_OWN_LINK = "#not-relevant"
"""Stands in a piece where each reader has a link of their own."""
_NEXT_ROW = '</td></tr>\n<tr><td class="row">'
_SUBHEAD = '<p class="small"><strong>{}</strong></p>\n'


@register.filter
def in_rows(blocks: Iterable[Block], not_relevant: Mapping[str, str]) -> SafeString:
    """Results in full, each in a row of its own but for the border of the first and the last; with their subheads."""
    rows: list[str] = []
    for block in blocks:
        first, *others = (in_full(found, not_relevant) for found in block.results)
        rows += [format_html(_SUBHEAD, block.title) + first if block.title else first, *others]
    return mark_safe(_NEXT_ROW.join(rows))


@register.filter
def in_lines(results: Iterable[Result]) -> SafeString:
    """Results as the lines of a list."""
    return mark_safe("".join(map(in_a_line, results)))


def in_full(found: Result, not_relevant: Mapping[str, str]) -> SafeString:
    """A question or an item of a newsletter with everything that is said of it, and its reader's own link."""
    before, after = _around_the_link(found)
    return mark_safe(f"{before}{link_of(not_relevant, found)}{after}")


@kept
def _around_the_link(found: Result) -> tuple[str, str]:
    name = "_result" if found.from_parliament else "_newsletter"
    piece = render_to_string(f"emails/{name}.html", {"found": found, "own_link": _OWN_LINK})
    before, _, after = piece.rpartition(_OWN_LINK)
    return before, after


@register.filter
def link_of(not_relevant: Mapping[str, str], found: Result) -> str:
    """The link by which a reader says that a result was not relevant."""
    return not_relevant[found.anchor]


@kept
def in_a_line(found: Result) -> SafeString:
    """A result as a line of a list."""
    return render_to_string("emails/_brief.html", {"found": found})


@register.filter
def marked(passage: Passage) -> SafeString:
    """A passage with its marked words in bold, and dots where it was cut."""
    runs = (f"<b>{escape(run)}</b>" if is_marked else escape(run) for run, is_marked in passage.runs())
    before, after = "…" * passage.cut_before, "…" * passage.cut_after
    return mark_safe(f"{before}{''.join(runs)}{after}")
