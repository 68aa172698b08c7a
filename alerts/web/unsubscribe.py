"""Leaving: the stop link of every digest, for people (a page) and for mail programs (RFC 8058, one POST)."""

import datetime
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import User
from alerts.models import Subscription
from alerts.web import subscriptions
from alerts.web.headers import private
from config import clock


@private
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The page on GET; on POST the deed, at once, without cookie or redirect, any number of times.

    A POST from none of the page's buttons is a mail program's, whatever its body looks like.
    """
    now = clock.now()
    try:
        ident = tokens.read(token, "unsub", now).uuid
    except tokens.BadToken as error:
        raise Http404 from error
    person, one = _whose(ident)
    if request.method == "POST" and "do" not in request.POST:
        _end(person, one, Subscription.EndReason.ONE_CLICK, now)
        return HttpResponse("You are unsubscribed.\n", content_type="text/plain; charset=utf-8")
    changed = _act(request, person, one, now) if request.method == "POST" and person else None
    return _page(request, person, one, changed, now)


def _whose(ident: uuid.UUID) -> tuple[User | None, Subscription | None]:
    """The person a link names, or the person and the one alert; nobody where the account is gone."""
    person = User.objects.filter(uuid=ident).first()
    one = None if person else Subscription.objects.select_related("user").filter(uuid=ident).first()
    return (one.user if one else person), one


def _end(person: User | None, one: Subscription | None, reason: str, now: datetime.datetime) -> list[Subscription]:
    return subscriptions.end(person, [one.uuid] if one else None, reason, "unsub", now) if person else []


def _act(request: HttpRequest, person: User, one: Subscription | None, now: datetime.datetime) -> dict[str, object]:
    """What the page's button says: stop the email, stop one alert, or take that back."""
    pressed = [one.uuid] if one else _uuids(request.POST.getlist("alert"))
    if request.POST.get("do") == "undo":
        return {"reopened": subscriptions.undo(person, pressed, "unsub", now)}
    if request.POST.get("do") == "stop-one":
        return {"ended": subscriptions.end(person, pressed, Subscription.EndReason.PERSON, "unsub", now)}
    return {"ended": _end(person, one, Subscription.EndReason.PERSON, now)}


def _uuids(typed: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in typed]
    except ValueError as error:
        raise Http404 from error


def _page(
    request: HttpRequest,
    person: User | None,
    one: Subscription | None,
    changed: dict[str, object] | None,
    now: datetime.datetime,
) -> HttpResponse:
    alerts, ended = [], []
    if person:
        mine = {one.uuid} if one else None
        alerts = [alert for alert in subscriptions.live(person) if mine is None or alert.uuid in mine]
        ended = [alert for alert in subscriptions.undoable(person, now) if mine is None or alert.uuid in mine]
    context = {"alerts": alerts, "undoable": ended, "one": one, "changed": changed or {}}
    context["masked"] = addresses.masked(person.email) if person else ""
    return render(request, "alerts/unsubscribe.html", context)
