"""What waits for the address a person has left: digests go along, the rest was for that address alone."""

import datetime

from accounts.models import User
from alerts.digests import changed
from alerts.digests.handoff import MOVED
from alerts.models import Message

State = Message.State


def follow(person: User, now: datetime.datetime) -> int:
    """Have digests that have not left go to the person's address, rendered anew; how many.

    Emails about changes are written anew, all others cancelled: their links were for who reads the former address.
    What a worker has in hand is seen to at its handoff, which waits for the lock that the caller has on the person.
    """
    changed.tell_anew(person, now)
    waiting = Message.objects.filter(user=person, state=State.PENDING).exclude(to_address=person.email)
    goes_along = waiting.filter(digest__isnull=False, handoff_at=None)
    moved = goes_along.update(to_address=person.email, subject="", body=None)
    waiting.filter(digest=None).update(state=State.CANCELLED, settled_at=now, reason=MOVED)
    return moved
