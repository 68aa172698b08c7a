"""Leaving: the stop link of every digest, for people (a page) and for mail programs (RFC 8058, one POST)."""

import datetime
import uuid

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import User
from alerts.models import Change, Subscription
from alerts.models.choices import Frequency
from alerts.web import subscriptions
from alerts.web.headers import private
from alerts.web.record import record_person
from config import clock

SCOPE, SAID_WHY = "unsub", "said_why"


WHY = {
    "too-many": "Too many emails",
    "not-what": "Not what I was looking for",
    "done": "I no longer need it",
    "never": "I never asked for it",
    "other": "Something else",
}
"""Why somebody leaves, in their own words as far as one press goes."""
A_DAY = datetime.timedelta(days=1)


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
    if request.method != "POST":
        return _page(request, person, one, {}, now)
    pressed = _pressed(request)
    if "do" not in pressed:
        _end(person, one, Subscription.EndReason.ONE_CLICK, now)
        return HttpResponse("You are unsubscribed.\n", content_type="text/plain; charset=utf-8")
    return _page(request, person, one, _act(pressed, person, one, now) if person else {}, now)


def _pressed(request: HttpRequest) -> QueryDict:
    """What was posted; nothing where it is no form at all."""
    try:
        return request.POST
    except (MultiPartParserError, BadRequest, UnicodeError):
        return QueryDict()


def _whose(ident: uuid.UUID) -> tuple[User | None, Subscription | None]:
    """The person a link names, or the person and the one alert; nobody where the account is gone."""
    person = User.objects.filter(uuid=ident).first()
    one = None if person else Subscription.objects.select_related("user").filter(uuid=ident).first()
    return (one.user if one else person), one


def _end(person: User | None, one: Subscription | None, reason: str, now: datetime.datetime) -> list[Subscription]:
    return subscriptions.end(person, [one.uuid] if one else None, reason, SCOPE, now) if person else []


def _act(pressed: QueryDict, person: User, one: Subscription | None, now: datetime.datetime) -> dict[str, object]:
    """What the page's button says: stop, take that back, once a week instead, or why.

    The link of one alert may stop all of them, but names no other and brings back only what is named.
    """
    deed, mine = pressed["do"], _uuids(pressed.getlist("alert")) or ([one.uuid] if one else [])
    if deed == "undo":
        return {"reopened": subscriptions.undo(person, mine, SCOPE, now)}
    if deed == "weekly":
        return {"reopened": subscriptions.undo(person, mine, SCOPE, now, frequency=Frequency.WEEKLY), "weekly": True}
    if deed == "why":
        return {"thanked": _say_why(pressed.get("why", ""), person, now)}
    reason = Subscription.EndReason.PERSON
    if deed == "stop-one":
        return {"ended": subscriptions.end(person, mine, reason, SCOPE, now)}
    return {"ended": _end(person, None if deed == "stop-all" else one, reason, now)}


def _uuids(typed: list[str]) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text) for text in typed]
    except ValueError as error:
        raise Http404 from error


def _say_why(why: str, person: User, now: datetime.datetime) -> bool:
    """Keep why somebody left, once a day; whether it is one of the reasons offered."""
    said = Change.objects.filter(action=SAID_WHY, object_type="user", object_id=person.pk, at__gt=now - A_DAY)
    if why in WHY and not said.exists():
        record_person(SAID_WHY, person, {}, {"why": why}, SCOPE, now)
    return why in WHY


def _page(
    request: HttpRequest,
    person: User | None,
    one: Subscription | None,
    changed: dict[str, object],
    now: datetime.datetime,
) -> HttpResponse:
    alerts = subscriptions.live(person) if person else []
    ended = subscriptions.undoable(person, now) if person else []
    just_ended = {alert.pk for alert in changed.get("ended", [])}
    context = {
        "one": one,
        "changed": changed,
        "masked": addresses.masked(person.email) if person else "",
        "alerts": [alert for alert in alerts if one is None or alert == one],
        "others": len([alert for alert in alerts if one is not None and alert != one]),
        "just_ended": [alert for alert in ended if alert.pk in just_ended],
        "undoable": [alert for alert in ended if alert.pk not in just_ended and (one is None or alert == one)],
        "weekly": any(alert.frequency != Frequency.WEEKLY for alert in changed.get("ended", [])),
        "why": WHY,
    }
    return render(request, "alerts/unsubscribe.html", context)
