"""Sign-ins: rows for mailed links and codes, and using one up."""

import datetime
import hashlib
import uuid

from django.db import transaction

from accounts.addresses import abuse_key
from accounts.models import SignIn, User
from accounts.suppressions import address_key

LASTS = datetime.timedelta(minutes=15)


def mailbox(address: str) -> str:
    """What a canonical address counts under: a keyed hash, since most that are typed here may be nobody's."""
    return address_key(abuse_key(address))


def known(key: str) -> SignIn | None:
    """The sign-in of a mailed link, however old; the row knows its time."""
    return SignIn.objects.filter(link_hash=hashed(key)).first()


def use(ident: uuid.UUID, now: datetime.datetime) -> User | None:
    """Use a sign-in up and say who it signs in; None where it is over, was used, or nobody may.

    Raises SignIn.DoesNotExist.
    """
    with transaction.atomic():
        waiting = SignIn.objects.select_for_update().get(uuid=ident)
        person = User.objects.subscribers().filter(pk=waiting.user_id).first()
        if person is None or waiting.used_at or now >= waiting.expires_at:
            return None
        waiting.used_at = now
        waiting.save(update_fields=["used_at"])
        return person


def hashed(key: str) -> str:
    """What is stored of the key in a link: it is long and random, so a plain hash tells nothing."""
    return hashlib.sha256(key.encode()).hexdigest()
