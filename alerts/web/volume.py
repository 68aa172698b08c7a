"""How much an alert finds in a week, by what it would have found lately; and what that means for its emails."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from alerts.matching.preview import DAYS, MONTH, Preview, preview
from alerts.models import Hit
from alerts.query import Query

LONG, TOO_MUCH_AT_ONCE, TOO_MUCH = 25, 100, 400
"""Results a week above which a daily email is long, *as it happens* is not offered, and nothing is emailed at all."""
WORKING_DAYS = 5
"""Most of what we read comes out on so many days a week."""


@dataclass(frozen=True)
class Volume:
    """About how many results a week an alert finds."""

    a_week: float

    @property
    def is_long(self) -> bool:
        """Whether a daily email would take long to read."""
        return self.a_week > LONG

    @property
    def is_too_much_at_once(self) -> bool:
        """Whether emails as it happens would come all day."""
        return self.a_week > TOO_MUCH_AT_ONCE

    @property
    def is_too_much(self) -> bool:
        """Whether nobody would want to be emailed all that."""
        return self.a_week > TOO_MUCH

    @property
    def results(self) -> str:
        """`60 results a week`, in whole numbers."""
        return often(self.a_week, "result")

    @property
    def mails_as_it_happens(self) -> str:
        """How many emails if each result makes one: the most there can be."""
        return often(self.a_week, "email")

    @property
    def mails_daily(self) -> str:
        """How many emails where what comes on one day is one."""
        empty_days = (1 - 1 / WORKING_DAYS) ** self.a_week
        return often(WORKING_DAYS * (1 - empty_days), "email")

    @property
    def mails_weekly(self) -> str:
        """How many emails where what comes in one week is one."""
        return often(min(1, self.a_week), "email")


def often(a_week: float, what: str) -> str:
    """`4 emails a week`, `1 email a month`; '' where that would be none."""
    for number, period in ((a_week, "week"), (a_week * MONTH / 7, "month"), (a_week * 365 / 7, "year")):
        if number >= 0.95:
            return f"{round(number):,} {what}{'' if round(number) == 1 else 's'} a {period}"
    return ""


def of_query(query: Query, now: datetime.datetime) -> Volume:
    """What this query would have found."""
    return of_preview(preview(query, now), now)


def of_preview(found: Preview, now: datetime.datetime) -> Volume:
    """By the last 90 days or the last 30, whichever was busier; by fewer where there was too much to look through."""
    if found.over:
        return Volume(7 * found.last_90_days / max(1, (timezone.localdate(now) - found.since).days))
    return _busier(found.last_30_days, found.last_90_days)


def of_topics(topics: Iterable[int], now: datetime.datetime) -> dict[int, Volume]:
    """What these topics have hit: one query for all; a topic that hit nothing is left out."""
    today = timezone.localdate(now)
    quarter, month = (today - datetime.timedelta(days=days) for days in (DAYS, MONTH))
    recent = Hit.objects.filter(topic__in=topics, event__happened_on__gte=quarter, event__item__hidden_at=None)
    items = Count("event__item", distinct=True)
    lately = Count("event__item", distinct=True, filter=Q(event__happened_on__gte=month))
    found = recent.values_list("topic").annotate(quarter=items, month=lately).order_by()
    return {topic: _busier(in_month, in_quarter) for topic, in_quarter, in_month in found}


def _busier(in_month: int, in_quarter: int) -> Volume:
    return Volume(max(7 * in_month / MONTH, 7 * in_quarter / DAYS))
