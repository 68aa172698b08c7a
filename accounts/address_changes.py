"""Changes of address: whose a mailed link is, what has become of a change, and which of a person's is open."""

import datetime
import enum

from django.db.models import Q

from accounts.models import AddressChange, User
from accounts.sign_ins import hashed

LASTS = datetime.timedelta(hours=24)


class End(enum.StrEnum):
    """One of the two addresses of a change: where mail goes now, and where it is to go."""

    OLD = "old"
    NEW = "new"


class State(enum.StrEnum):
    """What has become of a change."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


def known(key: str) -> tuple[AddressChange, End] | None:
    """The change of a mailed link, however old, and the end that it was mailed to."""
    link_hash = hashed(key)
    found = AddressChange.objects.filter(Q(old_link_hash=link_hash) | Q(new_link_hash=link_hash)).first()
    return (found, End.OLD if found.old_link_hash == link_hash else End.NEW) if found else None


def state(change: AddressChange, now: datetime.datetime) -> State:
    """What has become of it by now."""
    if change.done_at:
        return State.DONE
    if change.cancelled_at:
        return State.CANCELLED
    return State.EXPIRED if now >= change.expires_at else State.OPEN


def open_of(person: User, now: datetime.datetime) -> AddressChange | None:
    """The change that a person waits for."""
    waiting = person.address_changes.filter(done_at=None, cancelled_at=None, expires_at__gt=now)
    return waiting.first()


def give_up(person: User, now: datetime.datetime) -> int:
    """Cancel the person's open change, also one whose time is over; of how many. The lock is the caller's."""
    return person.address_changes.filter(done_at=None, cancelled_at=None).update(cancelled_at=now)


def former(person: User) -> list[str]:
    """The addresses a person was written to before, without those that are somebody's by now."""
    left = set(person.address_changes.filter(done_at__isnull=False).values_list("old_address", flat=True))
    return sorted(left - set(User.objects.filter(email__in=left).values_list("email", flat=True)))
