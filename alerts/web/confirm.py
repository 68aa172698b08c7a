"""The confirm link: a page on GET, the deed on POST."""

import datetime
import uuid
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import addresses, tokens
from accounts.models import Consent
from alerts.digests import links
from alerts.digests.hours import Hours
from alerts.models import Schedule, SignUp, Subscription
from alerts.web import browser, confirming, frequencies, signed_links, signing_up, stamps, subscriptions
from alerts.web.confirming import Outcome
from alerts.web.headers import private
from alerts.web.network import network
from config import clock

TOO_SOON = datetime.timedelta(seconds=1)
"""A button pressed sooner after the page was shown was pressed by a program that looks through mail."""


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what will be confirmed, and do it when the button is pressed by a person."""
    now = clock.now()
    token, _, seal = token.partition(".")
    ident = _named(token, now)
    sign_up = SignUp.objects.filter(uuid=ident).first()
    if sign_up is None:
        return _gone(request, ident)
    if request.method == "POST" and "again" in request.POST:
        return _ask_again(request, sign_up, seal, now)
    if not sign_up.email:
        return not_confirmed(request, sign_up, Outcome.EXPIRED)
    age = stamps.age(request.POST.get("shown", ""))
    if request.method != "POST" or age is None or age < TOO_SOON:
        return _page(request, sign_up, now)
    if "cancel" in request.POST:
        blocked = confirming.cancel(sign_up.uuid, now)
        return render(request, "alerts/cancelled.html", {"sign_up": sign_up, "blocked": blocked})
    return done(request, sign_up, confirming.confirm(sign_up.uuid, now, opened_at=now - age))


def _named(token: str, now: datetime.datetime) -> uuid.UUID:
    """The sign-up of a link, also of one that has expired; the rows know their own time. Raises Http404."""
    try:
        return signed_links.read(token, "confirm", now).uuid
    except tokens.ExpiredToken as expired:
        return expired.token.uuid


def _gone(request: HttpRequest, ident: uuid.UUID) -> HttpResponse:
    """What was asked for is no longer kept, but that it was confirmed is."""
    agreed = Consent.objects.filter(token_id=ident).first()
    status = 200 if agreed else 410
    return render(request, "alerts/confirm_gone.html", {"agreed": agreed}, status=status)


def _page(request: HttpRequest, sign_up: SignUp, now: datetime.datetime) -> HttpResponse:
    if sign_up.cancelled_at:
        return not_confirmed(request, sign_up, Outcome.CANCELLED)
    if sign_up.confirmed_at is None and now >= sign_up.expires_at:
        return not_confirmed(request, sign_up, Outcome.EXPIRED)
    before, after = confirming.hours_before_and_after(sign_up)
    context = {
        "sign_up": sign_up,
        "masked": addresses.masked(sign_up.email),
        "others": confirming.others_of(sign_up),
        "how_often": frequencies.in_words(sign_up.frequency, after),
        "moved": before != after,
        "stamp": stamps.stamp(),
    }
    return render(request, "alerts/confirm.html", context)


def _ask_again(request: HttpRequest, expired: SignUp, seal: str, now: datetime.datetime) -> HttpResponse:
    """A new sign-up for what an expired one asked; the address need not be typed again: the row or the link has it."""
    try:
        address = expired.email or tokens.opened(seal, expired.uuid)
    except tokens.BadToken:
        return HttpResponseRedirect(f"/subscribe?{urlencode({'q': expired.query})}")
    sign_up = signing_up.repeat(expired, address, network(request), now)
    return browser.remember(HttpResponseRedirect("/check-email"), browser.ASKED, sign_up)


def done(request: HttpRequest, sign_up: SignUp, confirmation: confirming.Confirmation) -> HttpResponse:
    """After the button: the same page however often it is pressed, or why nothing was confirmed."""
    if confirmation.outcome is Outcome.CONFIRMED:
        return browser.remember(HttpResponseRedirect("/confirmed"), browser.CONFIRMED, sign_up)
    return not_confirmed(request, sign_up, confirmation.outcome)


def not_confirmed(request: HttpRequest, sign_up: SignUp, outcome: Outcome) -> HttpResponse:
    """Why nothing was confirmed, and what to do next."""
    context = {"outcome": str(outcome), "sign_up": sign_up, "most": subscriptions.MOST_ALERTS}
    return render(request, "alerts/not_confirmed.html", context)


@require_safe
@never_cache
def confirmed(request: HttpRequest) -> HttpResponse:
    """Your alert is on: what it is and when the next email may come, in the browser that confirmed."""
    now = clock.now()
    sign_up = browser.remembered(request, browser.CONFIRMED)
    subscription = confirming.confirmed_alert(sign_up) if sign_up and sign_up.confirmed_at else None
    context: dict[str, object] = {"sign_up": sign_up, "subscription": subscription}
    if subscription:
        hours = Hours.of(subscription.user)
        context["how_often"] = frequencies.in_words(subscription.frequency)
        context["next"] = frequencies.next_email(_schedule(subscription), hours, now)
        context["manage"] = links.manage(subscription.user, now)
    return render(request, "alerts/confirmed.html", context)


def _schedule(subscription: Subscription) -> Schedule | None:
    return Schedule.objects.filter(user=subscription.user_id, frequency=subscription.frequency).first()
