"""The past: every event that a query finds in a span of time, and nothing else.

The database decides for most queries. Where it only knows who can match, the texts are read, newest first, as many
as there is time for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from psycopg import sql

from alerts.matching import columns
from alerts.matching.columns import EPOCH, KINDS, NO_SEQ
from alerts.matching.kept import same_key
from alerts.matching.lexemes import UNREAD, Bounds, bounds, months, quoted
from alerts.matching.literal import literal
from alerts.matching.named import named
from alerts.models import Event
from alerts.models.choices import Kind
from alerts.query import Document, Field, Node, matches
from alerts.query.document import ZONES
from alerts.query.nodes import leaves

MOST_READ = 1_500
"""Texts that the evaluator is asked about at most, for one query."""
FEW = 100
"""Texts up to which it is not worth while to ask the database once more."""


@dataclass(frozen=True)
class Span:
    """Which events are looked among: of these days (from, to), or numbered after `from_seq` and up to `to_seq`.

    Either of them, or both; and of some kinds only.
    """

    days: tuple[date, date] | None = None
    from_seq: int | None = None
    to_seq: int = NO_SEQ
    kinds: tuple[str, ...] = KINDS

    @property
    def conditions(self) -> list[sql.Composable]:
        """The same, for the database."""
        asked = []
        if self.days:
            asked.append(columns.between(*self.days))
        if self.from_seq is not None:
            asked.append(sql.SQL("seq > {} AND seq <= {}").format(sql.Literal(self.from_seq), sql.Literal(self.to_seq)))
        if self.kinds != KINDS:
            asked.append(columns.one_of("kind", self.kinds))
        return asked

    @property
    def months(self) -> str:
        """What the features of the events in it meet, '' if that could be all."""
        return f"{months(*self.days)} & " if self.days else ""


@dataclass(frozen=True)
class Found:
    """The events found, newest first; of `unread_since` and the days before not all that could match were read.

    `by_words`: each of them is found by its own words, none only because it corrects what is.
    """

    rows: np.ndarray
    unread_since: date | None = None
    by_words: bool = True


class _Where(NamedTuple):
    """Where events are looked for: in which months, and under which conditions."""

    months: str
    conditions: list[sql.Composable]

    def meets(self, queries: Iterable[str]) -> list[sql.Composable]:
        """The conditions on which something is kept of an event, and meets any of these queries."""
        return [columns.meets(f"{self.months}{query} & !{quoted(UNREAD)}" for query in queries), *self.conditions]


class Past:
    """The events of a span, to be asked, within `columns.by_index`, for what any number of queries find among them."""

    def __init__(self, span: Span):
        self.span = span
        self._where = _Where(span.months, span.conditions)
        self._names = cache(named)
        self._ids = cache(lambda queries: columns.ids(self._where.meets(queries)))

    def found(self, tree: Node, most_read: int | None = None) -> Found:
        """What `tree` finds, and what corrects an answer that it finds: who was told that is told this."""
        most, asked = MOST_READ if most_read is None else most_read, self._bounds(tree)
        possible = columns.events(self._where.meets(asked.perhaps))
        found = _found(tree, asked, self._where, possible, self._unknown, most)
        whole = self._and_corrections(tree, found, self._corrections, most)
        return replace(whole, rows=columns.newest_first(whole.rows))

    def among(self, rows: np.ndarray, tree: Node, rest: Node, most_read: int) -> np.ndarray | None:
        """Which of these rows `tree` finds, that finds no others; whether their words are found, `rest` says as well.

        None where more texts would have to be read than that.
        """
        asked = self._bounds(rest)
        possible = _these(rows, self._ids(asked.perhaps))
        found = _found(rest, asked, self._where, possible, _these(rows, self._unknown["id"]), most_read)
        whole = self._and_corrections(tree, found, _these(self._corrections, rows["id"]), most_read)
        return None if whole.unread_since else columns.are_among(rows["id"], whole.rows["id"])

    def _bounds(self, tree: Node) -> Bounds:
        return bounds(tree, self._names)

    @cached_property
    def _unknown(self) -> np.ndarray:
        """The events of which nothing is kept: they wait for their number, or are too long."""
        return columns.events([_unknown_or(f"{self.span.months}{quoted(UNREAD)}"), *self.span.conditions])

    @cached_property
    def _corrections(self) -> np.ndarray:
        kind = quoted(f"@kind:{Kind.CORRECTED}")
        only = columns.one_of("kind", {Kind.CORRECTED} & set(self.span.kinds))
        return columns.events([_unknown_or(self.span.months + kind), only, *self.span.conditions])

    def _and_corrections(self, tree: Node, found: Found, corrections: np.ndarray, most: int) -> Found:
        """What is found, and those corrections, but for those found already, of answers that `tree` finds."""
        corrected = corrections[~columns.are_among(corrections["id"], found.rows["id"])]
        if len(corrected):
            where = _Where("", [columns.among("item_id", corrected["item"]), columns.one_of("kind", [Kind.ANSWERED])])
            asked, unknown = self._bounds(tree), columns.events([_unknown_or(quoted(UNREAD)), *where.conditions])
            answered = _found(tree, asked, where, columns.events(where.meets(asked.perhaps)), unknown, most).rows
            corrected = corrected[columns.are_among(corrected["item"], answered["item"])]
        return Found(np.concatenate([found.rows, corrected]), found.unread_since, not len(corrected))


def past(tree: Node, span: Span) -> Found:
    """What one query finds in a span."""
    with columns.by_index():
        return Past(span).found(tree)


def _found(tree: Node, asked: Bounds, where: _Where, possible: np.ndarray, unknown: np.ndarray, most: int) -> Found:
    sure, unsure = possible, unknown
    if not asked.exact:
        is_sure = columns.are_among(possible["id"], columns.ids(where.meets(asked.surely)))
        is_sure |= _says_literally(tree, possible["id"][~is_sure], possible["id"])
        sure, unsure = possible[is_sure], np.concatenate([possible[~is_sure], unknown])
    read, left = np.split(columns.newest_first(unsure), [most])
    unread_since = EPOCH + timedelta(days=int(left["day"][0])) if len(left) else None
    return Found(np.concatenate([sure, _matching(tree, read)]), unread_since)


def _these(rows: np.ndarray, ids: np.ndarray) -> np.ndarray:
    return rows[columns.are_among(rows["id"], ids)]


def _says_literally(tree: Node, unsure: np.ndarray, possible: np.ndarray) -> np.ndarray:
    """Which of those that are possible are sure after all, since they say the phrase it depends on word for word."""
    phrase = literal(tree)
    if phrase is None or len(unsure) < FEW:
        return np.zeros(len(possible), bool)
    return columns.are_among(possible, columns.ids([columns.among("id", unsure), phrase.condition]))


def _unknown_or(query: str) -> sql.Composable:
    """What meets the query, and what nothing is kept of yet."""
    return sql.SQL("(features IS NULL OR {})").format(columns.meets([query]))


def _matching(tree: Node, rows: np.ndarray) -> np.ndarray:
    """Those of the rows whose texts match, by the evaluator."""
    if not len(rows):
        return rows
    keys = {event: key for event, key, document in _read(tree, rows["id"].tolist()) if matches(tree, document)}
    if unmade := [event for event, key in keys.items() if key is None]:
        keys |= {event.pk: same_key(event) for event in Event.objects.filter(pk__in=unmade).select_related("item")}
    found = _these(rows, list(keys))
    found["same"] = [keys[event] for event in found["id"].tolist()]
    return found


def _read(tree: Node, ids: list[int]) -> Iterator[tuple[int, int | None, Document]]:
    """The events with their `same_key` and documents; names are read only where the query asks for one."""
    chosen = Event.objects.filter(pk__in=ids)
    if any(isinstance(leaf, Field) for leaf in leaves(tree)):
        yield from ((event.pk, event.same_key, event.document) for event in chosen.readable())
        return
    for event, key, *texts in chosen.values_list("pk", "same_key", *ZONES):
        yield event, key, Document.from_zones(**dict(zip(ZONES, texts, strict=True)))
