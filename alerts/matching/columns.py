"""Columns: thousands of events read from the database at once, as arrays of whole numbers."""

from collections.abc import Iterable, Iterator
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
    "id": "id::int8",
    "item": "item_id::int8",
    "day": "(happened_on - DATE '1970-01-01')::int8",
    "seq": f"COALESCE(seq, {NO_SEQ})::int8",
    "kind": f"(array_position(ARRAY[{', '.join(map(repr, KINDS))}], kind::text) - 1)::int8",
    "house": f"(array_position(ARRAY[{', '.join(map(repr, HOUSES))}], house::text) - 1)::int8",
    "department": "COALESCE(department_id, 0)::int8",
    "asker": "COALESCE(asking_member_id, 0)::int8",
    "same": "COALESCE(same_key, 0)::int8",
    "released": "released_at",  # sent as microseconds since 2000
}
ROW = np.dtype([(name, np.int64) for name in _COLUMNS])
"""One event; `day` counts from 1970, `released` is in microseconds since 2000."""

# A binary COPY has a head, then for each row the number of its values and each value after its length, and an end.
_HEAD, _END = 19, 2
_WHAT = sql.SQL(", ".join(_COLUMNS.values()))
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
    found = np.empty(0, ROW)
    sent = _copied(_WHAT, conditions, len(_COLUMNS))
    found.resize(len(sent))
    for place, name in enumerate(_COLUMNS):
        found[name] = sent[f"value{place}"]
    return found


def ids(conditions: Iterable[sql.Composable]) -> np.ndarray:
    """Only the ids of these events."""
    return _copied(sql.SQL("id::int8"), conditions, 1)["value0"].astype(np.int64)


def meets(query: str) -> sql.Composable:
    """The condition that an event's features meet this query."""
    return sql.SQL("features @@ {}::tsquery").format(sql.Literal(query))


def between(first: date, last: date) -> sql.Composable:
    """The condition that an event happened on one of these days; never a reason to look through all that did."""
    return sql.SQL("happened_on + 0 BETWEEN {} AND {}").format(sql.Literal(first), sql.Literal(last))


def one_of(column: str, values: Iterable) -> sql.Composable:
    """The condition that a column has one of these values."""
    return sql.SQL("{} = ANY({})").format(sql.Identifier(column), sql.Literal(sorted(values)))


def _copied(what: sql.Composable, conditions: Iterable[sql.Composable], values: int) -> np.ndarray:
    whole = sql.SQL(" AND ").join([_FROM, *conditions])
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT BINARY)").format(what, whole)
    with connection.cursor() as cursor, cursor.copy(statement.as_string(connection.connection)) as copy:
        sent = b"".join(copy)
    one = [part for place in range(values) for part in ((f"length{place}", ">i4"), (f"value{place}", ">i8"))]
    row = np.dtype([("values", ">i2"), *one])
    return np.frombuffer(sent, row, (len(sent) - _HEAD - _END) // row.itemsize, _HEAD)
