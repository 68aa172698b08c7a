"""Addresses that mail has stopped reaching: when to give up, and what their owner is told."""

import datetime
from dataclasses import dataclass

from django.db.models import Max, Min, QuerySet

from accounts.addresses import masked
from accounts.models import Suppression, User
from accounts.suppressions import FAILING, address_key
from alerts.digests import bounce
from alerts.models import DeliveryEvent, Message

MOST = 3
"""So many different emails not taken by a mailbox, with none delivered between them, are enough to give up,"""
AT_LEAST, WITHIN = datetime.timedelta(days=7), datetime.timedelta(days=35)
"""if the first of them lies at least so far back, and no further than that."""


@dataclass(frozen=True)
class Trouble:
    """Why a person gets no mail: their address, with most of it hidden, and since when mail to it has failed."""

    address: str
    since: datetime.datetime
    for_good: bool


def for_too_long(address: str, now: datetime.datetime) -> bool:
    """Whether the mailbox has refused so many emails, over so long, that writing to it is over."""
    refused = _since_last_delivery(address).filter(happened_at__gt=now - WITHIN)
    found = refused.aggregate(first=Min("happened_at"), last=Max("happened_at"))
    if refused.values("message").distinct().count() < MOST:
        return False
    return found["last"] - found["first"] >= AT_LEAST


def trouble(person: User) -> Trouble | None:
    """What the banner on a person's pages says; None where nothing failed, or they were stopped for another reason."""
    stopped = Suppression.objects.filter(address_key=address_key(person.email), reason__in=FAILING).first()
    if stopped is None:
        return None
    first = _since_last_delivery(person.email).filter(happened_at__lte=stopped.since).aggregate(at=Min("happened_at"))
    hard = stopped.reason == Suppression.Reason.HARD_BOUNCE
    return Trouble(masked(person.email), min(first["at"] or stopped.since, stopped.since), hard)


def _since_last_delivery(address: str) -> QuerySet[DeliveryEvent]:
    """What bounced since the last email that reached the mailbox.

    Over plain SMTP nobody reports a delivery: there an email that was accepted, and did not bounce, reached it.
    """
    heard = DeliveryEvent.objects.filter(message__to_address=address)
    delivered = heard.filter(event_type="delivered").aggregate(at=Max("happened_at"))["at"]
    by_smtp = Message.objects.filter(to_address=address, state=Message.State.SENT, provider_id="")
    accepted = by_smtp.exclude(delivery_events__bounce=bounce.SOFT).aggregate(at=Max("settled_at"))["at"]
    reached = max(filter(None, (delivered, accepted)), default=None)
    bounced = heard.exclude(bounce=bounce.NEITHER)
    return bounced.filter(happened_at__gt=reached) if reached else bounced
