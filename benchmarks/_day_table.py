"""The table of hits: how large it is, and what each of its indexes and checks adds to an insert."""

from django.db import connection, transaction

from alerts.matching.hits import Found, insert
from alerts.models import Event, Hit
from benchmarks._day_worker import clock, since

TRIED, TIMES = 20_000, 3
_INDEXES = """
    SELECT index.relname, pg_relation_size(index.oid), coalesce(made.conname, ''), coalesce(made.contype, '') = 'u'
    FROM pg_index JOIN pg_class index ON index.oid = indexrelid
    LEFT JOIN pg_constraint made ON made.conindid = index.oid AND made.conrelid = indrelid
    WHERE indrelid = 'alerts_hit'::regclass ORDER BY index.relname
"""


def sizes() -> dict[str, float]:
    """How many hits there are, and the megabytes of the table and of each index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('alerts_hit')")
        [[heap]] = cursor.fetchall()
        cursor.execute(_INDEXES)
        return {"hits": Hit.objects.count(), "table": heap / 1e6} | {name: size / 1e6 for name, size, *_ in cursor}


def costs() -> dict[str, float]:
    """Microseconds of the server's processor for one more hit; what it would be without each index that it can do
    without; and for the two foreign keys. All that is tried is taken back."""
    found = _of_the_past()
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
    without = {name: _dropping(name, made) for name, _, made, is_needed in indexes if not is_needed}
    inserting, checking = _tried(found, "")
    costs = {"inserting": inserting, "foreign keys": checking}
    return costs | {f"without {name}": _tried(found, drop)[0] for name, drop in without.items()}


def _of_the_past() -> list[Found]:
    """The last hits there are, as if they were of events of the past, which have none."""
    last = Hit.objects.order_by("-id").values_list("topic_id", "event_id")[:TRIED]
    topics: dict[int, list[int]] = {}
    for topic, event in last:
        topics.setdefault(event, []).append(topic)
    past = Event.objects.filter(hits=None, seq__gt=0).order_by("-id").values_list("id", "seq")[: len(topics)]
    return [Found(event, seq, found) for (event, seq), found in zip(past, topics.values(), strict=False)]


def _dropping(index: str, constraint: str) -> str:
    return f"ALTER TABLE alerts_hit DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}"


def _tried(found: list[Found], drop: str) -> tuple[float, float]:
    """Microseconds a hit: inserting, and checking the foreign keys."""
    inserting = checking = hits = 0.0
    for _ in range(TIMES):
        with transaction.atomic(), connection.cursor() as cursor:
            if drop:
                cursor.execute(drop)
            begun = clock()
            hits += insert(found)
            inserted = clock()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            checking += since(inserted)[2]
            inserting += inserted[2] - begun[2]
            transaction.set_rollback(True)
    return inserting / hits * 1e6, checking / hits * 1e6
