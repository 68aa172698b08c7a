"""One's alerts by a signed link: stop, pause, resume."""

import datetime
import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import User
from alerts.models import Subscription
from alerts.web import signing_up, subscriptions
from alerts.web.headers import private
from alerts.web.network import network
from config import clock


@private
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The person's alerts; each button changes one of them."""
    now = clock.now()
    try:
        person = _person(token, now)
    except tokens.ExpiredToken as expired:
        return _expired(request, expired.token.uuid, now)
    if request.method == "POST":
        _act(person, request.POST, now)
        return HttpResponseRedirect(request.path)
    context = {
        "alerts": subscriptions.live(person),
        "ended": subscriptions.undoable(person, now),
        "masked": addresses.masked(person.email),
    }
    return render(request, "alerts/manage.html", context)


def _person(token: str, now: datetime.datetime) -> User:
    """Whose link it is. Raises ExpiredToken after its 30 days or where its version is past, else Http404."""
    try:
        known = tokens.read(token, "manage", now)
    except tokens.ExpiredToken:
        raise
    except tokens.BadToken as error:
        raise Http404 from error
    person = User.objects.filter(uuid=known.uuid, is_active=True).first()
    if person is None:
        raise Http404
    if person.token_version != known.version:
        raise tokens.ExpiredToken(known)
    return person


def _act(person: User, pressed: dict[str, str], now: datetime.datetime) -> None:
    """Do what the button says to the alert it names; anything else is no button of ours. Raises Http404."""
    try:
        which = uuid.UUID(pressed.get("alert", ""))
    except ValueError as error:
        raise Http404 from error
    if not person.subscriptions.filter(uuid=which).exists():
        raise Http404
    action = pressed.get("do")
    if action == "stop":
        subscriptions.end(person, [which], Subscription.EndReason.PERSON, "manage", now)
    elif action == "undo":
        subscriptions.undo(person, [which], "manage", now)
    elif action == "pause":
        subscriptions.pause(person, which, "manage", now)
    elif action == "resume":
        subscriptions.resume(person, which, "manage", now)


def _expired(request: HttpRequest, ident: uuid.UUID, now: datetime.datetime) -> HttpResponse:
    """Offer to mail a fresh link to the address we know; what is shown does not depend on whether we know it."""
    sent = request.method == "POST"
    if sent:
        person = User.objects.filter(uuid=ident, is_active=True).first()
        subscription = next(iter(subscriptions.live(person)), None) if person else None
        if person and subscription:
            signing_up.remind(person, subscription, network(request), now)
    return render(request, "alerts/manage_expired.html", {"sent": sent})
