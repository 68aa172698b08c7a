"""The past: every event that a query finds in a span of time, and nothing else.

The database decides for most queries. Where it only knows who can match, the texts are read, newest first, as many
as there is time for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

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


class Past:
    """The events of a span, to be asked, within `columns.by_index`, for what any number of queries find among them."""

    def __init__(self, span: Span):
        self.span = span
        self._names = cache(named)

    def is_exact(self, tree: Node) -> bool:
        """Whether the database alone can tell what `tree` finds among them."""
        return not len(self._unknown) and self._bounds(tree).exact

    def found(self, tree: Node, most_read: int | None = None) -> Found:
        """What `tree` finds, and what corrects an answer that it finds: who was told that is told this."""
        most = MOST_READ if most_read is None else most_read
        found = _found(tree, self._bounds(tree), self.span.months, self.span.conditions, self._unknown, most)
        corrected = self._corrections_of(tree, found.rows["id"], most)
        rows = _newest_first(np.concatenate([found.rows, corrected])) if len(corrected) else _newest_first(found.rows)
        return Found(rows, found.unread_since, not len(corrected))

    def candidates(self, tree: Node) -> np.ndarray:
        """The ids of all events of which something is kept that `tree` can find."""
        return columns.ids([_meets(self.span.months, self._bounds(tree).perhaps), *self.span.conditions])

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

    def _corrections_of(self, tree: Node, found: np.ndarray, most: int) -> np.ndarray:
        """The corrections, but for those found already, of answers that `tree` finds."""
        corrected = self._corrections[~np.isin(self._corrections["id"], found)]
        if not len(corrected):
            return corrected
        of_items = [columns.among("item_id", corrected["item"]), columns.one_of("kind", [Kind.ANSWERED])]
        unknown = columns.events([_unknown_or(quoted(UNREAD)), *of_items])
        answered = _found(tree, self._bounds(tree), "", of_items, unknown, most).rows["item"]
        return corrected[np.isin(corrected["item"], answered)]


def past(tree: Node, span: Span) -> Found:
    """What one query finds in a span."""
    with columns.by_index():
        return Past(span).found(tree)


def _found(
    tree: Node, asked: Bounds, months: str, conditions: list[sql.Composable], unknown: np.ndarray, most: int
) -> Found:
    possible = columns.events([_meets(months, asked.perhaps), *conditions])
    sure, unsure = possible, unknown
    if not asked.exact:
        is_sure = np.isin(possible["id"], columns.ids([_meets(months, asked.surely), *conditions]))
        is_sure |= _says_literally(tree, possible["id"][~is_sure], possible["id"])
        sure, unsure = possible[is_sure], np.concatenate([possible[~is_sure], unknown])
    read, left = np.split(_newest_first(unsure), [most])
    unread_since = EPOCH + timedelta(days=int(left["day"][0])) if len(left) else None
    return Found(np.concatenate([sure, _matching(tree, read)]), unread_since)


def _meets(months: str, query: str) -> sql.Composable:
    return columns.meets(f"{months}{query} & !{quoted(UNREAD)}")


def _says_literally(tree: Node, unsure: np.ndarray, possible: np.ndarray) -> np.ndarray:
    """Which of those that are possible are sure after all, since they say the phrase it depends on word for word."""
    phrase = literal(tree)
    if phrase is None or len(unsure) < FEW:
        return np.zeros(len(possible), bool)
    return np.isin(possible, columns.ids([columns.among("id", unsure), phrase.condition]))


def _newest_first(rows: np.ndarray) -> np.ndarray:
    return rows[np.lexsort((rows["id"], rows["day"]))[::-1]]


def _unknown_or(query: str) -> sql.Composable:
    """What meets the query, and what nothing is kept of yet."""
    return sql.SQL("(features IS NULL OR {})").format(columns.meets(query))


def _matching(tree: Node, rows: np.ndarray) -> np.ndarray:
    """Those of the rows whose texts match, by the evaluator."""
    read = _read(tree, rows["id"].tolist()) if len(rows) else ()
    keys = {event.pk: _key(event) for event, document in read if matches(tree, document)}
    found = rows[np.isin(rows["id"], list(keys))]
    found["same"] = [keys[event] for event in found["id"].tolist()]
    return found


def _read(tree: Node, ids: list[int]) -> Iterator[tuple[Event, Document]]:
    """The events with their documents; names are read only where the query asks for one."""
    chosen = Event.objects.filter(pk__in=ids)
    if any(isinstance(leaf, Field) for leaf in leaves(tree)):
        yield from ((event, event.document) for event in chosen.readable())
        return
    for event in chosen.select_related("item").only("kind", "same_key", "item__heading", *ZONES):
        yield event, Document.from_zones(**{zone: getattr(event, zone) for zone in ZONES})


def _key(event: Event) -> int:
    return same_key(event) if event.same_key is None else event.same_key
