"""Sessions: begun with a mailed link or code, known by the key in a cookie, ended one by one or all at once."""

import datetime
import hashlib
import secrets
import uuid

from django.db.models import QuerySet

from accounts.models import Session, User

LASTS = datetime.timedelta(days=30)


def begin(person: User, browser: str, network: str, now: datetime.datetime) -> str:
    """Sign a person in with one browser; its key, which is kept nowhere but in that browser."""
    key = secrets.token_urlsafe(32)
    values = {"browser": browser[:80], "network": network, "begun_at": now, "ends_at": now + LASTS}
    Session.objects.create(user=person, key_hash=hashed(key), **values)
    return key


def known(key: str, now: datetime.datetime) -> Session | None:
    """The session of this key, if it lasts and its person may still sign in."""
    lasting = Session.objects.filter(key_hash=hashed(key), ends_at__gt=now, user__in=User.objects.subscribers())
    return lasting.select_related("user").first()


def of(person: User, now: datetime.datetime) -> QuerySet[Session]:
    """Where a person is signed in, the newest first."""
    return Session.objects.filter(user=person, ends_at__gt=now).order_by("-begun_at", "-id")


def end(person: User, which: uuid.UUID | None = None) -> int:
    """Sign a person out of one browser, or of all of them; of how many."""
    ending = Session.objects.filter(user=person) if which is None else Session.objects.filter(user=person, uuid=which)
    return ending.delete()[0]


def hashed(key: str) -> str:
    """What is stored of a key: it is long and random, so a plain hash tells nothing."""
    return hashlib.sha256(key.encode()).hexdigest()
