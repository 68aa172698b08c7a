"""One's alerts by a signed link: how often, at what hour, in how many emails, stop, pause, resume, holidays."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import User
from alerts.digests import changed, holiday, links
from alerts.digests.holiday import Holiday
from alerts.digests.hours import Hours
from alerts.models import Subscription
from alerts.web import deeds, frequencies, signed_links, subscriptions, volume
from alerts.web.headers import private
from alerts.web.hours_form import HoursForm
from alerts.web.problems import Problems
from alerts.web.reminding import remind
from alerts.web.typed_days import days
from config import clock

SCOPE = changed.SCOPE


@dataclass(frozen=True)
class Row:
    """One alert as the page shows it: how often in words, when the next email may come, and what else is offered.

    `complaint`: why another frequency was refused, where one was.
    """

    alert: Subscription
    how_often: str
    next_email: str
    offers: list[frequencies.Offer]
    complaint: str


@private
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The person's alerts; each button changes one of them, or what is set for all. Its owner is mailed an undo."""
    now = clock.now()
    try:
        person = _person(token, now)
    except tokens.ExpiredToken as expired:
        owner = User.objects.filter(uuid=expired.token.uuid, is_active=True).first()
        return remind(request, owner, now, "alerts/manage_expired.html")
    if request.method == "POST":
        problems = _change(person, request.POST, now)
        return _page(request, person, now, problems) if problems else HttpResponseRedirect(request.path)
    return _page(request, person, now)


def _change(person: User, pressed: dict[str, str], now: datetime.datetime) -> Problems:
    """Do what the button says and tell the owner, both or neither; what is wrong where it cannot be done."""
    with transaction.atomic():
        User.objects.locked(person.pk)
        before = changed.last_line(person)
        problems = deeds.act(person, pressed, SCOPE, now)
        changed.tell(person, before, now)
        return problems


def _person(token: str, now: datetime.datetime) -> User:
    """Whose link it is. Raises ExpiredToken after its 30 days or where its version is past, else Http404."""
    known = signed_links.read(token, "manage", now)
    person = User.objects.filter(uuid=known.uuid, is_active=True).first()
    if person is None:
        raise Http404
    if person.token_version != known.version:
        raise tokens.ExpiredToken(known)
    return person


def _page(request: HttpRequest, person: User, now: datetime.datetime, problems: Problems | None = None) -> HttpResponse:
    """All of it; with what was sent, where that was refused."""
    today, set_up, sent = holiday.today(person, now), Holiday.of(person), request.POST if problems else {}
    set_up = set_up if set_up and today < set_up.until else None
    context = {
        "rows": list(rows(person, now, problems or {})),
        "ended": subscriptions.undoable(person, now),
        "masked": addresses.masked(person.email),
        "problems": problems,
        "form": HoursForm(sent if sent.get("do") == "hours" else None, before=Hours.of(person)),
        "combined": person.combined,
        "days": days(sent, set_up, today),
        "holiday": set_up,
        "away": holiday.on(person, now),
        "today": today,
        "tomorrow": holiday.returns(today)[0],
        "stop": links.stop(person, now),
    }
    return render(request, "alerts/manage.html", context)


def rows(person: User, now: datetime.datetime, problems: Problems) -> Iterator[Row]:
    """The person's alerts that have not ended, in their order, with the problem there is with the frequency of one."""
    alerts, hours, away = subscriptions.live(person), Hours.of(person), holiday.on(person, now)
    volumes = volume.of_topics([alert.topic_id for alert in alerts], now)
    schedules = {schedule.frequency: schedule for schedule in person.schedules.all()}
    for alert in alerts:
        yield Row(
            alert,
            frequencies.in_words(alert.frequency),
            "" if away else frequencies.next_email(schedules.get(alert.frequency), hours, now),
            frequencies.offers(volumes.get(alert.topic_id)),
            problems.get(deeds.frequency_at(alert), ""),
        )
