"""The past: every event that a query finds in a span of time, and nothing else.

The database decides for most queries. Where it only knows who can match, the texts are read, newest first, as many
as there is time for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from psycopg import sql

from alerts.matching import columns
from alerts.matching.columns import EPOCH, KINDS, NO_SEQ
from alerts.matching.kept import same_key
from alerts.matching.lexemes import UNREAD, bounds, months, quoted
from alerts.models import Event
from alerts.models.choices import Kind
from alerts.query import Document, Field, Node, matches
from alerts.query.document import ZONES
from alerts.query.nodes import leaves

MOST_READ = 1_500
"""Texts that the evaluator is asked about at most, for one query."""


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
class Past:
    """The events found, newest first; of `unread_since` and the days before not all that could match were read."""

    rows: np.ndarray
    unread_since: date | None = None


def past(tree: Node, span: Span) -> Past:
    """What `tree` finds in the span, and what corrects an answer that it finds: who was told that is told this."""
    with columns.by_index():
        found = _found(tree, span.months, span.conditions)
        corrected = _corrected(tree, span, found.rows["id"])
    return Past(_newest_first(np.concatenate([found.rows, corrected])), found.unread_since)


def _found(tree: Node, months: str, conditions: list[sql.Composable]) -> Past:
    asked, unread = bounds(tree), quoted(UNREAD)
    possible = columns.events([columns.meets(f"{months}{asked.perhaps} & !{unread}"), *conditions])
    unsure = columns.events([_unknown_or(f"{months}{unread}"), *conditions])
    sure = possible
    if not asked.exact:
        known = columns.ids([columns.meets(f"{months}{asked.surely} & !{unread}"), *conditions])
        is_sure = np.isin(possible["id"], known)
        sure, unsure = possible[is_sure], np.concatenate([possible[~is_sure], unsure])
    read, left = np.split(_newest_first(unsure), [MOST_READ])
    unread_since = EPOCH + timedelta(days=int(left["day"][0])) if len(left) else None
    return Past(np.concatenate([sure, _matching(tree, read)]), unread_since)


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


def _corrected(tree: Node, span: Span, found: np.ndarray) -> np.ndarray:
    """The corrections in the span, but for those found already, of answers that `tree` finds."""
    kind = quoted(f"@kind:{Kind.CORRECTED}")
    only = columns.one_of("kind", {Kind.CORRECTED} & set(span.kinds))
    corrected = columns.events([_unknown_or(span.months + kind), only, *span.conditions])
    corrected = corrected[~np.isin(corrected["id"], found)]
    if not len(corrected):
        return corrected
    of_items = [columns.one_of("item_id", corrected["item"].tolist()), columns.one_of("kind", [Kind.ANSWERED])]
    answered = _found(tree, "", of_items).rows["item"]
    return corrected[np.isin(corrected["item"], answered)]
