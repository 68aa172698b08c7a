"""Columns: thousands of events found by the database at once, as arrays of whole numbers.

Which they are it says each time. What stands in their columns is read once: nobody can change it any more after an
event is released and numbered (a trigger holds that), and what is kept of it besides is only made anew where a
migration emptied it, before the processes of a new version start.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import numpy as np
from django.db import connection, transaction
from psycopg import sql

from alerts.matching.resident import Resident
from alerts.models.choices import House, Kind

EPOCH = date(1970, 1, 1)
NO_SEQ = 1 << 62
"""Stands for the `seq` of an event that has none yet: above all others, for it will get the next one."""
MOST_KEPT = 500_000
"""Rows that a process keeps, of 88 bytes each; more than Parliament's of five years."""
KINDS, HOUSES = tuple(Kind.values), ("", *House.values)
"""What the numbers in the columns `kind` and `house` are places in."""

_NOT_YET = -(1 << 63)
"""Stands for what is not kept yet of an event to compare it with others."""
_COLUMNS = {
    "id": "id",
    "item": "item_id",
    "day": "happened_on - DATE '1970-01-01'",
    "seq": f"COALESCE(seq, {NO_SEQ})",
    "kind": f"array_position(ARRAY[{', '.join(map(repr, KINDS))}], kind::text) - 1",
    "house": f"array_position(ARRAY[{', '.join(map(repr, HOUSES))}], house::text) - 1",
    "department": "COALESCE(department_id, 0)",
    "asker": "COALESCE(asking_member_id, 0)",
    "same": f"COALESCE(same_key, {_NOT_YET})",
    "released": "date_part('epoch', released_at)::int8",
    "heading": "CASE heading WHEN '' THEN 0 ELSE hashtextextended(heading, 0) END",
}
ROW = np.dtype([(name, np.int64) for name in _COLUMNS])
"""One event; `day` counts from 1970, `released` is in seconds since then, equal headings have the same number."""

# All rows come as one value, since the client takes its time over each: every row an array as PostgreSQL sends one,
# with a head of twenty bytes and each number after its length.
_SENT = np.dtype(
    [("head", "V20"), *(part for name in _COLUMNS for part in ((f"length of {name}", ">i4"), (name, ">i8")))]
)
_resident = Resident(ROW, MOST_KEPT)
_FROM = sql.SQL(
    "alerts_event WHERE released_at IS NOT NULL"
    " AND item_id NOT IN (SELECT id FROM alerts_item WHERE hidden_at IS NOT NULL)"
)
# The index on features costs less than PostgreSQL thinks: to check a row it would have to unpack it.
_BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
_AS_BEFORE = "SET LOCAL enable_seqscan = DEFAULT; SET LOCAL jit = DEFAULT"


@contextmanager
def by_index() -> Iterator[None]:
    """Inside it the database finds events by the index on their features."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BY_INDEX)
        yield
        cursor.execute(_AS_BEFORE)


def events(conditions: Iterable[sql.Composable]) -> np.ndarray:
    """The events that are released, not hidden, and meet all conditions, as rows of ROW in no order."""
    known, others = _resident.known(ids(conditions))
    return np.concatenate([known, _read(others)]) if len(others) else known


def ids(conditions: Iterable[sql.Composable]) -> np.ndarray:
    """Only the ids of these events."""
    whole = sql.SQL(" AND ").join([_FROM, *conditions])
    sent = _fetched(sql.SQL("SELECT string_agg(int8send(id), '') FROM {}").format(whole))
    return np.frombuffer(sent, ">i8").astype(np.int64)


def meets(query: str) -> sql.Composable:
    """The condition that an event's features meet this query."""
    return sql.SQL("features @@ {}::tsquery").format(sql.Literal(query))


def between(first: date, last: date) -> sql.Composable:
    """The condition that an event happened on one of these days; never a reason to look through all that did."""
    return sql.SQL("happened_on + 0 BETWEEN {} AND {}").format(sql.Literal(first), sql.Literal(last))


def one_of(column: str, values: Iterable[str]) -> sql.Composable:
    """The condition that a column has one of these values."""
    return sql.SQL("{} = ANY({})").format(sql.Identifier(column), sql.Literal(sorted(values)))


def among(column: str, ids: np.ndarray) -> sql.Composable:
    """The condition that a column has one of these ids."""
    return sql.SQL("{} = ANY({}::bigint[])").format(sql.Identifier(column), sql.Literal(listed(ids)))


def listed(ids: np.ndarray) -> str:
    """Ids as PostgreSQL reads an array; a client writes thousands of them one by one."""
    return f"{{{','.join(map(str, ids.tolist()))}}}"


def hit_by(topics: Iterable[int]) -> sql.Composable:
    """The condition that an event is hit by one of these topics."""
    hits = "id IN (SELECT event_id FROM alerts_hit WHERE topic_id = ANY({}))"
    return sql.SQL(hits).format(sql.Literal(sorted(topics)))


def hits(topics: Iterable[int], since: int) -> dict[int, np.ndarray]:
    """The ids, from `since` on, of the events that each of these topics hit, by topic; without those that hit none."""
    statement = (
        "SELECT topic_id, array_agg(event_id) FROM alerts_hit WHERE topic_id = ANY(%s) AND event_id >= %s GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(topics), since])
        return {topic: np.array(events, np.int64) for topic, events in cursor.fetchall()}


def _read(ids: np.ndarray) -> np.ndarray:
    """These events, of which those that nobody changes any more are kept."""
    values = sql.SQL(", ".join(_COLUMNS.values()))
    statement = sql.SQL("SELECT string_agg(array_send(ARRAY[{}]::int8[]), '') FROM alerts_event WHERE {}")
    sent = np.frombuffer(_fetched(statement.format(values, among("id", ids))), _SENT)
    rows = np.empty(len(sent), ROW)
    for name in _COLUMNS:
        rows[name] = sent[name]
    is_kept = rows["same"] != _NOT_YET
    _resident.keep(rows[is_kept & (rows["seq"] != NO_SEQ)])
    rows["same"][~is_kept] = 0
    return rows


def _fetched(statement: sql.Composable) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        [(sent,)] = cursor.fetchall()
    return sent or b""
