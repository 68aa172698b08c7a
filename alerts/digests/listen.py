"""Listen: what providers told us about messages, worked through in any order, any number of times."""

import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import suppressions
from accounts.models import Suppression, User
from alerts.digests import bounce, failing, settle, trial
from alerts.models import Change, DeliveryEvent, Message, Subscription

log = structlog.get_logger()
State = Message.State

DELIVERED = {"delivered", "opened", "clicked"}
REFUSED = {"rejected", "failed"}
PATIENCE = datetime.timedelta(hours=1)
"""How long an event waits for its message: the provider's name for it may be stored after the event came."""


def listen(now: datetime.datetime, limit: int = 500) -> int:
    """Work through at most `limit` delivery events, each in a transaction of its own; how many were done."""
    trial.take_silence(now)
    return sum(_work_through(pk, now) for pk in _ready(now)[:limit])


def _ready(now: datetime.datetime) -> QuerySet:
    """The events whose message is known, or which nobody waits for any longer, so that strangers hold up nobody."""
    of_ours = Exists(Message.objects.filter(provider_id=OuterRef("provider_id")).exclude(provider_id=""))
    ready = Q(message__isnull=False) | Q(received_at__lte=now - PATIENCE) | Q(of_ours)
    waiting = DeliveryEvent.objects.filter(ready, processed_at__isnull=True)
    return waiting.order_by("id").values_list("pk", flat=True)


def _work_through(pk: int, now: datetime.datetime) -> bool:
    named = DeliveryEvent.objects.filter(pk=pk).values("message_id", "provider_id").first()
    message = _message(named) if named else None
    with transaction.atomic():
        # The person first: whoever suppresses an address holds its person's lock.
        if message is not None and message.user_id:
            User.objects.locked(message.user_id)
        mine = DeliveryEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, processed_at__isnull=True)
        event = mine.first()
        if event is None or (message is not None and _too_early(event, message)):
            return False
        event.message, event.processed_at = message, now
        event.save(update_fields=["message", "processed_at"])
        if message is not None:
            _apply(event, message, now)
        else:
            log.warning("delivery_event_of_unknown_message", delivery_event=event.pk, esp=event.esp)
    return True


def _message(named: dict) -> Message | None:
    either = Q(pk=named["message_id"])
    if named["provider_id"]:
        either |= Q(provider_id=named["provider_id"])
    return Message.objects.filter(either).order_by("id").first()


def _too_early(event: DeliveryEvent, message: Message) -> bool:
    """Whether the worker that hands this message over has yet to say, or to be unable to say, how that went."""
    return event.event_type in REFUSED and Message.objects.filter(pk=message.pk, state=State.HANDOFF).exists()


def _apply(event: DeliveryEvent, message: Message, now: datetime.datetime) -> None:
    """What one event means for its message and its address; the same the second time."""
    kind = event.event_type
    if event.bounce == bounce.HARD:
        settle.stop_writing_to(message.to_address, Suppression.Reason.HARD_BOUNCE, now)
        _refused_for_good(message, f"bounced: {event.reject_reason or 'no such address'}", now)
    elif kind in DELIVERED | {"bounced", "complained", "unsubscribed"}:
        _accepted(message, now)
        if kind in DELIVERED and message.kind == Message.Kind.TEST:
            trial.arrived(message, now)
    elif kind in REFUSED:
        _refused(message, event, now)
    if event.bounce == bounce.SOFT and (
        suppressions.bounces(message.to_address) or failing.for_too_long(message.to_address, now)
    ):
        settle.stop_writing_to(message.to_address, Suppression.Reason.SOFT_BOUNCES, now)
    if kind == "complained":
        settle.stop_writing_to(message.to_address, Suppression.Reason.COMPLAINT, now)
        _end_alerts(message, Subscription.EndReason.COMPLAINT, "was marked as spam", now)
    if kind == "unsubscribed":
        _end_alerts(message, Subscription.EndReason.ONE_CLICK, "was unsubscribed from at the provider", now)


def _unsettled(message: Message) -> QuerySet:
    return Message.objects.filter(pk=message.pk, state=State.UNCERTAIN)


def _refused(message: Message, event: DeliveryEvent, now: datetime.datetime) -> None:
    """The proof that no copy went out: it may go again, and that is no resend.

    Not where its key stands for what was refused: asked again, the provider would repeat its answer and send nothing.
    """
    words = f"refused: {event.reject_reason}"
    _unsettled(message).filter(key_until__isnull=True).update(state=State.PENDING, lease_until=None, reason=words)
    _refused_for_good(message, words, now)


def _refused_for_good(message: Message, words: str, now: datetime.datetime) -> None:
    _unsettled(message).update(state=State.FAILED, lease_until=None, settled_at=now, reason=words)


def _accepted(message: Message, now: datetime.datetime) -> None:
    """It left: whatever its worker did not live to write is settled, also where it was about to be sent again."""
    unsettled = Message.objects.filter(pk=message.pk, handoff_at__isnull=False)
    unsettled = unsettled.exclude(state__in=[State.SENT, State.CANCELLED, State.FAILED])
    unsettled.update(state=State.SENT, lease_until=None, settled_at=now, reason="")


def _end_alerts(message: Message, why: str, words: str, now: datetime.datetime) -> None:
    """All alerts of the one who got the message end, with a line each in the log."""
    whose = Q(user__email=message.to_address) | Q(user=message.user_id)
    live = Subscription.objects.filter(whose, ended_at__isnull=True)
    for pk in list(live.values_list("pk", flat=True)):
        Subscription.objects.filter(pk=pk, ended_at__isnull=True).update(ended_at=now, end_reason=why)
        Change.objects.create(
            at=now,
            actor=Change.Actor.PROVIDER,
            object_type="subscription",
            object_id=pk,
            action="ended",
            after={"end_reason": why},
            reason=f"message {message.pk} {words}",
        )
