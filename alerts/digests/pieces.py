"""Pieces of an email's HTML: what all get alike who are told the same is made once. The filters of its templates."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from alerts.digests.facts import KEPT
from alerts.digests.passage import Passage
from alerts.digests.results import Result

register = template.Library()


@register.filter
@lru_cache(maxsize=KEPT)
def in_full(found: Result) -> SafeString:
    """A question or an item of a newsletter with everything that is said of it."""
    name = "_result" if found.from_parliament else "_newsletter"
    return render_to_string(f"emails/{name}.html", {"found": found})


@register.filter
@lru_cache(maxsize=KEPT)
def in_a_line(found: Result) -> SafeString:
    """A result as a line of a list."""
    return render_to_string("emails/_brief.html", {"found": found})


@register.filter
def marked(passage: Passage) -> SafeString:
    """A passage with its marked words in bold, and dots where it was cut."""
    runs = (f'<b class="m">{escape(run)}</b>' if is_marked else escape(run) for run, is_marked in passage.runs())
    before, after = "…" * passage.cut_before, "…" * passage.cut_after
    return mark_safe(f"{before}{''.join(runs)}{after}")
