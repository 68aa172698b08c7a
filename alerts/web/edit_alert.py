"""Making an alert, or editing one, for who is signed in: what it finds is shown before it is saved."""

import datetime
import uuid
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import Session, User
from alerts.digests.hours import Hours
from alerts.models import Subscription
from alerts.web import controls, frequencies, kept, problems, search, subscriptions
from alerts.web.my_alerts import SCOPE
from alerts.web.reading import read
from alerts.web.signed_in import signed_in
from alerts.web.wanted_form import BOXES, WANTED, WantedForm
from config import clock

FULL = f"You have {subscriptions.MOST_ALERTS} alerts, the most you can have. Stop one first"
SAME = "Another of your alerts finds the same: {title}. Change the words, or edit that one"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, session: Session, ident: uuid.UUID) -> HttpResponse:
    """An alert of one's own, to look at and change."""
    now = clock.now()
    alert = _own(session.user, ident)
    if request.method != "POST":
        if back := kept.of(request, session):
            return _page(request, WantedForm(_as_chosen(back), now=now), session.user, alert, is_back=True)
        return _page(request, WantedForm(initial=_as_fields(alert) | _typed(request), now=now), session.user, alert)
    return _pressed(request, session.user, alert, now)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, session: Session) -> HttpResponse:
    """A new alert: of words that were searched for, or like one that there is (`from`)."""
    now = clock.now()
    if request.method != "POST":
        if back := kept.of(request, session):
            return _page(request, WantedForm(_as_chosen(back), now=now), session.user, None, is_back=True)
        typed = _typed(request)
        initial = {"q": "", **typed}
        if "from" in request.GET:
            like = _as_fields(_own(session.user, _uuid(request.GET["from"])))
            initial = like | {"name": f"{like['name'] or like['q']} (copy)"[:120]} | typed
        return _page(request, WantedForm(initial=initial, now=now), session.user, None)
    return _pressed(request, session.user, None, now)


def _own(person: User, ident: uuid.UUID) -> Subscription:
    """The alert of this person that has not ended. Raises Http404 for another's as for none."""
    found = person.subscriptions.filter(uuid=ident, ended_at__isnull=True).select_related("topic").first()
    if found is None:
        raise Http404
    return found


def _uuid(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError as error:
        raise Http404 from error


def _typed(request: HttpRequest) -> dict[str, str]:
    """The words in the address: those of a link, or those that are being typed into the form."""
    return {"q": request.GET["q"]} if "q" in request.GET else {}


def _as_fields(alert: Subscription) -> dict[str, object]:
    return {"q": alert.query, **{field: getattr(alert, field) for field in WANTED[1:]}}


def _pressed(request: HttpRequest, person: User, alert: Subscription | None, now: datetime.datetime) -> HttpResponse:
    """Save, once what these words find has been on the page."""
    pressed = _as_chosen(request.POST)
    if "repair" in pressed:
        others = {field: pressed[field] for field in ("name", "frequency") if field in pressed}
        boxes = {box: box in pressed for box in BOXES}
        form = WantedForm(initial={"q": pressed["repair"], **others, **boxes}, now=now)
        return _page(request, form, person, alert)
    form = WantedForm(pressed, now=now)
    if not form.is_valid() or pressed.get("do") != "save":
        return _page(request, form, person, alert)
    if pressed.get("seen") != form.cleaned_data["q"]:
        return _page(request, form, person, alert, look_first=True)
    return _saved(person, alert, form, now) or _page(request, form, person, alert)


def _as_chosen(pressed: QueryDict) -> QueryDict:
    """What was sent, with the filters that were chosen typed in its words."""
    if "was" not in pressed:
        return pressed
    sent = pressed.copy()
    sent["q"], _ = controls.composed(sent.get("q", ""), sent["was"], sent.dict())
    return sent


def _saved(person: User, alert: Subscription | None, form: WantedForm, now: datetime.datetime) -> HttpResponse | None:
    """Where to go on to; None where it could not be saved, and the form says why."""
    try:
        if alert is None:
            subscriptions.add(person, form.wanted, SCOPE, now)
        else:
            subscriptions.edit(person, alert.uuid, form.wanted, SCOPE, now)
    except subscriptions.Twin as twin:
        form.add_error("q", SAME.format(title=twin.alert.title))
        return None
    except subscriptions.Full:
        form.add_error(None, FULL)
        return None
    return HttpResponseRedirect(f"/alerts?done={'saved' if alert else 'added'}")


def _page(
    request: HttpRequest,
    form: WantedForm,
    person: User,
    alert: Subscription | None,
    look_first: bool = False,
    is_back: bool = False,
) -> HttpResponse:
    """The form, and below it what its words find; only what follows the words while somebody types them."""
    typed = str(form["q"].value() or "")
    reading = read(typed)
    found = search.previewed(reading.query, form.now) if reading.query else {}
    context = {
        "offers": frequencies.offers(None),
        **found,
        "form": form,
        "problems": problems.of_form(form),
        "alert": alert,
        "typed": typed,
        "mistake": reading.mistake if typed.strip() else form.query_mistake,
        "look_first": look_first,
        "live_at": _live_at(request),
        "is_back": is_back,
        "next": _next_email(person, str(form["frequency"].value() or ""), form.now),
    }
    is_following = search.is_following(request)
    return render(request, "accounts/edit_alert_live.html" if is_following else "accounts/edit_alert.html", context)


def _live_at(request: HttpRequest) -> str:
    """The address that is asked, while somebody types, for what the words find; of a copy it stays one."""
    like = {"from": request.GET["from"]} if "from" in request.GET else {}
    return f"{request.path}{'?' * bool(like)}{urlencode(like)}"


def _next_email(person: User, frequency: str, now: datetime.datetime) -> str:
    """When changes are told from on; '' where that is not known yet."""
    schedule = person.schedules.filter(frequency=frequency).first()
    return frequencies.next_email(schedule, Hours.of(person), now) if schedule else ""
