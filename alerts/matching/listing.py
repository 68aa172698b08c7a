"""The listing: everything that a query finds, a page at a time, collapsed and counted as the preview does it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from alerts.matching import columns
from alerts.matching.collapse import Collapse, Results
from alerts.matching.past import Past, Span
from alerts.matching.preview import DAYS, Found, as_shown, day_of_the_last, is_text, lately, texts_in
from alerts.models import Event
from alerts.query import Query

PAGE = 20
"""Results of one page."""
DAY = timedelta(days=1)
OLDEST = date(1900, 1, 1)
"""The last of the oldest days that can be asked for."""


@dataclass(frozen=True)
class Listing:
    """One page of what a query finds in 90 days, newest day first; a day's questions stand before its newsletters.

    `first` and `last` are these days; `last` is None where they are the preview's, which end today. `earlier` and
    `later` are the last days of the 90 before and after them, `earlier` None where nothing that old is known.
    `results`, `questions` and `texts` count all pages, as they do in the preview; `over` and `since` are its as well.
    `until` is when the last of it was let in, in seconds: asked for again with it, what comes later moves nothing to
    another page, and `newer` says how many results that left out. `shown` is empty where there is no page of this
    number. `last_day` is of the newest result there ever was, where these days have none.
    """

    first: date
    last: date | None
    earlier: date | None
    later: date | None
    number: int
    pages: int
    results: int
    questions: int
    texts: int
    since: date
    over: bool
    until: int
    newer: int
    shown: tuple[Found, ...]
    last_day: date | None

    @property
    def is_there(self) -> bool:
        """Whether there is a page of this number."""
        return 1 <= self.number <= self.pages


def listing(query: Query, now: datetime, number: int = 1, last: date | None = None, until: int = 0) -> Listing:
    """A page of the 90 days that the preview counts, or of those up to a `last` day; `until` 0 is up to now.

    A page costs the same wherever it is, and however much we hold: only its own texts are read to be shown.
    """
    today, tree = timezone.localdate(now), query.tree
    first, last = _days(today, last)
    with columns.by_index():
        found = Past(Span(days=(first, last)) if last else lately(today)).found(tree)
        collapse = Collapse(found.rows)
        results, newer = _until(collapse, until)
        last_day = None if len(results) else day_of_the_last(tree)
    texts = texts_in(found.rows, results)
    return Listing(
        first=first,
        last=last,
        earlier=first - DAY if _reaches_before(first) else None,
        later=last + timedelta(days=DAYS) if last else None,
        number=number,
        pages=max(1, -(-len(results) // PAGE)),
        results=len(results),
        questions=len(results.places) - texts,
        texts=texts,
        since=found.unread_since or first,
        over=found.unread_since is not None,
        until=until or int(found.rows["released"].max(initial=0)),
        newer=newer,
        shown=as_shown(tree, found.rows, [results.of(one) for one in _of_page(found.rows, results, number)]),
        last_day=last_day,
    )


def _days(today: date, last: date | None) -> tuple[date, date | None]:
    """The first of the days, and their last where they are not the preview's own."""
    if last is None or last >= today:
        return today - timedelta(days=DAYS), None
    last = max(last, OLDEST)
    return last - timedelta(days=DAYS) + DAY, last


def _reaches_before(day: date) -> bool:
    """Whether anything is known that happened before this day."""
    return Event.objects.filter(happened_on__lt=day, released_at__isnull=False).exists()


def _until(collapse: Collapse, until: int) -> tuple[Results, int]:
    """The results of what was let in by then, or of all, and how many more there are of all."""
    results = collapse.results()
    if not until:
        return results, 0
    before = collapse.results(collapse.rows["released"] <= until)
    return before, max(0, len(results) - len(before))


def _of_page(rows: np.ndarray, results: Results, number: int) -> list[int]:
    """The numbers of the results on this page."""
    firsts = results.firsts
    order = np.lexsort((np.arange(len(firsts)), is_text(rows)[firsts], -rows["day"][firsts]))
    return order[max(0, number - 1) * PAGE : max(0, number) * PAGE].tolist()
