"""The numbers an operator watches, and whether sending is held."""

import datetime

from django.db import DatabaseError

from alerts.digests import hold
from alerts.models import Event, Message, Schedule
from alerts.retention import forget

OF_NOTE = (
    *("event_waits_seconds", "digest_late_seconds", "message_waits_seconds"),
    *("uncertain", "failed", "kept_too_long_seconds"),
)


def numbers(now: datetime.datetime) -> dict[str, object]:
    """`ok`, how long the oldest of each kind waits, and what holds all sending until when, if anything does.

    A message counts as failed until another carries its digest.
    Without a database only `ok`, which is then False.
    """
    try:
        return {"ok": True, **_numbers(now), "sending_held": _held(now)}
    except DatabaseError:
        return {"ok": False}


def _numbers(now: datetime.datetime) -> dict[str, int]:
    event = Event.objects.unpercolated().values_list("released_at", flat=True).first()
    due = Schedule.objects.filter(next_due_at__lte=now).order_by("next_due_at").values_list("next_due_at", flat=True)
    pending = Message.objects.filter(state=Message.State.PENDING).order_by("made_at").values_list("made_at", flat=True)
    values = (
        _seconds(event, now),
        _seconds(due.first(), now),
        _seconds(pending.first(), now),
        Message.objects.filter(state=Message.State.UNCERTAIN).count(),
        Message.objects.filter(state=Message.State.FAILED, passed_on=None).count(),
        int(forget.late(now).total_seconds()),
    )
    return dict(zip(OF_NOTE, values, strict=True))


def _held(now: datetime.datetime) -> dict[str, str | None] | None:
    """The hold in force; its reason, which may name somebody, is for staff alone."""
    found = hold.held(now)
    return {"cause": found.cause, "until": found.until and found.until.isoformat()} if found else None


def _seconds(since: datetime.datetime | None, now: datetime.datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since else 0
