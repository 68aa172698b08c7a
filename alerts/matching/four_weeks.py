"""What a topic hit in the last four weeks, and how much of it narrower words would have found."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count, Min
from django.utils import timezone

from alerts.matching import columns
from alerts.matching.collapse import Collapse
from alerts.matching.columns import EPOCH
from alerts.matching.past import MOST_READ, Past, Span
from alerts.models import Event, Hit
from alerts.query import Node

WEEKS = 4


@dataclass(frozen=True)
class FourWeeks:
    """Results in each of the four weeks that end today, the last first, counted as a digest would show them."""

    weeks: tuple[int, ...]
    rows: np.ndarray
    span: Span

    @property
    def results(self) -> int:
        """In all of them."""
        return sum(self.weeks)

    def narrower(self, tree: Node) -> int | None:
        """How many results are left where only what `tree` finds counts; None where that is too much to read."""
        with columns.by_index():
            found = Past(self.span).among(self.rows, tree, tree, MOST_READ)
        return None if found is None else len(Collapse(self.rows[found]).results())


def four_weeks(topic: int, kinds: Iterable[str], now: datetime) -> FourWeeks:
    """What this topic hit of these kinds of event."""
    today = timezone.localdate(now)
    span = Span(days=(_first(today), today), kinds=tuple(kinds))
    with columns.by_index():
        rows = columns.events([columns.hit_by({topic}), *span.conditions])
        rows = columns.newest_first(rows)
        firsts = rows[Collapse(rows).results().firsts]
    ago = ((today - EPOCH).days - firsts["day"]) // 7
    return FourWeeks(tuple(np.bincount(ago, minlength=WEEKS).tolist()), rows, span)


def busy(topics: Collection[int], hits: int, now: datetime) -> set[int]:
    """Those of these topics with more than so many hits among what was told in the four weeks; a quick look first."""
    lately = Event.objects.filter(happened_on__gte=_first(timezone.localdate(now)), seq__gt=0)
    first = lately.aggregate(first=Min("seq"))["first"]
    if first is None:
        return set()
    found = Hit.objects.filter(topic__in=topics, seq__gte=first).values("topic").annotate(hits=Count("*"))
    return set(found.filter(hits__gt=hits).order_by().values_list("topic", flat=True))


def _first(today: date) -> date:
    return today - timedelta(days=7 * WEEKS - 1)
