"""Every link of ours that stands in an email, made of the site's own address and signed tokens.

A stop link for a person names the person's uuid and ends all their alerts; one for a single alert names the
subscription's uuid and ends that one. A link made twice for the same row and moment is the same link.
"""

import datetime
from urllib.parse import quote

from django.conf import settings

from accounts import tokens
from accounts.models import User
from alerts.models import Digest, SignUp, Subscription


def confirm(sign_up: SignUp) -> str:
    """The page where the owner of the address confirms the alert asked for; works for 7 days from the asking."""
    return f"{settings.SITE_URL}/confirm/{tokens.make('confirm', sign_up.uuid, sign_up.asked_at)}"


def manage(person: User, now: datetime.datetime) -> str:
    """The page where a person changes or pauses their alerts without signing in; works for 30 days from `now`."""
    return f"{settings.SITE_URL}/m/{tokens.make('manage', person.uuid, now, person.token_version)}"


def stop(whose: User | Subscription, now: datetime.datetime) -> str:
    """The one-click address that ends all alerts of a person, or one subscription; it works for ever."""
    return f"{settings.SITE_URL}/u/{tokens.make('unsub', whose.uuid, now)}"


def digest(told: Digest) -> str:
    """The digest's page: everything its sections cover."""
    return f"{settings.SITE_URL}/d/{tokens.make('digest', told.uuid, told.made_at)}"


def item(tabled_on: datetime.date | None, uin: str, elsewhere: str = "") -> str:
    """The page of a written question; `elsewhere` for what has no page of ours."""
    if tabled_on is None or not uin:
        return elsewhere
    return f"{settings.SITE_URL}/q/{tabled_on.isoformat()}/{quote(uin, safe='')}"


def about() -> str:
    """The page a person is sent to for help."""
    return f"{settings.SITE_URL}/"
