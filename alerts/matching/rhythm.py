"""Rhythm: how what a query finds comes week by week, and how many emails that would make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np
from django.db.models import Count

from alerts.matching.collapse import Collapse
from alerts.matching.columns import EPOCH, KINDS
from alerts.models import Event, Subscription
from alerts.models.choices import Kind

WEEKS = 13
RECESS = 0.1
"""A week is one of recess if Parliament published less than this share of what it does in its median week."""
BATCH = 15 * 60
"""Seconds between two emails as it happens, at the least."""
BATCHES_A_DAY = 40
"""Quarters of an hour in which answers usually come out on a day, 8:00 to 18:00, where we did not see it happen."""

_TOLD = [KINDS.index(kind) for kind in Subscription().kinds]
"""The kinds of event that an alert tells whose owner ticks no other box."""
_OF_PARLIAMENT = set(Kind.values) - {Kind.PUBLISHED, Kind.REVISED}


@dataclass(frozen=True)
class Week:
    """Seven days that begin with `begins`, and how many results they had; `recess`: Parliament published hardly any."""

    begins: date
    results: int
    recess: bool

    @property
    def ends(self) -> date:
        """The last of its days."""
        return self.begins + timedelta(days=6)


@dataclass(frozen=True)
class Mails:
    """Emails in a week that is not of recess, for each frequency, on average."""

    as_it_happens: float
    daily: float
    weekly: float


def weeks(first_rows: np.ndarray, today: date, recess: Sequence[bool] | None = None) -> tuple[Week, ...]:
    """The results, each a row, in the thirteen weeks that end today, the oldest first; `recess` where it is known."""
    begins = _begins(today)
    results = np.bincount(_week(first_rows["day"], begins[0]), minlength=WEEKS).tolist()
    return tuple(map(Week, begins, results, recess_weeks(today) if recess is None else recess))


def recess_weeks(today: date) -> list[bool]:
    """Which of the thirteen weeks are of recess."""
    return _recess(_begins(today))


def a_week(known: Sequence[Week]) -> float:
    """Results in a week that is not of recess, on average."""
    sitting = [week.results for week in known if not week.recess]
    return sum(sitting) / max(1, len(sitting))


def mails(collapse: Collapse, known: Sequence[Week], part: np.ndarray | None = None) -> Mails:
    """What these events, or those where `part` is true, would have made, told as if an alert's boxes are left alone."""
    rows = collapse.rows
    week = _week(rows["day"], known[0].begins)
    sits = np.array([not one.recess for one in known])
    told = np.isin(rows["kind"], _TOLD) & sits[week] & (True if part is None else part)
    number = max(1, int(sits.sum()))
    days, in_weeks = np.unique(rows["day"][told]), np.unique(week[told])
    return Mails(_batches(collapse, told) / number, len(days) / number, len(in_weeks) / number)


def _batches(collapse: Collapse, told: np.ndarray) -> float:
    """Quarters of an hour with something new: those we saw, and on days before we watched as many as is likely."""
    rows = collapse.rows
    watched = told & (rows["seq"] != 0)
    seen = len(np.unique(rows["released"][watched] // BATCH))
    before = collapse.results(told & ~watched)
    _, a_day = np.unique(rows["day"][before.firsts], return_counts=True)
    return seen + float((BATCHES_A_DAY * (1 - (1 - 1 / BATCHES_A_DAY) ** a_day)).sum())


def _begins(today: date) -> list[date]:
    return [today - timedelta(days=7 * number + 6) for number in reversed(range(WEEKS))]


def _week(days: np.ndarray, begins: date) -> np.ndarray:
    """The number of the week of each day; days to come belong to the last."""
    return np.clip((days - (begins - EPOCH).days) // 7, 0, WEEKS - 1)


def _recess(begins: Sequence[date]) -> list[bool]:
    """Which weeks are of recess, by what all of Parliament's events come to in them."""
    days = Event.objects.filter(happened_on__gte=begins[0]).values_list("happened_on", "kind").order_by()
    published = [0] * len(begins)
    for day, kind, number in days.annotate(number=Count("*")):
        if kind in _OF_PARLIAMENT:
            published[min((day - begins[0]).days // 7, len(begins) - 1)] += number
    usual = median(filter(None, published)) if any(published) else 0
    return [number < RECESS * usual for number in published]
