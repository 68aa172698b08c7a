"""Home: the database is looked at before anything is sent, for a restored one would send again what it has forgotten.

Mails that left after a backup was made are, for the database restored from it, still to be sent. So it holds all
sending until somebody says what is to become of them.
"""

import datetime

import structlog
from django.db import connection, transaction

from alerts.models import Counter, Hold

log = structlog.get_logger()

REASON = "This database was restored from a backup, and knows nothing of mails sent since. `./run restored` says more."

_HERE = """
    SELECT concat_ws('/',
        (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'alerts_message'::regclass::oid)
"""
"""The server's data, its timeline, the database and the table.

pg_restore makes the table anew; what is recovered to a point in time, or was a standby, begins a timeline.
"""


def here() -> str:
    """The database this process works on, as the counter's `home` has it."""
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        return cursor.fetchone()[0]


def look(now: datetime.datetime) -> None:
    """Hold all sending where the rows were brought here from another database, and be at home here from now on."""
    found = here()
    if Counter.objects.get(pk=1).home == found:
        return
    with transaction.atomic():
        counter = Counter.locked()
        if counter.home not in ("", found):
            hold_all(REASON, now)
        counter.home = found
        counter.save(update_fields=["home"])


def hold_all(reason: str, now: datetime.datetime) -> Hold:
    """The hold of a restored database, put on where there is none; it is there until it is released."""
    values = {"since": now, "until": None, "reason": reason}
    hold, new = Hold.objects.get_or_create(cause=Hold.Cause.RESTORED, defaults=values)
    if new:
        log.error("sending_held", cause=hold.cause, until=None, reason=reason)
    return hold
