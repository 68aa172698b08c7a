"""Listen: what providers told us about messages, worked through in any order, any number of times."""

import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import Suppression, User
from alerts.digests import settle
from alerts.models import Change, DeliveryEvent, Message, Subscription

log = structlog.get_logger()
State = Message.State

DELIVERED = {"delivered", "opened", "clicked"}
REFUSED = {"rejected", "failed"}
HARD = {"invalid", "bounced"}
"""The reasons of a bounce that mean that the address does not exist."""
PATIENCE = datetime.timedelta(hours=1)
"""How long an event waits for its message: the provider's name for it may be stored after the event came."""


def listen(now: datetime.datetime, limit: int = 500) -> int:
    """Work through at most `limit` delivery events, each in a transaction of its own; how many were done."""
    waiting = DeliveryEvent.objects.filter(processed_at__isnull=True).order_by("id").values_list("pk", flat=True)
    return sum(_work_through(pk, now) for pk in waiting[:limit])


def _work_through(pk: int, now: datetime.datetime) -> bool:
    message_of = DeliveryEvent.objects.filter(pk=pk).values("message_id", "provider_id").first()
    message = _message(message_of) if message_of else None
    with transaction.atomic():
        # The person first: whoever suppresses an address holds its person's lock.
        if message is not None and message.user_id:
            User.objects.locked(message.user_id)
        mine = DeliveryEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, processed_at__isnull=True)
        event = mine.first()
        if event is None or (message is None and now - event.received_at < PATIENCE):
            return False
        if message is not None:
            _apply(event, message, now)
        else:
            log.warning("delivery_event_of_unknown_message", delivery_event=event.pk, esp=event.esp)
        event.message, event.processed_at = message, now
        event.save(update_fields=["message", "processed_at"])
    return True


def _message(named: dict) -> Message | None:
    either = Q(pk=named["message_id"])
    if named["provider_id"]:
        either |= Q(provider_id=named["provider_id"])
    return Message.objects.filter(either).order_by("id").first()


def _apply(event: DeliveryEvent, message: Message, now: datetime.datetime) -> None:
    """What one event means for its message and its address; the same the second time."""
    hard = event.event_type in {"bounced", *REFUSED} and event.reject_reason in HARD
    if event.event_type in DELIVERED or (event.event_type == "bounced" and not hard):
        _accepted(message, now)
    elif event.event_type == "complained":
        _accepted(message, now)
        settle.stop_writing_to(message.to_address, Suppression.Reason.COMPLAINT, now)
        _end_alerts(message, now)
    elif hard:
        settle.stop_writing_to(message.to_address, Suppression.Reason.HARD_BOUNCE, now)
        _unsettled(message).update(
            state=State.FAILED, lease_until=None, settled_at=now, reason=f"bounced: {event.reject_reason}"
        )
    elif event.event_type in REFUSED:
        # The proof that no copy went out: it may go again, and that is no resend.
        _unsettled(message).update(state=State.PENDING, lease_until=None, reason=f"refused: {event.reject_reason}")


def _unsettled(message: Message):
    return Message.objects.filter(pk=message.pk, state=State.UNCERTAIN)


def _accepted(message: Message, now: datetime.datetime) -> None:
    """It left: whatever its worker did not live to write is settled."""
    unsettled = Message.objects.filter(pk=message.pk, state__in=[State.HANDOFF, State.UNCERTAIN])
    unsettled.update(state=State.SENT, lease_until=None, settled_at=now, reason="")


def _end_alerts(message: Message, now: datetime.datetime) -> None:
    """Marked as spam: all alerts of the address end, with a line each in the log."""
    live = Subscription.objects.filter(user__email=message.to_address, ended_at__isnull=True)
    for pk in list(live.values_list("pk", flat=True)):
        live.filter(pk=pk).update(ended_at=now, end_reason=Subscription.EndReason.COMPLAINT)
        Change.objects.create(
            at=now,
            actor=Change.Actor.PROVIDER,
            object_type="subscription",
            object_id=pk,
            action="ended",
            after={"end_reason": Subscription.EndReason.COMPLAINT},
            reason=f"message {message.pk} was marked as spam",
        )
