"""Columns: thousands of events found by the database at once, as arrays of whole numbers.

Which they are, and by which version of its row each, it says each time. What stands in the columns of a version is
read once.
"""

from collections.abc import Iterable, Iterator, Sequence
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
"""Rows that a process keeps, of 96 bytes each; more than Parliament's of five years."""
KINDS, HOUSES = tuple(Kind.values), ("", *House.values)
"""What the numbers in the columns `kind` and `house` are places in."""

# A change makes a new version of a row, by another transaction or at another place: its block, and its place there,
# which is below 512.
_VERSION = (
    "(xmin::text::int8 << 32) + ((((ctid::text::point)[0]::int8 << 9) + (ctid::text::point)[1]::int8) & 4294967295)"
)
_COLUMNS = {
    "id": "id",
    "version": _VERSION,
    "item": "item_id",
    "day": "happened_on - DATE '1970-01-01'",
    "seq": f"COALESCE(seq, {NO_SEQ})",
    "kind": f"array_position(ARRAY[{', '.join(map(repr, KINDS))}], kind::text) - 1",
    "house": f"array_position(ARRAY[{', '.join(map(repr, HOUSES))}], house::text) - 1",
    "department": "COALESCE(department_id, 0)",
    "asker": "COALESCE(asking_member_id, 0)",
    "same": "COALESCE(same_key, 0)",
    "released": "date_part('epoch', released_at)::int8",
    "heading": "CASE heading WHEN '' THEN 0 ELSE hashtextextended(heading, 0) END",
}
ROW = np.dtype([(name, np.int64) for name in _COLUMNS])
"""One event; `day` counts from 1970, `released` is in seconds since then, equal headings have the same number."""

_SEEN = np.dtype([("id", ">i8"), ("xmin", ">u4"), ("block", ">u4"), ("place", ">u2")])

# All rows come as one value, since the client takes its time over each: every row an array as PostgreSQL sends one,
# with a head of twenty bytes and each number after its length.
_SENT = np.dtype(
    [("head", "V20"), *(part for name in _COLUMNS for part in ((f"length of {name}", ">i4"), (name, ">i8")))]
)
_LOW = (1 << 32) - 1
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
    seen = np.frombuffer(_found("int8send(id) || xidsend(xmin) || tidsend(ctid)", conditions), _SEEN)
    version = (seen["xmin"].astype(np.int64) << 32) + ((seen["block"].astype(np.int64) << 9) + seen["place"] & _LOW)
    known, others = _resident.known(seen["id"].astype(np.int64), version)
    return np.concatenate([known, _read(others)]) if len(others) else known


def are_among(ids: np.ndarray, others: Sequence[int] | np.ndarray) -> np.ndarray:
    """Which of these ids are some of the others, by a table of all between the least and the greatest."""
    return np.isin(ids, np.asarray(others, np.int64), kind="table")


def newest_first(rows: np.ndarray) -> np.ndarray:
    """The rows by day, those of one day by id, the last of all first."""
    return rows[np.lexsort((rows["id"], rows["day"]))[::-1]]


def ids(conditions: Iterable[sql.Composable]) -> np.ndarray:
    """Only the ids of these events."""
    return np.frombuffer(_found("int8send(id)", conditions), ">i8").astype(np.int64)


def _found(sent: str, conditions: Iterable[sql.Composable]) -> bytes:
    """What is sent of each of these events."""
    whole = sql.SQL(" AND ").join([_FROM, *conditions])
    return _fetched(sql.SQL("SELECT string_agg({}, '') FROM {}").format(sql.SQL(sent), whole))


def meets(queries: Iterable[str]) -> sql.Composable:
    """The condition that an event's features meet any of these queries."""
    each = (sql.SQL("features @@ {}::tsquery").format(sql.Literal(query)) for query in queries)
    return sql.SQL("({})").format(sql.SQL(" OR ").join(each))


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
    """These events, kept for the next time."""
    values = sql.SQL(", ".join(_COLUMNS.values()))
    statement = sql.SQL("SELECT string_agg(array_send(ARRAY[{}]::int8[]), '') FROM alerts_event WHERE {}")
    sent = np.frombuffer(_fetched(statement.format(values, among("id", ids))), _SENT)
    rows = np.empty(len(sent), ROW)
    for name in _COLUMNS:
        rows[name] = sent[name]
    _resident.keep(rows)
    return rows


def _fetched(statement: sql.Composable) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        [(sent,)] = cursor.fetchall()
    return sent or b""
