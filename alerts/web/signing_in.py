"""Asking to sign in: the row and its mail, the same work whether somebody has the address or not."""

import datetime
import re
import secrets
import uuid
from functools import partial

from django.db import transaction

from accounts import sign_ins, suppressions
from accounts.models import SignIn, User
from alerts import tasks
from alerts.digests import outgoing
from alerts.web import codes, kept, limits

HOME = "/alerts"
OURS = re.compile(r"/(?:alerts|settings)(?:/[a-z0-9-]+)*")
"""Pages that may be gone to after signing in: an address of ours, and nothing that could be another site's."""


KEPT = sign_ins.LASTS
"""How long what somebody had typed is kept after nobody can sign in by it any more, for who has just done so."""


def ask(address: str, network: str, goes_to: str, now: datetime.datetime, typed: kept.Typed | None = None) -> SignIn:
    """A new sign-in for a canonical address, mailed where its person may be mailed now.

    For everybody else the mail is written too, and given up: neither the page nor its time tells who has alerts.
    What was `typed` before is kept where the same person signs in; anybody else goes to their own alerts.
    """
    ident, link, code = uuid.uuid4(), secrets.token_urlsafe(32), codes.new_code()
    with transaction.atomic():
        person = _recipient(address, now)
        SignIn.objects.filter(expires_at__lte=now - KEPT, typed__isnull=False).update(typed=None)
        is_theirs = typed is not None and person is not None and str(person.uuid) == typed.whose
        with transaction.atomic():
            outgoing.queue_sign_in(address, person, link, code, now)
            transaction.set_rollback(person is None)
        transaction.on_commit(partial(tasks.ring, "deliver"))
        return SignIn.objects.create(
            uuid=ident,
            user=person,
            link_hash=sign_ins.hashed(link),
            code_hash=codes.code_hash(ident, code) if person else "",
            mailbox=sign_ins.mailbox(address),
            network=network,
            goes_to=target(goes_to) if is_theirs or typed is None else HOME,
            typed=typed.fields if is_theirs else None,
            asked_at=now,
            expires_at=now + sign_ins.LASTS,
        )


def target(wished: str) -> str:
    """The page to go to after signing in: the wished one where it is one of a person's own pages, else their alerts."""
    return wished if OURS.fullmatch(wished) and len(wished) <= 200 else HOME


def _recipient(address: str, now: datetime.datetime) -> User | None:
    """Who has this address, if they sign in by mail and may be sent one now."""
    mailed = limits.mailed_sign_ins(sign_ins.mailbox(address), now)
    blocked = suppressions.suppressed(address)
    person = User.objects.subscribers().filter(email=address).first()
    return person if not blocked and limits.may_mail_sign_in(mailed, now) else None
