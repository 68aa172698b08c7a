"""Every link of ours that stands in an email, made of the site's own address and signed tokens.

A stop link for a person names the person's uuid and ends all their alerts; one for a single alert names the
subscription's uuid and ends that one. A link made twice for the same row and moment is the same link.
"""

import datetime
from urllib.parse import quote

from django.conf import settings

from accounts import short_tokens, tokens
from accounts.models import User
from alerts.models import Change, CheckIn, Digest, Item, SignUp, Subscription
from alerts.models.original import host, original

__all__ = [
    "about",
    "address",
    "check_in",
    "confirm",
    "digest",
    "edit",
    "host",
    "item",
    "item_path",
    "manage",
    "my_alerts",
    "not_relevant",
    "original",
    "sign_in",
    "sign_in_page",
    "stay",
    "stop",
    "undo",
]

NOT_RELEVANT = "not relevant"
"""The purpose of the links by which readers say so."""


def confirm(sign_up: SignUp) -> str:
    """The page where the owner of the address confirms the alert asked for; works for 7 days from the asking.

    It names the address, which is no longer kept here by then, so that the page can offer to send another.
    """
    token, seal = tokens.make("confirm", sign_up.uuid, sign_up.asked_at), tokens.sealed(sign_up.email, sign_up.uuid)
    return f"{settings.SITE_URL}/confirm/{token}.{seal}"


def manage(person: User, now: datetime.datetime) -> str:
    """The page where a person changes or pauses their alerts without signing in; works for 30 days from `now`."""
    return f"{settings.SITE_URL}/m/{tokens.make('manage', person.uuid, now, person.token_version)}"


def sign_in(key: str) -> str:
    """The page where a person signs in with the key of one mail; works for 15 minutes."""
    return f"{settings.SITE_URL}/sign-in/{key}"


def address(key: str) -> str:
    """The page where one end of a change of address says yes, with the key of its mail; works for 24 hours."""
    return f"{settings.SITE_URL}/address/{key}"


def sign_in_page() -> str:
    """The page where anybody asks to sign in."""
    return f"{settings.SITE_URL}/sign-in"


def my_alerts() -> str:
    """The page of a person's alerts, for who is signed in."""
    return f"{settings.SITE_URL}/alerts"


def stay(person: User, now: datetime.datetime) -> str:
    """The page where a person who is leaving takes that back; it outlives the seven days to say that they are over."""
    return f"{settings.SITE_URL}/stay/{tokens.make('stay', person.uuid, now)}"


def stop(whose: User | Subscription, now: datetime.datetime) -> str:
    """The one-click address that ends all alerts of a person, or one subscription; it works for ever."""
    return f"{settings.SITE_URL}/u/{tokens.make('unsub', whose.uuid, now)}"


def undo(change: Change, person: User, now: datetime.datetime) -> str:
    """The page where a person takes back one change of their alerts; works for 30 days from `now`."""
    return f"{settings.SITE_URL}/undo/{tokens.make('undo', change.uuid, now, person.token_version)}"


def check_in(asked: CheckIn) -> str:
    """The page where a person says what becomes of an alert that finds too much; works for 30 days."""
    version = asked.subscription.user.token_version
    return f"{settings.SITE_URL}/c/{tokens.make('check-in', asked.uuid, asked.at, version)}"


def edit(alert: Subscription) -> str:
    """The page where a person who is signed in changes an alert's words."""
    return f"{settings.SITE_URL}/alerts/{alert.uuid}"


def digest(told: Digest) -> str:
    """The digest's page: everything its sections cover."""
    return f"{settings.SITE_URL}/d/{tokens.make('digest', told.uuid, told.made_at)}"


def not_relevant(section: int, event: int) -> str:
    """The page where a reader says that an event of a section was not relevant; works while that is kept."""
    return f"{settings.SITE_URL}/n/{short_tokens.make(NOT_RELEVANT, section, event)}"


def item(told: Item) -> str:
    """The item's page here."""
    return f"{settings.SITE_URL}{item_path(told)}"


def item_path(told: Item) -> str:
    """The path of the item's page: `/q/` for a written question, `/i/` for an item of a newsletter."""
    if told.tabled_on and told.uin:
        return f"/q/{told.tabled_on.isoformat()}/{quote(told.uin, safe='')}"
    return f"/i/{told.uuid}"


def about() -> str:
    """The page a person is sent to for help."""
    return f"{settings.SITE_URL}/"
