"""Hits that no page and no alert needs any more, let go of in a walk through the events by their ids.

An email reaches back 30 days at most and its page lasts twelve months, so fourteen months after an event's release no
page shows it. What stays even then, and why: whatever an alert that is on, is paused or can still be taken back has
not been told, its `told_through` lying before it; and, while anybody follows the topic, the hits of answers, since
what corrects an answer, however late, is told to all whose alert found that answer. The past of a topic is filled,
counted and shown in a feed from its last 90 days, so nothing there misses what goes. Whom an event was told is not
known from its hits but from the sections of digests, which stay with the alert.

Nobody changes a hit, and nobody inserts one of so old an event that was numbered, so the walk waits for no lock.
"""

import datetime
from itertools import takewhile

from django.db import connection, transaction

from alerts.models import Event, Forgetting
from alerts.models.choices import Kind

RULE = "hits"
EVENTS = 50
"""How many events one batch looks at: some ten thousand hits where a million searches are saved."""
BEGIN_AGAIN = datetime.timedelta(days=90)
"""How soon the walk begins anew at the first event: what had to stay may go by then."""
UNDOABLE = datetime.timedelta(days=31)

_DELETE = """
    WITH old AS MATERIALIZED (
        SELECT hit.id, hit.topic_id, hit.seq
        FROM alerts_event event
        JOIN alerts_hit hit ON hit.event_id = event.id
        JOIN alerts_topic topic ON topic.id = hit.topic_id
        WHERE event.id > %(after)s AND event.id <= %(through)s AND event.released_at <= %(before)s
        AND NOT (event.kind = %(answered)s AND topic.version IS NOT NULL)
    ), waiting AS (
        SELECT topic_id, min(told_through) AS told_through
        FROM alerts_subscription
        WHERE topic_id IN (SELECT topic_id FROM old) AND (ended_at IS NULL OR ended_at > %(undoable)s)
        GROUP BY topic_id
    )
    DELETE FROM alerts_hit
    USING old LEFT JOIN waiting ON waiting.topic_id = old.topic_id
    WHERE alerts_hit.id = old.id AND (waiting.told_through IS NULL OR waiting.told_through >= old.seq)
"""


def batch(before: datetime.datetime, now: datetime.datetime) -> int | None:
    """Take the walk through what was released before that one batch further; how many hits went, None at its end."""
    with transaction.atomic():
        stands = _locked(now)
        old = _old_events(stands.through, before)
        gone = _delete(stands.through, old[-1], before, now) if old else None
        stands.through = old[-1] if old else stands.through
        stands.save(update_fields=["through", "begun_at"])
        return gone


def oldest(before: datetime.datetime) -> datetime.datetime | None:
    """When the next event of the walk was first seen, if that is before."""
    stands = Forgetting.objects.filter(rule=RULE).first()
    coming = Event.objects.filter(pk__gt=stands.through if stands else 0).order_by("pk")
    seen = coming.values_list("first_seen_at", flat=True).first()
    return seen if seen is not None and seen <= before else None


def _locked(now: datetime.datetime) -> Forgetting:
    """Where the walk stands, or its beginning; two who walk at once take turns."""
    Forgetting.objects.get_or_create(rule=RULE)
    stands = Forgetting.objects.select_for_update().get(rule=RULE)
    if stands.begun_at is None or stands.begun_at <= now - BEGIN_AGAIN:
        stands.through, stands.begun_at = 0, now
    return stands


def _old_events(after: int, before: datetime.datetime) -> list[int]:
    """The ids of the next events, as far as they were first seen before that; ids are given in the order of seeing."""
    coming = Event.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "first_seen_at")[:EVENTS]
    return [ident for ident, _ in takewhile(lambda event: event[1] <= before, coming)]


def _delete(after: int, through: int, before: datetime.datetime, now: datetime.datetime) -> int:
    values = {"after": after, "through": through, "before": before, "undoable": now - UNDOABLE}
    with connection.cursor() as cursor:
        cursor.execute(_DELETE, values | {"answered": Kind.ANSWERED.value})
        return cursor.rowcount
