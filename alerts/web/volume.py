"""How much an alert finds in a week, by what it would have found lately; and what that means for its emails."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from alerts.matching.preview import MONTH, Preview, preview, rhythm_of_topics
from alerts.matching.rhythm import Mails, Week, a_week
from alerts.query import Query

LONG, TOO_MUCH_AT_ONCE, TOO_MUCH = 25, 100, 400
"""Results a week above which a daily email is long, *as it happens* is not offered, and nothing is emailed at all."""


@dataclass(frozen=True)
class Volume:
    """About how many results a week an alert finds, and how many emails they would make, if that is known."""

    a_week: float
    mails: Mails | None = None

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
        """How many emails if each quarter of an hour with something new makes one."""
        return often(self.mails.as_it_happens, "email") if self.mails else ""

    @property
    def mails_daily(self) -> str:
        """How many emails where what comes on one day is one."""
        return often(self.mails.daily, "email") if self.mails else ""

    @property
    def mails_weekly(self) -> str:
        """How many emails where what comes in one week is one."""
        return often(self.mails.weekly, "email") if self.mails else ""


def often(a_week: float, what: str) -> str:
    """`4 emails a week`, `1 email a month`; '' where that would be none."""
    for number, period in ((a_week, "week"), (a_week * MONTH / 7, "month"), (a_week * 365 / 7, "year")):
        if number >= 0.95:
            return f"{round(number):,} {what}{'' if round(number) == 1 else 's'} a {period}"
    return ""


def of_query(query: Query, now: datetime.datetime) -> Volume:
    """What this query would have found."""
    return of_preview(preview(query, now, with_variations=False), now)


def of_preview(found: Preview, now: datetime.datetime) -> Volume:
    """By the last 90 days; by fewer where there was too much to look through."""
    if found.over:
        days = (timezone.localdate(now) - found.since).days
        return Volume(7 * found.last_90_days / max(1, days), found.mails)
    return of_weeks(found.weeks, found.mails)


def of_weeks(weeks: Iterable[Week], mails: Mails) -> Volume:
    """By weeks, those of recess left out."""
    return Volume(a_week(list(weeks)), mails)


def of_topics(topics: Iterable[int], now: datetime.datetime) -> dict[int, Volume]:
    """What these topics have hit; a topic that hit nothing is left out."""
    return {topic: known for topic, (_, known) in weeks_of_topics(topics, now).items()}


def weeks_of_topics(topics: Iterable[int], now: datetime.datetime) -> dict[int, tuple[tuple[Week, ...], Volume]]:
    """The same with the thirteen weeks it is of."""
    rhythms = rhythm_of_topics(topics, now)
    return {topic: (weeks, of_weeks(weeks, mails)) for topic, (weeks, mails) in rhythms.items()}
