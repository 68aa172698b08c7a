"""The pages by which one changes one's address: asking in the settings, and the page of each mailed link."""

import math

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import address_changes, addresses
from accounts.address_changes import End, State
from accounts.models import AddressChange, Session
from alerts.web import kept, meant, moving, stamps
from alerts.web.confirm import TOO_SOON
from alerts.web.headers import private
from alerts.web.problems import Problems
from alerts.web.signed_in import signed_in
from config import clock

SAME = "Your emails go to this address already"
OFTEN = "You have asked for that often enough for now. Try again {when}"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own_address(request: HttpRequest, session: Session) -> HttpResponse:
    """Where one's emails go, asking for another address, and how far that is."""
    person, pressed, now = session.user, request.POST.get("do", ""), clock.now()
    if pressed == "cancel":
        if waiting := address_changes.open_of(person, now):
            moving.cancel(waiting, None, now)
        return HttpResponseRedirect("/settings/address?cancelled")
    if pressed != "ask" or moving.is_barred(person):
        return _own_page(request, session)
    sent = meant.answered(request.POST)
    typed = sent.get("address", "")
    try:
        address = addresses.canonical(typed)
        if address == person.email:
            return _own_page(request, session, {"address": SAME})
        if question := meant.question(sent):
            return _own_page(request, session, question=question)
        moving.ask(person, address, typed, now)
    except addresses.AddressError as error:
        return _own_page(request, session, {"address": str(error)})
    except moving.TooOften as often:
        return _wait(request, session, math.ceil(often.wait.total_seconds()))
    return HttpResponseRedirect("/settings/address")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a mailed link: its buttons say yes, or stop it, when a person presses them."""
    now, found = clock.now(), address_changes.known(key)
    if found is None:
        return render(request, "accounts/address_link.html", {"state": "unknown"}, status=404)
    change, end = found
    before, age = address_changes.state(change, now), stamps.age(request.POST.get("shown", ""))
    if request.method == "POST" and age is not None and age >= TOO_SOON:
        deed = moving.cancel if "cancel" in request.POST else moving.say_yes
        change = deed(change, end, now)
    state = address_changes.state(change, now)
    here = {"is_cancelled_here": before is State.OPEN and state is State.CANCELLED and "cancel" in request.POST}
    return render(request, "accounts/address_link.html", _at(change, end, state) | here)


def _at(change: AddressChange, end: End, state: State) -> dict[str, object]:
    """What the page of a link says at this end of a change."""
    address = change.old_address if end is End.OLD else change.new_address
    return {
        "change": change,
        "state": str(state),
        "is_old": end is End.OLD,
        "has_said_yes": bool(change.old_yes_at if end is End.OLD else change.new_yes_at),
        "masked": addresses.masked(address),
        "new": addresses.masked(change.new_address),
        "stamp": stamps.stamp(),
    }


def _own_page(
    request: HttpRequest,
    session: Session,
    problems: Problems | None = None,
    status: int = 200,
    question: meant.Question | None = None,
) -> HttpResponse:
    person = session.user
    change, back = address_changes.open_of(person, clock.now()), kept.of(request, session) or QueryDict()
    sent, waiting = meant.answered(request.POST or back), change.new_as_typed if change else ""
    context = {
        "address": person.email_as_typed if person.email_as_typed.lower() == person.email else person.email,
        "change": change,
        "is_barred": moving.is_barred(person),
        "cancelled": "cancelled" in request.GET,
        "problems": problems,
        "is_back": bool(back),
        "typed": sent.get("address", waiting),
        **meant.shown(question, sent or {"questioned": waiting}),
    }
    return render(request, "accounts/address.html", context, status=status)


def _wait(request: HttpRequest, session: Session, seconds: int) -> HttpResponse:
    hours, minutes = math.ceil(seconds / 3600), math.ceil(seconds / 60)
    when = f"in {hours} hours" if hours > 1 else f"in {minutes} minute{'s' * (minutes != 1)}"
    response = _own_page(request, session, {"": OFTEN.format(when=when)}, status=429)
    response["Retry-After"] = str(seconds)
    return response
