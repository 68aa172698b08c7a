"""Settings: when and how one's emails come, where one is signed in, and taking one's data along."""

import uuid
from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import address_changes, addresses, sessions
from accounts.models import Session
from alerts.digests.hours import Hours
from alerts.web import deeds, export, kept, preferences
from alerts.web.hours_form import HoursForm
from alerts.web.my_alerts import SCOPE
from alerts.web.problems import Problems
from alerts.web.signed_in import signed_in
from config import clock

SAID = {
    "hours": "Saved. Results already waiting are sent at the next of the new times",
    "combined": "Saved. It applies from the next email on",
    "parts": "Saved. It applies from the next email on",
    "session": "Signed out there",
    "sessions": "Signed out everywhere else",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own_settings(request: HttpRequest, session: Session) -> HttpResponse:
    """What is set for all one's emails; each form saves one thing."""
    pressed = request.POST.get("do", "")
    if request.method != "POST" or pressed not in _DEEDS:
        return _page(request, session)
    problems = _DEEDS[pressed](session, request.POST)
    return _page(request, session, problems) if problems else HttpResponseRedirect(f"/settings?done={pressed}")


@require_safe
@signed_in
def export_json(request: HttpRequest, session: Session) -> HttpResponse:
    """Everything we know about this person, as JSON."""
    return _file(export.as_json(session.user, clock.now()), "application/json", "hark.json")


@require_safe
@signed_in
def export_csv(request: HttpRequest, session: Session) -> HttpResponse:
    """This person's alerts as a table."""
    return _file(export.as_csv(session.user), "text/csv; charset=utf-8", "hark-alerts.csv")


def _file(content: str, content_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=disposition)


def _page(request: HttpRequest, session: Session, problems: Problems | None = None) -> HttpResponse:
    """All of it; of the forms that are here only that of the hours can be refused."""
    person, back = session.user, {} if problems else kept.of(request, session) or {}
    hours = {field: back[field] for field in HoursForm.base_fields if field in back}
    context = {
        "problems": problems,
        "done": SAID.get(request.GET.get("done", "")) if not problems else "",
        "address": person.email_as_typed if person.email_as_typed.lower() == person.email else person.email,
        "masked": addresses.masked(person.email),
        "form": HoursForm(request.POST if problems else None, before=Hours.of(person), initial=hours),
        "combined": back["combined"] == "one" if "combined" in back else person.combined,
        "text_only": back["parts"] == "text" if "parts" in back else person.text_only,
        "is_back": bool(back),
        "change": address_changes.open_of(person, clock.now()),
        "here": session,
        "elsewhere": [one for one in sessions.of(person, clock.now()) if one != session],
    }
    return render(request, "accounts/settings.html", context)


def _change(session: Session, pressed: Mapping[str, str]) -> Problems:
    return deeds.act(session.user, pressed, SCOPE, clock.now())


def _change_parts(session: Session, pressed: Mapping[str, str]) -> Problems:
    if pressed.get("parts") not in ("both", "text"):
        raise Http404
    preferences.change_text_only(session.user, pressed["parts"] == "text", SCOPE, clock.now())
    return {}


def _end_session(session: Session, pressed: Mapping[str, str]) -> Problems:
    try:
        sessions.end(session.user, uuid.UUID(pressed.get("session", "")))
    except ValueError as error:
        raise Http404 from error
    return {}


def _end_others(session: Session, pressed: Mapping[str, str]) -> Problems:
    for other in sessions.of(session.user, clock.now()).exclude(pk=session.pk):
        sessions.end(session.user, other.uuid)
    return {}


_DEEDS: dict[str, Callable[[Session, Mapping[str, str]], Problems]] = {
    "hours": _change,
    "combined": _change,
    "parts": _change_parts,
    "session": _end_session,
    "sessions": _end_others,
}
