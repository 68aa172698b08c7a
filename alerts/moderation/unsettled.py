"""What staff decide about mails that went wrong: sent again, or taken as sent; never both, whoever decides at once."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from alerts.models import Message
from alerts.moderation.log import line

State = Message.State

FOR_STAFF = Q(state=State.UNCERTAIN, lease_until__isnull=True)
"""Uncertain for good: no worker, no delivery event and no clock will settle it."""


def send_again(messages: QuerySet[Message], staff: User, reason: str, now: datetime) -> int:
    """Have those that failed, or are uncertain for good, sent once more with the same bytes; how many.

    Who must not be written to any more gets nothing all the same, and what changed since stays as it is. What another
    message carries by now is left to that one.
    """
    again = {"state": State.PENDING, "attempts": 0, "not_before": None, "key_until": None, "settled_at": None}
    has_content = Q(body__isnull=False) | Q(digest__isnull=False)
    chosen = messages.filter(FOR_STAFF | Q(state=State.FAILED), has_content)
    return _settle(chosen, "sent again", staff, reason, now, again | {"resends": 1})


def take_as_sent(messages: QuerySet[Message], staff: User, reason: str, now: datetime) -> int:
    """Settle those that are uncertain for good as sent; how many."""
    sent = {"state": State.SENT, "settled_at": now, "reason": ""}
    return _settle(messages.filter(FOR_STAFF), "taken as sent", staff, reason, now, sent)


def _settle(
    messages: QuerySet[Message],
    action: str,
    staff: User,
    reason: str,
    now: datetime,
    values: dict[str, object],
) -> int:
    """Each by compare-and-set on its state, in one transaction with its line in the log."""
    done = 0
    for message in messages.order_by("pk"):
        before = {"state": message.state, "reason": message.reason}
        with transaction.atomic():
            as_it_was = Message.objects.filter(
                pk=message.pk, state=message.state, lease_until__isnull=True, passed_on=None
            )
            if as_it_was.update(**values):
                line(action, staff, message, now, before=before, reason=reason[:300]).save()
                done += 1
    return done
