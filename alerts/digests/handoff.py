"""The handoff: the last look, under the person's lock, before the bytes of a message leave."""

import datetime
import enum
import re

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.sign_ins import LASTS as SIGN_IN_WORKS
from accounts.suppressions import bounces, suppressed
from alerts.digests import check_in, providers, visible
from alerts.digests.claim import DatabaseNow, lease
from alerts.failpoints import failpoint
from alerts.models import Message

State = Message.State

SIGNED_UP_ANEW = (Message.Kind.CONFIRM, Message.Kind.ADDRESS)
"""These go to an address whose account was deleted: its owner is about to begin again there."""
MOVED = "the address was changed"
SUPPRESSED = "suppressed"

CONTENT_HEADER = "X-Hark-Content"
"""Carries the print of what a digest tells, so that its bytes can be held against the rows at any later time."""
_PRINT = re.compile(rb"^X-Hark-Content: ([0-9a-f]+)\r$", re.MULTILINE)

LEFT_ON_LEASE = 0.4
"""The part of a lease that must be left: with the defaults, 120 of 300 seconds, the hard limit of a task."""


class Refusal(enum.Enum):
    """Why a message was not handed over."""

    CANCELLED = "nobody is to get it any more"
    STALE = "something in it was hidden or stopped: render it again"
    HELD = "it may have been sent already, and must not go again as it is"
    LOST = "the lease is over, or nearly"


class NotHandedOver(Exception):
    """The message stays here; `refusal` says why."""

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.value)
        self.refusal = refusal


class Handoff:
    """One message's handoff; `done` once it is committed, and from then on nobody knows until there is an answer."""

    def __init__(self, message: Message, now: datetime.datetime):
        self.message, self.now, self.done = message, now, False

    def __call__(self) -> None:
        """Commit the handoff; raises NotHandedOver where the bytes must not leave."""
        failpoint("handoff.begins", self.message.pk)
        with transaction.atomic():
            refusal = self._look() or self._commit()
        if refusal is not None:
            raise NotHandedOver(refusal)
        self.done = True
        failpoint("handoff.committed", self.message.pk)

    def _own(self):
        return Message.objects.filter(pk=self.message.pk, claim_token=self.message.claim_token, state=State.CLAIMED)

    def _commit(self) -> Refusal | None:
        margin = lease(settings.LEASE_SECONDS * LEFT_ON_LEASE)
        values = {"state": State.HANDOFF, "handoff_at": self.now, "unreached": False} | self._key()
        handed_over = self._own().filter(lease_until__gt=margin).update(**values)
        return None if handed_over else Refusal.LOST

    def _key(self) -> dict[str, object]:
        """Until when the provider folds a repetition; the first attempt says, for its key is not made younger."""
        life = providers.current().key_life
        if self.message.key_until is not None and not self._outlived():
            return {}
        counted = {"resends": 1} if self.message.key_until is not None else {}
        return counted | {"key_until": lease(life.total_seconds()) if life else None}

    def _outlived(self) -> bool:
        """Whether an earlier attempt may have succeeded under a key that no longer holds."""
        return self.message.key_until is not None and self._own().filter(key_until__lte=DatabaseNow()).exists()

    def _look(self) -> Refusal | None:
        """What stands against it, read after the person's lock; what must not go is cancelled right here."""
        message = self.message
        person = User.objects.locked(message.user_id) if message.user_id else None
        if person is not None and message.kind != Message.Kind.ADDRESS and message.to_address != person.email:
            return self._follow(person)
        shown = visible.sections(message.digest) if message.digest_id else []
        empty = "nothing left to tell" if message.digest_id and not shown else ""
        reason = _against(message, person, self.now) or empty
        if reason:
            return self._cancel(reason)
        changed = bool(message.digest_id) and _printed(message) != visible.fingerprint(shown)
        if changed and message.handoff_at is None:
            return Refusal.STALE
        # It may have gone out once, so its bytes are fixed; what changed since must not go again as it was.
        return self._hold() if changed or (self._outlived() and not self._may_double()) else None

    def _cancel(self, reason: str) -> Refusal:
        values = {"state": State.CANCELLED, "lease_until": None, "settled_at": self.now, "reason": reason}
        later = self.message.digest_id is not None and reason == SUPPRESSED and bounces(self.message.to_address)
        values["unreached"] = later
        return Refusal.CANCELLED if self._own().update(**values) else Refusal.LOST

    def _follow(self, person: User) -> Refusal:
        """Its person has moved: a digest that has not left goes along, what may have left is not sent twice."""
        if not self.message.digest_id:
            return self._cancel(MOVED)
        if self.message.handoff_at is not None:
            return self._hold()
        values = {"to_address": person.email, "subject": "", "body": None}
        if not self._own().update(**values):
            return Refusal.LOST
        self.message.to_address = person.email
        return Refusal.STALE

    def _may_double(self) -> bool:
        return self.message.resends == 0 and settings.UNCERTAIN == "resend"

    def _hold(self) -> Refusal:
        held = {"state": State.UNCERTAIN, "lease_until": None, "reason": Refusal.HELD.value, "resends": 1}
        return Refusal.HELD if self._own().update(**held) else Refusal.LOST


def _printed(message: Message) -> str:
    """The print in the bytes, or '' where there are none yet."""
    found = _PRINT.search(bytes(message.body)) if message.body is not None else None
    return found[1].decode() if found else ""


def _against(message: Message, person: User | None, now: datetime.datetime) -> str:
    """Why nobody is to get the message, or ''."""
    is_test = message.kind == Message.Kind.TEST and bounces(message.to_address)
    if not is_test and suppressed(message.to_address, anew=message.kind in SIGNED_UP_ANEW):
        return SUPPRESSED
    leaves = person is not None and person.delete_after is not None and message.kind != Message.Kind.GOODBYE
    if leaves or (person is not None and not person.is_active):
        return "the account is being deleted"
    if message.sign_up is not None and message.kind == Message.Kind.CONFIRM:
        message.sign_up.refresh_from_db()
        if message.sign_up.confirmed_at or message.sign_up.cancelled_at:
            return "confirmed or cancelled meanwhile"
    if message.kind == Message.Kind.CHECK_IN and not check_in.is_wanted(message, person, now):
        return "the alert was changed meanwhile, or its reader is away"
    if message.kind == Message.Kind.SIGN_IN and now >= message.made_at + SIGN_IN_WORKS:
        return "its link and code are over"
    return ""
