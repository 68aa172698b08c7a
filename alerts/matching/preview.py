"""The preview: what a query would have found, before anybody saves it and without an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from alerts.matching.collapse import Collapse, Results
from alerts.matching.columns import EPOCH, KINDS
from alerts.matching.past import Past, Span, past
from alerts.matching.rhythm import Mails, Week, mails, weeks
from alerts.models import Event
from alerts.models.choices import Kind
from alerts.query import Node, Query, highlight

MONTH, DAYS = 30, 90
AHEAD = 31
"""Days to come that something can be dated."""
NEWEST = 5

_TEXTS = [KINDS.index(Kind.PUBLISHED), KINDS.index(Kind.REVISED)]

Spans = Mapping[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Found:
    """A result's newest event that the query finds, for each zone the spans (start, end) to mark in its text.

    `beside` are the events of the other items that are the same result.
    """

    event: Event
    spans: Spans
    beside: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What the query finds in the last 90 days, counted in results as a digest would show them, and the newest five.

    `last_30_days` and `last_90_days` are results; `questions` and `texts` are the written questions and the items of
    newsletters in those of 90 days. `over`: too many texts had to be read, and those of `since` and the days before
    not all were. Then counts are "at least"; those of 30 days only if `since` lies within them.
    """

    last_30_days: int
    last_90_days: int
    questions: int
    texts: int
    since: date
    over: bool
    newest: tuple[Found, ...]
    weeks: tuple[Week, ...]
    mails: Mails


def preview(query: Query, now: datetime) -> Preview:
    """What the query finds among the events of the last 90 days that are released, baseline or not.

    The thirteen weeks end today and are those 90 days. A result counts once, on the day of its newest event. Hidden
    items and held events do not count.
    """
    today = timezone.localdate(now)
    found = past(query.tree, lately(today))
    collapse = Collapse(found.rows)
    results = collapse.results()
    firsts = found.rows[results.firsts]
    known = weeks(firsts, today)
    texts = int(np.isin(found.rows["kind"][results.places], _TEXTS).sum())
    return Preview(
        last_30_days=int((firsts["day"] >= (today - timedelta(days=MONTH) - EPOCH).days).sum()),
        last_90_days=len(results),
        questions=len(results.places) - texts,
        texts=texts,
        since=found.unread_since or today - timedelta(days=DAYS),
        over=found.unread_since is not None,
        newest=_newest(query.tree, found, results),
        weeks=known,
        mails=mails(collapse, known),
    )


def lately(today: date) -> Span:
    """The last 90 days, and what is dated in days to come."""
    return Span(days=(today - timedelta(days=DAYS), today + timedelta(days=AHEAD)))


def _newest(tree: Node, found: Past, results: Results) -> tuple[Found, ...]:
    """The newest results with everything a reader is shown of them."""
    groups = [found.rows["id"][results.of(number)].tolist() for number in range(min(NEWEST, len(results)))]
    around = ("item__source", "item__issue", "department", "asking_member", "answering_member")
    whole = Event.objects.select_related(*around).prefetch_related("department__names").defer("features")
    events = whole.in_bulk([event for group in groups for event in group])
    shown = ([events[event] for event in group] for group in groups)
    return tuple(Found(first, highlight(tree, first.document), tuple(beside)) for first, *beside in shown)
