"""What becomes of the mails that wait in a restored database: all go, or those that had gone already are left out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from alerts.digests.claim import DatabaseNow
from alerts.models import Change, Hold, Message

State = Message.State

DUE = Coalesce(F("digest__due_at"), F("made_at"))
"""When a message was to go: a digest at its time, all else at once."""


@dataclass(frozen=True)
class Waiting:
    """How many mails wait, for when the first and the last were due, and when this database last handed one over."""

    mails: int
    first: datetime | None
    last: datetime | None
    handed_over: datetime | None


def waiting() -> Waiting:
    """What would go if sending were released now."""
    found = _waiting().aggregate(mails=Count("pk"), first=Min(DUE), last=Max(DUE))
    return Waiting(**found, handed_over=Message.objects.aggregate(last=Max("handoff_at"))["last"])


def release(now: datetime, sent_before: datetime | None = None) -> int | None:
    """Let sending go on, in one transaction with a line in the log; how many mails were taken as sent before.

    These are the ones that were due before `sent_before`. None where nothing was held for a restored backup.
    """
    with transaction.atomic():
        hold = Hold.objects.select_for_update().filter(cause=Hold.Cause.RESTORED).first()
        if hold is None:
            return None
        taken = _take_as_sent(sent_before, now) if sent_before else 0
        after = {"taken_as_sent": taken, "due_before": sent_before.isoformat()} if sent_before else {}
        about = {"object_type": "hold", "object_id": hold.pk, "reason": hold.reason, "before": {"cause": hold.cause}}
        Change.objects.create(at=now, actor=Change.Actor.SYSTEM, action="released", after=after, **about)
        hold.delete()
    return taken


def _waiting() -> QuerySet[Message]:
    """Whatever would still be sent; what a worker of this database may have in hand is not among it."""
    left_over = Q(lease_until__lt=DatabaseNow(), state__in=[State.CLAIMED, State.HANDOFF])
    return Message.objects.filter(left_over | Q(state__in=[State.PENDING, State.UNCERTAIN]))


def _take_as_sent(before: datetime, now: datetime) -> int:
    due = _waiting().annotate(due=DUE).filter(due__lt=before).values("pk")
    sent = {"state": State.SENT, "settled_at": now, "lease_until": None, "reason": ""}
    return Message.objects.filter(pk__in=due).update(**sent)
