"""Who is signed in with a browser: the cookie, and pages that are for them alone."""

import re
from collections.abc import Callable
from functools import cache, partial, wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts import sessions
from accounts.models import Session
from alerts.web import kept
from config import clock

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def session(request: HttpRequest) -> Session | None:
    """The session of the browser that asks."""
    key = request.COOKIES.get(settings.SIGNED_IN_COOKIE_NAME, "")
    return sessions.known(key, clock.now()) if re.fullmatch(r"[\w-]{20,100}", key) else None


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for who is signed in, called with their session after the request; everybody else is led to signing in.

    It is kept by nobody, and each of its forms is checked against posts from other sites. A form that has the hidden
    field `whose` (`request.whose` in templates) loses nothing where the session ended while it was filled in.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        found = session(request)
        if found:
            request.whose = cache(partial(kept.whose, found.user))  # type: ignore[attr-defined]
        response = view(request, found, *args, **kwargs) if found else _ask_first(request)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "private, no-store"
        return response

    return answer


def let_in(response: HttpResponse, key: str) -> HttpResponse:
    """The response, which signs its browser in with the key of a session."""
    response.set_cookie(
        settings.SIGNED_IN_COOKIE_NAME,
        key,
        max_age=sessions.LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def let_out(response: HttpResponse) -> HttpResponse:
    """The response, which makes its browser forget the key."""
    response.delete_cookie(settings.SIGNED_IN_COOKIE_NAME, samesite="Lax")
    if settings.SESSION_COOKIE_SECURE:
        response.cookies[settings.SIGNED_IN_COOKIE_NAME]["secure"] = True
    return response


def browser_of(request: HttpRequest) -> str:
    """The browser in words that its owner knows again: *Firefox on Windows*."""
    said = request.headers.get("user-agent", "")
    browser = next((name for sign, name in BROWSERS if sign in said), "")
    system = next((name for sign, name in SYSTEMS if sign in said), "")
    return " on ".join(filter(None, (browser, system)))


def _ask_first(request: HttpRequest) -> HttpResponse:
    """The way to signing in; while somebody types only that this is needed, for what they typed stays on the page."""
    if request.htmx:
        return HttpResponse(status=403)
    if typed := kept.sealed(request):
        return render(request, "accounts/sign_in.html", {"goes_to": request.path, "kept": typed, "ended": True})
    return HttpResponseRedirect(f"/sign-in?{urlencode({'next': request.path})}")
