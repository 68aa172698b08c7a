"""Columns: thousands of events read from the database at once, as arrays of whole numbers."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import numpy as np
from django.db import connection, transaction
from psycopg import sql

from alerts.models.choices import House, Kind

EPOCH = date(1970, 1, 1)
NO_SEQ = 1 << 62
"""Stands for the `seq` of an event that has none yet: above all others, for it will get the next one."""
KINDS, HOUSES = tuple(Kind.values), ("", *House.values)
"""What the numbers in the columns `kind` and `house` are places in."""

_COLUMNS = {
    "id": "id",
    "item": "item_id",
    "day": "happened_on - DATE '1970-01-01'",
    "seq": f"COALESCE(seq, {NO_SEQ})",
    "kind": f"array_position(ARRAY[{', '.join(map(repr, KINDS))}], kind::text) - 1",
    "house": f"array_position(ARRAY[{', '.join(map(repr, HOUSES))}], house::text) - 1",
    "department": "COALESCE(department_id, 0)",
    "asker": "COALESCE(asking_member_id, 0)",
    "same": "COALESCE(same_key, 0)",
    "released": "date_part('epoch', released_at)::int8",
}
ROW = np.dtype([(name, np.int64) for name in _COLUMNS])
"""One event; `day` counts from 1970, `released` is in seconds since then."""

# All rows come as one value, since the client takes its time over each: every row an array as PostgreSQL sends one,
# with a head of twenty bytes and each number after its length.
_HEAD = ("head", "V20")
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
    sent = _sent(_COLUMNS, conditions)
    found = np.empty(len(sent), ROW)
    for name in _COLUMNS:
        found[name] = sent[name]
    return found


def ids(conditions: Iterable[sql.Composable]) -> np.ndarray:
    """Only the ids of these events."""
    return _sent(("id",), conditions)["id"].astype(np.int64)


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


def hit_by(topic: int) -> sql.Composable:
    """The condition that an event is hit by a topic."""
    return sql.SQL("id IN (SELECT event_id FROM alerts_hit WHERE topic_id = {})").format(sql.Literal(topic))


def _sent(names: Collection[str], conditions: Iterable[sql.Composable]) -> np.ndarray:
    row = sql.SQL(", ".join(_COLUMNS[name] for name in names))
    whole = sql.SQL(" AND ").join([_FROM, *conditions])
    statement = sql.SQL("SELECT string_agg(array_send(ARRAY[{}]::int8[]), '') FROM {}").format(row, whole)
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        [(sent,)] = cursor.fetchall()
    numbers = [part for name in names for part in ((f"length of {name}", ">i4"), (name, ">i8"))]
    return np.frombuffer(sent or b"", np.dtype([_HEAD, *numbers]))
