"""Whom we must not write to, by keyed hash: the list holds no address, and its key never changes."""

import datetime
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from accounts.models import Suppression

FAILING = (Suppression.Reason.HARD_BOUNCE, Suppression.Reason.SOFT_BOUNCES)
"""Reasons that say of a mailbox that mail does not reach it, and nothing of what its owner wants."""


def address_key(address: str) -> str:
    """The keyed hash of a canonical address."""
    return hmac.new(b"hark.address." + settings.ADDRESS_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()


def suppressed(address: str, anew: bool = False) -> bool:
    """Whether we must not write to this canonical address; whose account was deleted may sign up `anew`."""
    listed = Suppression.objects.filter(address_key=address_key(address))
    return (listed.exclude(reason=Suppression.Reason.DELETED) if anew else listed).exists()


def bounces(address: str) -> bool:
    """Whether we must not write to this canonical address only because mail to it came back."""
    return Suppression.objects.filter(address_key=address_key(address), reason__in=FAILING).exists()


def lift(address: str, before: datetime.datetime) -> bool:
    """Write to this canonical address again, where mail to it came back before this moment; whether that is new.

    The caller holds the person's lock.
    """
    listed = Suppression.objects.filter(address_key=address_key(address), reason__in=FAILING, since__lte=before)
    return bool(listed.delete()[0])


def begin_anew(address: str) -> None:
    """Forget that the account of this canonical address was deleted; the caller holds the person's lock, if any."""
    Suppression.objects.filter(address_key=address_key(address), reason=Suppression.Reason.DELETED).delete()


def suppressed_among(addresses: Iterable[str]) -> set[str]:
    """Those of these canonical addresses that we must not write to."""
    by_key = {address_key(address): address for address in addresses}
    found = Suppression.objects.filter(address_key__in=by_key).values_list("address_key", flat=True)
    return {by_key[key] for key in found}


def suppress(address: str, reason: str, now: datetime.datetime, note: str = "") -> bool:
    """Stop all mail to a canonical address; whether that is new. The first reason stays.

    The caller holds the person's lock where a person has this address.
    """
    _, new = Suppression.objects.get_or_create(
        address_key=address_key(address), defaults={"reason": reason, "since": now, "note": note}
    )
    return new
