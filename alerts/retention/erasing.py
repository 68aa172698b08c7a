"""Erasing a person: nothing with the address stays but its keyed hash."""

import datetime

from accounts import address_changes, suppressions
from accounts.models import Suppression, User
from alerts.models import Change, Message, SignUp

UNDER_WAY = (Message.State.CLAIMED, Message.State.HANDOFF)


def erase(person: User, now: datetime.datetime) -> bool:
    """Erase a person whose lock the caller holds; False where an email is just leaving, which is waited for.

    By the hash nobody writes to the address again, unless it signs up anew. What names an address they had before goes
    with them, unless that is somebody else's by now.
    """
    own = [person.email, *address_changes.former(person)]
    mails = Message.objects.filter(to_address__in=own)
    if mails.filter(state__in=UNDER_WAY).exists():
        return False
    ident = person.pk
    suppressions.suppress(person.email, Suppression.Reason.DELETED, now)
    mails.delete()
    SignUp.objects.filter(email__in=own).delete()
    person.delete()
    Change.objects.create(at=now, actor=Change.Actor.SYSTEM, object_type="user", object_id=ident, action="erased")
    return True
