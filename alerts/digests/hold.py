"""Holds: what halts all sending for a while. The provider's limits, our own, and staff."""

import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from alerts.models import Hold, Message

log = structlog.get_logger()

A_DAY = datetime.timedelta(hours=24)
LOOK_AGAIN = datetime.timedelta(minutes=15)
"""How soon after the brake went on the mails of the last 24 hours are counted again."""


def held(now: datetime.datetime) -> Hold | None:
    """The hold that halts sending for longest, or None."""
    in_force = Hold.objects.filter(Q(until__isnull=True) | Q(until__gt=now))
    return max(in_force, key=lambda hold: (hold.until is None, hold.until), default=None)


def put_on(cause: str, until: datetime.datetime, reason: str, now: datetime.datetime) -> None:
    """Halt sending until then; a hold of the same cause that lasts longer stays as it is."""
    with transaction.atomic():
        values = {"since": now, "until": until, "reason": reason[:300]}
        hold, new = Hold.objects.select_for_update().get_or_create(cause=cause, defaults=values)
        if not new and (hold.until is None or hold.until >= until):
            return
        if not new and hold.until <= now:
            hold.since = now
        hold.until, hold.reason = until, values["reason"]
        hold.save()
    log.error("sending_held", cause=cause, until=until.isoformat(), reason=reason)


def may_send(now: datetime.datetime) -> int:
    """How many more mails may be handed over; where none, the brake is put on and staff are told by it."""
    handed_over = Message.objects.filter(handoff_at__gt=now - A_DAY).count()
    left = settings.SEND_LIMIT - handed_over
    if left <= 0:
        words = f"{handed_over:,} mails in 24 hours; HARK_SEND_LIMIT is {settings.SEND_LIMIT:,}."
        put_on(Hold.Cause.BRAKE, now + LOOK_AGAIN, words, now)
    return max(left, 0)
