"""The search: everything that words find in 90 days, a page at a time, as the preview counts it; and in older ones."""

from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.digests import wording
from alerts.matching.listing import Listing, listing
from alerts.query import Query, describe
from alerts.web.coverage import coverage
from alerts.web.pagination import pagination
from alerts.web.reading import NOTHING_TYPED, read
from alerts.web.results import Part, results
from alerts.web.search import tally
from config import clock

MOST_DIGITS = 12


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What the typed words found in the last 90 days, or in 90 earlier ones; a 404 where there is no such page."""
    now, asked = clock.now(), request.GET
    reading = read(asked.get("q", ""))
    context = {
        "reading": reading,
        "typed": reading.typed,
        "search_at": "/search",
        "coverage": coverage(now),
        "nothing_typed": NOTHING_TYPED,
    }
    found = None
    if reading.query:
        number, until = _whole(asked.get("page", "1")), _whole(asked.get("until", "0"))
        found = listing(reading.query, now, number, _day(asked.get("to", "")), until)
        context |= listed(reading.query, found, is_later_page="until" in asked)
    return render(request, "alerts/search.html", context, status=200 if found is None or found.is_there else 404)


def _whole(typed: str) -> int:
    """The whole number that was typed; 0 where it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def search_url(typed: str, to: date | None = None, page: int = 1, until: int = 0) -> str:
    """The address of a page of what these words found, in 90 days `to` one; what says nothing new is left out of it."""
    asked = {"q": typed, "to": to and to.isoformat(), "page": page if page > 1 else "", "until": until}
    return f"/search?{urlencode({name: value for name, value in asked.items() if value})}"


def listed(query: Query, found: Listing, is_later_page: bool) -> dict[str, object]:
    """A page of results, as the template shows it; its neighbours are asked for as of the same moment."""

    def address(page: int) -> str:
        return search_url(query.typed, found.last, page, found.until)

    return {
        "found": found,
        "restatement": describe(query),
        "advice": next(iter(query.advice), None) if found.number == 1 else None,
        "tally": tally(found.results, found.questions, found.texts),
        "span": wording.span(found.first, found.last) if found.last else "",
        "days": _days(found, query),
        "pagination": pagination(found.number, found.pages, address) if found.is_there else None,
        "last_page": address(found.pages),
        "newest": search_url(query.typed, found.last) if is_later_page else "",
        "earlier": search_url(query.typed, found.earlier) if found.earlier else "",
        "later": search_url(query.typed, found.later) if found.later else "",
        "last_found": search_url(query.typed, found.last_day) if found.last_day else "",
    }


def _days(found: Listing, query: Query) -> list[tuple[date, list[Part]]]:
    """The results of each day, newest first."""
    grouped = groupby(found.shown, key=lambda one: one.event.happened_on)
    return [(day, results(group, query)) for day, group in grouped]
