"""The preview: what a query would have found, before anybody saves it and without an account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone

from alerts.matching import columns
from alerts.matching.beside import READ, Beside, beside
from alerts.matching.collapse import Collapse, Results
from alerts.matching.columns import EPOCH, KINDS
from alerts.matching.past import Past, Span
from alerts.matching.rhythm import Mails, Week, mails, recess_weeks, weeks
from alerts.models import Event
from alerts.models.choices import Kind
from alerts.query import Node, Query, highlight

MONTH, DAYS = 30, 90
AHEAD = 31
"""Days to come that something can be dated."""
NEWEST = 5
ASKERS = 40
"""Members who asked most of what is found, as many as are named."""

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
    not all were. Then counts are "at least"; those of 30 days only if `since` lies within them. `last_day` is of the
    newest result there ever was, where these days have none. `askers` are members who asked most of it, by id.
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
    beside: Beside
    last_day: date | None
    askers: tuple[int, ...] = ()


def preview(query: Query, now: datetime, with_variations: bool = True) -> Preview:
    """What the query finds among the events of the last 90 days that are released, baseline or not.

    The thirteen weeks end today and are those 90 days. A result counts once, on the day of its newest event. Hidden
    items and held events do not count. Without variations it is quicker, and so it leaves them out where it met too
    much to read.
    """
    today, tree = timezone.localdate(now), query.tree
    with columns.by_index():
        past = Past(lately(today))
        found = past.found(tree)
        is_whole, collapse = found.unread_since is None, Collapse(found.rows)
        results = collapse.results()
        around = beside(query, past, found, collapse, results) if with_variations and is_whole else Beside()
        last_day = None if len(results) else day_of_the_last(tree)
    firsts = found.rows[results.firsts]
    known = weeks(firsts, today)
    texts = texts_in(found.rows, results)
    return Preview(
        last_30_days=int((firsts["day"] >= (today - timedelta(days=MONTH) - EPOCH).days).sum()),
        last_90_days=len(results),
        questions=len(results.places) - texts,
        texts=texts,
        since=found.unread_since or today - timedelta(days=DAYS),
        over=not is_whole,
        newest=as_shown(tree, found.rows, [results.of(number) for number in range(min(NEWEST, len(results)))]),
        weeks=known,
        mails=mails(collapse, known),
        beside=around,
        last_day=last_day,
        askers=_askers(firsts),
    )


def _askers(rows: np.ndarray) -> tuple[int, ...]:
    askers, numbers = np.unique(rows["asker"][rows["asker"] > 0], return_counts=True)
    return tuple(askers[np.argsort(-numbers, kind="stable")[:ASKERS]].tolist())


def day_of_the_last(tree: Node) -> date | None:
    """The day of the newest event there ever was that the tree finds."""
    rows = Past(Span()).found(tree, READ).rows
    return EPOCH + timedelta(days=int(rows["day"][0])) if len(rows) else None


def rhythm_of_topics(topics: Iterable[int], now: datetime) -> dict[int, tuple[tuple[Week, ...], Mails]]:
    """How what these topics hit in the last 90 days came; a topic that hit nothing is left out.

    The database is asked as often for many topics as for one.
    """
    today, wanted = timezone.localdate(now), set(topics)
    rows = columns.events([columns.hit_by(wanted), *lately(today).conditions]) if wanted else ()
    if not len(rows):
        return {}
    rows = columns.newest_first(rows)
    collapse, recess, rhythms = Collapse(rows), recess_weeks(today), {}
    for topic, events in columns.hits(wanted, int(rows["id"].min())).items():
        part = columns.are_among(rows["id"], events)
        if part.any():
            known = weeks(rows[collapse.results(part).firsts], today, recess)
            rhythms[topic] = known, mails(collapse, known, part)
    return rhythms


def lately(today: date) -> Span:
    """The last 90 days, and what is dated in days to come."""
    return Span(days=(today - timedelta(days=DAYS), today + timedelta(days=AHEAD)))


def texts_in(rows: np.ndarray, results: Results) -> int:
    """How many items of newsletters these results are made of; all else are written questions."""
    return int(is_text(rows)[results.places].sum())


def is_text(rows: np.ndarray) -> np.ndarray:
    """Which rows are events of newsletters' items."""
    return np.isin(rows["kind"], _TEXTS)


def as_shown(tree: Node, rows: np.ndarray, groups: Sequence[Sequence[int]]) -> tuple[Found, ...]:
    """Results, each given by the places of its rows, with everything a reader is shown of them."""
    ids = [rows["id"][group].tolist() for group in groups]
    around = ("item__source", "item__issue", "department", "asking_member", "answering_member")
    whole = Event.objects.select_related(*around).prefetch_related("department__names").defer("features")
    events = whole.in_bulk([event for group in ids for event in group])
    shown = ([events[event] for event in group] for group in ids)
    return tuple(Found(first, highlight(tree, first.document), tuple(beside)) for first, *beside in shown)
