"""The page behind the email about an alert that finds far too much: switch to narrower words, or leave it as it is."""

import datetime

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import User
from alerts.digests import changed, links
from alerts.models import CheckIn, Subscription
from alerts.web import signed_links, subscriptions
from alerts.web.headers import private
from config import clock

SCOPE = changed.CHECK_IN_SCOPE
TWIN = "Nothing was changed: your alert “{title}” finds exactly that already. You could stop this one"
NAME_LENGTH = Subscription._meta.get_field("name").max_length


@private
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Both numbers on GET; a button does what it says and its owner is mailed the undo of a switch."""
    now = clock.now()
    try:
        asked = _named(token, now)
    except tokens.ExpiredToken:
        return render(request, "alerts/check_in_expired.html")
    twin = None
    if request.method == "POST" and _is_open(asked):
        twin = _answer(asked, request.POST.get("do", ""), now)
        if twin is None:
            return HttpResponseRedirect(request.path)
    alert = asked.subscription
    context = {
        "asked": asked,
        "alert": alert,
        "masked": addresses.masked(alert.user.email),
        "is_open": _is_open(asked),
        "is_switched": bool(asked.narrower) and alert.query == asked.narrower,
        "problems": {"": TWIN.format(title=twin.title)} if twin else {},
        "edit": links.edit(alert),
    }
    return render(request, "alerts/check_in.html", context)


def _named(token: str, now: datetime.datetime) -> CheckIn:
    """What the email asked. Raises ExpiredToken after 30 days or a new address, and Http404 where nothing is kept."""
    known = signed_links.read(token, SCOPE, now)
    asked = CheckIn.objects.filter(uuid=known.uuid).select_related("subscription__user").first()
    if asked is None or not asked.subscription.user.is_active:
        raise Http404
    if asked.subscription.user.token_version != known.version:
        raise tokens.ExpiredToken(known)
    return asked


def _is_open(asked: CheckIn) -> bool:
    """Whether the alert is still the one that the email was about."""
    return asked.subscription.ended_at is None and asked.subscription.query == asked.query


def _answer(asked: CheckIn, pressed: str, now: datetime.datetime) -> Subscription | None:
    """Do what the button says, and tell the owner; the other alert that finds the same, where there is one."""
    try:
        with transaction.atomic():
            person = User.objects.locked(asked.subscription.user_id)
            asked.refresh_from_db()
            if pressed == "switch" and asked.narrower and _is_open(asked):
                _switch(asked, person, now)
            elif pressed == "leave":
                _record(asked, CheckIn.Answer.LEFT, now)
    except subscriptions.Twin as twin:
        return twin.alert
    return None


def _switch(asked: CheckIn, person: User, now: datetime.datetime) -> None:
    """The narrower words; who gave the alert no name finds it under the words it had."""
    before, name = changed.last_line(person), asked.title[:NAME_LENGTH]
    wished = {"query": asked.narrower, "name": name}
    asked.change = subscriptions.edit(person, asked.subscription.uuid, wished, SCOPE, now)
    _record(asked, CheckIn.Answer.SWITCHED, now)
    changed.tell(person, before, now)


def _record(asked: CheckIn, answer: CheckIn.Answer, now: datetime.datetime) -> None:
    asked.answer, asked.answered_at = answer, now
    asked.save(update_fields=["answer", "answered_at", "change"])
