"""The addresses at which others read an alert: opened, renewed and closed by its owner, and found by who has one."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import Http404

from accounts import tokens
from accounts.models import User
from alerts.models import Outlet, Subscription
from alerts.web.deeds import alert_of
from alerts.web.record import record

PAGE, FEED = Outlet.Kind.PAGE, Outlet.Kind.FEED
PATHS = {PAGE: ("/s/{}",), FEED: ("/f/{}.atom", "/f/{}.json")}


@dataclass(frozen=True)
class Open:
    """The open outlets of an alert, as the addresses that others are given; '' where there is none."""

    page: str = ""
    atom: str = ""
    json: str = ""


def open_of(alerts: Iterable[Subscription]) -> dict[int, Open]:
    """By the alert's id; the database is asked as often for many alerts as for one."""
    found: dict[int, list[Outlet]] = {}
    for outlet in Outlet.objects.filter(subscription__in=alerts, closed_at__isnull=True):
        found.setdefault(outlet.subscription_id, []).append(outlet)
    return {alert: _open(outlets) for alert, outlets in found.items()}


def addresses(outlet: Outlet) -> tuple[str, ...]:
    """The whole addresses of an outlet: of a page one, of a feed that of Atom and that of JSON Feed."""
    token = tokens.make(outlet.kind, outlet.uuid, outlet.opened_at)
    return tuple(settings.SITE_URL + path.format(token) for path in PATHS[Outlet.Kind(outlet.kind)])


def behind(token: str, kind: str, now: datetime.datetime) -> Outlet | None:
    """The open outlet of an address, whose alert may have ended; None where it is closed. Raises Http404 for none."""
    try:
        ident = tokens.read(token, kind, now).uuid
    except tokens.BadToken as error:
        raise Http404 from error
    outlets = Outlet.objects.filter(uuid=ident, kind=kind, closed_at__isnull=True)
    return outlets.select_related("subscription__topic").first()


def act(person: User, pressed: Mapping[str, str], scope: str, now: datetime.datetime) -> Subscription:
    """Do what the button says, on the person's alert that it names. Raises Http404 for no button or alert of theirs."""
    deed, _, kind = pressed.get("do", "").partition("-")
    if deed not in _DEEDS or kind not in PATHS:
        raise Http404
    with transaction.atomic():
        alert = alert_of(User.objects.locked(person.pk), pressed.get("alert", ""))
        if alert.ended_at:
            raise Http404
        before = alert.outlets.filter(kind=kind, closed_at__isnull=True)
        if deed != "open" and before.update(closed_at=now):
            record("outlet closed", person, alert, scope, now, before={"kind": kind})
        if deed != "close" and not before.exists():
            Outlet.objects.create(subscription=alert, kind=kind, opened_at=now)
            record("outlet opened", person, alert, scope, now, after={"kind": kind})
    return alert


_DEEDS = ("open", "renew", "close")
DEEDS = frozenset(f"{deed}-{kind}" for deed in _DEEDS for kind in PATHS)
"""What the buttons are called."""


def _open(outlets: Iterable[Outlet]) -> Open:
    by_kind = {outlet.kind: addresses(outlet) for outlet in outlets}
    return Open(*by_kind.get(PAGE, ("",)), *by_kind.get(FEED, ("", "")))
