"""The undo link of an email about a change: a page on GET, the deed on POST."""

import datetime
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import User
from alerts.digests import changed
from alerts.digests.wording import day
from alerts.models import Change
from alerts.web import reversal, signed_links
from alerts.web.headers import private
from alerts.web.reminding import remind
from config import clock


@private
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was changed and, when the button is pressed, undo it; any number of times, it is undone once."""
    now = clock.now()
    try:
        change, person = _named(token, now)
    except tokens.ExpiredToken as expired:
        return remind(request, _person_of(expired.token.uuid), now, "alerts/undo_expired.html")
    done = request.method == "POST" and reversal.take_back(change, person, now)
    context = {
        "masked": addresses.masked(person.email),
        "words": changed.words(change),
        "at": _clock(change.at, person),
        "done": done,
        "stands": reversal.stands(change, person, now),
    }
    return render(request, "alerts/undo.html", context)


def _person_of(ident: uuid.UUID) -> User | None:
    """Who made the change that an old link names."""
    change = Change.objects.filter(uuid=ident, actor=Change.Actor.PERSON, scope=changed.SCOPE).first()
    return User.objects.filter(pk=change.actor_id, is_active=True).first() if change else None


def _clock(moment: datetime.datetime, person: User) -> str:
    local = moment.astimezone(person.zone)
    return f"{day(local.date())}, {local:%H:%M}"


def _named(token: str, now: datetime.datetime) -> tuple[Change, User]:
    """The change a link names, and its person. Raises ExpiredToken after 30 days or a new address, else Http404."""
    known = signed_links.read(token, "undo", now)
    change = Change.objects.filter(uuid=known.uuid, actor=Change.Actor.PERSON, scope__in=changed.SCOPES).first()
    person = User.objects.filter(pk=change.actor_id, is_active=True).first() if change else None
    if change is None or person is None:
        raise Http404
    if person.token_version != known.version:
        raise tokens.ExpiredToken(known)
    return change, person
