"""Claims: one worker takes one waiting message, for as long as its lease; what is overdue goes back.

Leases run by the database's clock, so that a worker whose own clock is wrong steals nothing.
"""

import datetime
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Func, Q

from alerts.digests import providers
from alerts.digests.hold import held
from alerts.models import Message

State = Message.State

MOST_ATTEMPTS = 5
"""A message that ended so many workers is poison and fails, so that it holds up nobody else."""
HELD = "may have been sent already: look at the provider's log before sending it again"
"""Why an uncertain message stays uncertain."""


class DatabaseNow(Func):
    """The database's clock, which goes on within a transaction."""

    function = "clock_timestamp"
    arity = 0
    output_field = DateTimeField()


def lease(seconds: float) -> ExpressionWrapper:
    """So many seconds from the database's now."""
    return ExpressionWrapper(DatabaseNow() + datetime.timedelta(seconds=seconds), output_field=DateTimeField())


def claim(now: datetime.datetime) -> Message | None:
    """Take the most urgent message that may go now, with a lease and a new token.

    None where nothing waits, or all sending is held.
    """
    if held(now):
        return None
    may_go = Q(not_before__isnull=True) | Q(not_before__lte=now)
    with transaction.atomic():
        waiting = Message.objects.select_for_update(skip_locked=True).filter(may_go, state=State.PENDING)
        picked = waiting.order_by("priority", "id").values_list("pk", flat=True).first()
        taken = Message.objects.filter(pk=picked, state=State.PENDING).update(
            state=State.CLAIMED,
            claim_token=uuid.uuid4(),
            lease_until=lease(settings.LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
        return Message.objects.select_related("user", "digest", "sign_up").get(pk=picked) if taken else None


def sweep(now: datetime.datetime) -> int:
    """Put right what lapsed leases left behind; how many messages moved.

    `claimed`: nothing had left, so back to `pending`, or `failed` as poison. `handoff`: nobody knows, so `uncertain`.
    `uncertain` for long enough: again with the same bytes. Where the provider folds a repetition of it that is no
    resend; else it is the one that may double, and a second time, or by the setting, it stays for the operator.
    """
    lapsed = Message.objects.filter(lease_until__lt=DatabaseNow())
    unsure = lapsed.filter(state=State.UNCERTAIN)
    again = {"state": State.PENDING, "lease_until": None}
    poison = {"state": State.FAILED, "lease_until": None, "settled_at": now, "reason": f"ended {MOST_ATTEMPTS} workers"}
    second = unsure.filter(resends=1) if settings.UNCERTAIN == "resend" else unsure
    return sum(
        (
            lapsed.filter(state=State.CLAIMED, attempts__gte=MOST_ATTEMPTS).update(**poison),
            lapsed.filter(state=State.CLAIMED).update(**again),
            unsure.filter(key_until__gt=DatabaseNow()).update(**again, attempts=0),
            second.update(lease_until=None, reason=HELD),
            unsure.update(**again, attempts=0, resends=1, key_until=None),
            lapsed.filter(state=State.HANDOFF).update(**uncertain("no answer before the lease ended")),
        )
    )


def uncertain(reason: str) -> dict[str, object]:
    """The values of a message nobody knows about: settled by a delivery event, or by the sweep after a while."""
    provider = providers.current()
    wait = provider.repeat_after.total_seconds() if provider.folds else settings.UNCERTAIN_SECONDS
    return {"state": State.UNCERTAIN, "lease_until": lease(wait), "reason": reason[:300]}
