"""My alerts: all of a person's alerts on one page, for who is signed in, with a button for whatever one may want."""

import datetime
from collections.abc import Mapping
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses
from accounts.models import Session, User
from alerts import tasks
from alerts.digests import failing, holiday, trial
from alerts.digests.holiday import Holiday
from alerts.web import dashboard, deeds, kept, outlets, subscriptions
from alerts.web.coverage import coverage
from alerts.web.problems import Problems
from alerts.web.signed_in import signed_in
from alerts.web.typed_days import days
from config import clock

SCOPE = "signed-in"
DEEDS = {"pause", "resume", "stop", "undo", "away", "back", "test"}
SAID = {
    "pause": "Paused. What matches meanwhile is kept, for 30 days at most",
    "resume": "Switched on again",
    "stop": "Stopped. You will not get it again; you can undo that below for 30 days",
    "undo": "Switched on again",
    "away": "Your emails are paused for these days",
    "back": "Your emails are on again",
    "test": "A test is on its way to your address",
    "saved": "Saved",
    "added": "Your alert is on",
}
SAID_OF_OUTLETS = {
    "open-page": "Whoever has this address can read the page",
    "renew-page": "This is the new address. The old one stopped at once",
    "close-page": "The page is switched off. Its address says that it is gone",
    "open-feed": "Whoever has one of these addresses can read the feed",
    "renew-feed": "These are the new addresses. The old ones stopped at once",
    "close-feed": "The feed is switched off",
}
CHANGED = {"resume", "undo", "back", "saved", "added"}
"""After these it is said when the next email may come."""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def my_alerts(request: HttpRequest, session: Session) -> HttpResponse:
    """The alerts; each button changes one of them, or pauses all."""
    now, person = clock.now(), session.user
    pressed = request.POST.get("do", "")
    if request.method == "POST" and pressed in outlets.DEEDS:
        alert = outlets.act(person, request.POST, SCOPE, now)
        return HttpResponseRedirect(f"/alerts?did={pressed}&menu={alert.uuid}#alert-{alert.uuid}")
    if request.method != "POST" or pressed not in DEEDS:
        return _page(request, person, now, typed=kept.of(request, session))
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        problems = _test(person, now) if pressed == "test" else deeds.act(person, request.POST, SCOPE, now)
    if problems:
        return _page(request, person, now, problems, request.POST)
    return HttpResponseRedirect(f"/alerts?done={pressed}")


def _test(person: User, now: datetime.datetime) -> Problems:
    """Send a test to an address that bounces; what is wrong where none may be sent."""
    if trial.ask(person, now) is None:
        return {"": "An address is tested once in 24 hours, as long as emails to it fail"}
    transaction.on_commit(partial(tasks.ring, "deliver"))
    return {}


def _page(
    request: HttpRequest,
    person: User,
    now: datetime.datetime,
    problems: Problems | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """All of it; with what was `typed` into one of its forms and is not saved."""
    today, set_up = holiday.today(person, now), Holiday.of(person)
    set_up = set_up if set_up and today < set_up.until else None
    shown = days(typed or {}, set_up, today)
    trouble = failing.trouble(person)
    tested = trial.last(person, now) if trouble else None
    rows = list(dashboard.rows(person, now, stopped=trouble is not None))
    done = "" if request.method == "POST" else request.GET.get("done", "")
    context = {
        "rows": rows,
        "ended": subscriptions.undoable(person, now),
        "masked": addresses.masked(person.email),
        "problems": problems,
        "opened_menu": shown.alert or request.GET.get("menu", ""),
        "days": shown,
        "complaint": (problems or {}).get(f"until-{shown.alert}", ""),
        "is_back": bool(shown.at and not problems),
        "did": SAID_OF_OUTLETS.get(request.GET.get("did", "")),
        "done": SAID.get(done),
        "is_changed": done in CHANGED,
        "applies": _applies(rows),
        "holiday": set_up,
        "away": holiday.on(person, now),
        "today": today,
        "tomorrow": holiday.returns(today)[0],
        "trouble": trouble,
        "trial": tested,
        "may_test": tested is None or now >= tested.again_at,
        "coverage": coverage(now),
    }
    return render(request, "accounts/my_alerts.html", context)


def _applies(rows: list[dashboard.Row]) -> str:
    """When the next email may come of the alerts that are on, and with it what was changed."""
    waits = [row.next_email for row in rows if row.next_email and not row.alert.paused_at]
    return min(waits, key=_soonest, default="")


def _soonest(words: str) -> int:
    return next((place for place, sign in enumerate(("within", "today", "tomorrow")) if words.startswith(sign)), 3)
