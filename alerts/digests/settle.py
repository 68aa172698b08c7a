"""Settling: what became of one attempt, written by compare-and-set on the state and the claim's token.

Zero rows mean that somebody else has the message by now; then nothing is written. A late but certain answer settles a
message that was already given up as uncertain, as long as nobody else has claimed it.
"""

import datetime
import random

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import suppressions
from accounts.models import Suppression, User
from alerts.digests import bounce, heard
from alerts.digests.claim import MOST_ATTEMPTS, uncertain
from alerts.digests.sections import REACH
from alerts.digests.verdict import Fate, Verdict
from alerts.models import DeliveryEvent, Message

State = Message.State

FIRST_WAIT, LONGEST_WAIT = datetime.timedelta(minutes=1), datetime.timedelta(minutes=30)
PATIENCE = datetime.timedelta(hours=24)
"""How long an address that says "not now" is tried again."""


def sent(message: Message, provider_id: str, now: datetime.datetime) -> bool:
    """Accepted; whether that could be written."""
    return _move(
        message,
        [State.HANDOFF, State.UNCERTAIN],
        {"state": State.SENT, "provider_id": provider_id[:255], "settled_at": now, "lease_until": None, "reason": ""},
    )


def after_error(message: Message, verdict: Verdict, now: datetime.datetime) -> bool:
    """Not accepted, or nobody knows: what the verdict says."""
    if verdict.fate is Fate.BEFORE and message.handoff_at is not None:
        return sent(message, "", now)
    if verdict.fate is Fate.HELD:
        return _move(message, [State.HANDOFF], uncertain(verdict.reason) | {"lease_until": None, "resends": 1})
    if verdict.fate is Fate.UNCERTAIN:
        return _move(message, [State.HANDOFF], uncertain(verdict.reason))
    if verdict.fate is Fate.BROKEN and message.attempts < MOST_ATTEMPTS:
        return give_back(message, verdict.reason, now + FIRST_WAIT)
    out_of_patience = now - message.made_at > PATIENCE and not verdict.everybody
    if verdict.fate is Fate.LATER and not out_of_patience:
        not_before = now + (verdict.retry_after or _wait(now - message.made_at))
        # Where this was the only attempt, it is certain that nothing has left.
        clean = {"handoff_at": None, "key_until": None} if message.handoff_at is None else {}
        return give_back(message, verdict.reason, not_before, attempts=0, **clean)
    return _fail(message, verdict, now)


def give_back(message: Message, reason: str, not_before: datetime.datetime | None, **values) -> bool:
    """Waiting again: nothing was accepted. Being refused for the moment uses up no attempt."""
    back = {"state": State.PENDING, "lease_until": None, "not_before": not_before, "reason": reason[:300]}
    return _move(message, [State.CLAIMED, State.HANDOFF], back | values)


def _wait(age: datetime.timedelta) -> datetime.timedelta:
    """Half as long again as it has waited already, within bounds, and never all at the same moment."""
    return min(max(age / 2, FIRST_WAIT), LONGEST_WAIT) * random.uniform(1, 1.25)


def _fail(message: Message, verdict: Verdict, now: datetime.datetime) -> bool:
    values = {"state": State.FAILED, "lease_until": None, "settled_at": now, "reason": verdict.reason[:300]}
    with transaction.atomic():
        if verdict.bounce == bounce.HARD:
            stop_writing_to(message.to_address, Suppression.Reason.HARD_BOUNCE, now, besides=message)
            values["unreached"] = message.digest_id is not None and suppressions.bounces(message.to_address)
        moved = _move(message, [State.CLAIMED, State.HANDOFF, State.UNCERTAIN], values)
        if moved and verdict.bounce == bounce.SOFT:
            heard.refused(message, verdict.reason, now)
        return moved


def stop_writing_to(address: str, reason: str, now: datetime.datetime, besides: Message | None = None) -> User | None:
    """Suppress an address and cancel what waits for it, under its person's lock; the person, if there is one.

    Inside the caller's transaction. What is claimed by a worker is stopped by the look at the list before handoff. A
    test of an address that bounced waits on: it is for just this. Digests that a failing address keeps from their
    reader, those that bounced and those that waited, go to them later; after a complaint none does.
    """
    person = User.objects.filter(email=address).values_list("pk", flat=True).first()
    locked = User.objects.locked(person) if person is not None else None
    suppressions.suppress(address, reason, now)
    waiting = Message.objects.filter(to_address=address, state=State.PENDING).exclude(pk=besides and besides.pk)
    cancelled = {"state": State.CANCELLED, "settled_at": now, "reason": f"suppressed: {reason}"}
    if reason in suppressions.FAILING and suppressions.bounces(address):
        waiting.filter(digest__isnull=False).update(**cancelled, unreached=True)
        waiting = waiting.exclude(kind=Message.Kind.TEST)
        _came_back(address, now).update(unreached=True)
    else:
        whose = Q(to_address=address) | Q(user__email=address)
        Message.objects.filter(whose, unreached=True).update(unreached=False)
    waiting.update(**cancelled)
    return locked


def _came_back(address: str, now: datetime.datetime) -> QuerySet[Message]:
    """Recent digests that did not arrive at this address, by what was heard of them since they last left."""
    since_then = Q(received_at__gte=F("message__handoff_at")) | Q(message__handoff_at=None)
    heard_of = DeliveryEvent.objects.filter(since_then, message=OuterRef("pk"))
    mailbox_full = Exists(heard_of.filter(bounce=bounce.SOFT)) & ~Exists(heard_of.filter(event_type="delivered"))
    failed = Exists(heard_of.filter(bounce=bounce.HARD)) | mailbox_full
    recent = Message.objects.filter(to_address=address, digest__isnull=False, made_at__gte=now - REACH)
    return recent.filter(failed).exclude(state=State.CANCELLED)


def _move(message: Message, states: list[str], values: dict[str, object]) -> bool:
    """Compare-and-set: True where exactly this claim's row was in one of `states`."""
    own = Message.objects.filter(pk=message.pk, claim_token=message.claim_token, state__in=states)
    return own.update(**values) == 1
