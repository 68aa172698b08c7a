"""Signing in: an address, then the link or the six-digit code from the mail; and signing out."""

import math

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import addresses, sessions, sign_ins
from accounts.models import SignIn
from alerts.digests.wording import plural
from alerts.web import browser, codes, kept, meant, signed_in, signing_in, stamps
from alerts.web.confirm import TOO_SOON
from alerts.web.held_up import held_up
from alerts.web.limits import wait_to_sign_in
from alerts.web.network import network, shortened
from alerts.web.problems import Problems
from config import clock

CODE_ENDED = "This code has ended. Ask for a new email"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The address on GET; on POST, whoever has the address, the same page to wait for the mail on."""
    if request.method != "POST":
        return _form(request, goes_to=request.GET.get("next", ""))
    goes_to, sent = request.POST.get("next", ""), meant.answered(request.POST)
    try:
        address = addresses.canonical(sent.get("address", ""))
    except addresses.AddressError as error:
        return _form(request, goes_to, {"address": str(error)})
    if question := meant.question(sent):
        return _form(request, goes_to, question=question)
    return _ask(request, address, goes_to, kept.opened(request.POST.get("kept", "")))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Check your inbox, the same for every address; a POST brings the code, or asks for the mail again."""
    asked, address = browser.asked_to_sign_in(request)
    if request.method != "POST":
        return _code_page(request, address, again="again" in request.GET)
    if "again" in request.POST and asked:
        return _ask(request, address, asked.goes_to, _kept_by(asked), again=True)
    over = asked is not None and (asked.used_at is not None or clock.now() >= asked.expires_at)
    problem = codes.complaint(asked, request.POST.get("code", ""), CODE_ENDED, over)
    return _code_page(request, address, problem) if problem else _enter(request, asked)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def link(request: HttpRequest, key: str) -> HttpResponse:
    """The mailed link: a page on GET, and the button signs in, once, when a person presses it."""
    now, waiting = clock.now(), sign_ins.known(key)
    if waiting is None or waiting.user is None:
        return render(request, "accounts/sign_in_over.html", {"why": "unknown"}, status=404)
    if request.method == "POST" and "again" in request.POST:
        return _send_another(request, waiting)
    if waiting.used_at or now >= waiting.expires_at:
        return _over(request, waiting)
    age = stamps.age(request.POST.get("shown", ""))
    if request.method == "POST" and age is not None and age >= TOO_SOON:
        return _enter(request, waiting)
    masked = addresses.masked(waiting.user.email)
    return render(request, "accounts/sign_in_link.html", {"masked": masked, "stamp": stamps.stamp()})


@require_http_methods(["POST"])
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser."""
    found = signed_in.session(request)
    if found:
        sessions.end(found.user, found.uuid)
    return signed_in.let_out(HttpResponseRedirect("/sign-in?out"))


def _form(
    request: HttpRequest,
    goes_to: str,
    problems: Problems | None = None,
    status: int = 200,
    question: meant.Question | None = None,
) -> HttpResponse:
    found = signed_in.session(request)
    context = {
        "typed": meant.answered(request.POST).get("address", ""),
        "goes_to": signing_in.target(goes_to),
        "kept": request.POST.get("kept", ""),
        "problems": problems,
        "masked": addresses.masked(found.user.email) if found else "",
        "out": "out" in request.GET,
        **meant.shown(question, request.POST),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _ask(
    request: HttpRequest, address: str, goes_to: str, typed: kept.Typed | None, again: bool = False
) -> HttpResponse:
    now, origin = clock.now(), network(request)
    if wait := wait_to_sign_in(origin, now):
        return _wait(request, goes_to, math.ceil(wait.total_seconds()))
    asked = signing_in.ask(address, origin, goes_to, now, typed)
    response = HttpResponseRedirect(f"/sign-in/code{'?again' if again else ''}")
    return browser.remember_sign_in(response, asked, address)


def _wait(request: HttpRequest, goes_to: str, seconds: int) -> HttpResponse:
    problem = f"Too many sign-in emails were asked for. Try again in {plural(math.ceil(seconds / 60), 'minute')}"
    response = _form(request, goes_to, {"": problem}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _code_page(request: HttpRequest, address: str, problem: str = "", again: bool = False) -> HttpResponse:
    problems = {"code": problem} if problem else {}
    context = {"address": address, "problems": problems, "again": again, "held_up": held_up(clock.now())}
    return render(request, "accounts/sign_in_code.html", context)


def _enter(request: HttpRequest, waiting: SignIn) -> HttpResponse:
    """Sign this browser in, in place of whoever was signed in with it before."""
    now = clock.now()
    with transaction.atomic():
        person = sign_ins.use(waiting.uuid, now)
        if person is None:
            waiting.refresh_from_db()
            return _over(request, waiting)
        before = signed_in.session(request)
        if before:
            sessions.end(before.user, before.uuid)
        key = sessions.begin(person, signed_in.browser_of(request), shortened(network(request)), now)
    return signed_in.let_in(HttpResponseRedirect(kept.onward(waiting, signing_in.HOME)), key)


def _over(request: HttpRequest, waiting: SignIn) -> HttpResponse:
    """Why the link or code lets nobody in any more; whoever it has let in is led on."""
    found = signed_in.session(request)
    if waiting.used_at and found and found.user_id == waiting.user_id:
        return HttpResponseRedirect(kept.onward(waiting, signing_in.HOME))
    context = {"why": "used" if waiting.used_at else "expired", "again": "again" in request.GET}
    return render(request, "accounts/sign_in_over.html", context)


def _send_another(request: HttpRequest, waiting: SignIn) -> HttpResponse:
    """A new mail to the address of an old link, which need not be typed again and is not shown."""
    now, origin = clock.now(), network(request)
    if wait := wait_to_sign_in(origin, now):
        return _wait(request, waiting.goes_to, math.ceil(wait.total_seconds()))
    signing_in.ask(waiting.user.email, origin, waiting.goes_to, now, _kept_by(waiting))
    return HttpResponseRedirect(f"{request.path}?again")


def _kept_by(asked: SignIn) -> kept.Typed | None:
    """What was typed before this sign-in, to be kept by the one that takes its place."""
    if asked.user is None or asked.typed is None:
        return None
    return kept.Typed(asked.goes_to, asked.typed, str(asked.user.uuid))
