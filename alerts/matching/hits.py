"""Hits are written here only: thousands at a time, by one statement."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

_INSERT = """
    INSERT INTO alerts_hit (topic_id, event_id, seq)
    SELECT topic_id, event_id, seq
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS found (topic_id, event_id, seq)
    WHERE (SELECT version FROM alerts_topic WHERE id = found.topic_id) IS NOT NULL
    ORDER BY topic_id, event_id
    ON CONFLICT (topic_id, event_id) DO NOTHING
"""
"""Arrays, since reading thousands of values costs the server more than inserting them; ordered, since neighbours in
the table's indexes, and checks of the same topic, then come together; and each topic looked up by itself, since of a
join the server thinks that it had better read all topics. The conflict is named, so that no other one is passed over
in silence."""


@dataclass(frozen=True)
class Found:
    """The topics that match an event, by their ids, and the event's id and `seq`."""

    event: int
    seq: int
    topics: Collection[int]


def insert(found: Iterable[Found]) -> int:
    """Insert a hit for each topic that is still matched; one that is there already stays. Returns how many are new.

    Called inside the transaction that makes them true: the one that numbers the events, or moves `filled_to`.
    """
    topics: list[int] = []
    events: list[int] = []
    seqs: list[int] = []
    for one in found:
        topics += one.topics
        events += [one.event] * len(one.topics)
        seqs += [one.seq] * len(one.topics)
    if not topics:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [topics, events, seqs])
        return cursor.rowcount
