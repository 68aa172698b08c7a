"""Signed cookies by which a browser is known again: what it asked for, and what was confirmed in it.

These are two: whoever typed an address asked for it, but only its owner, with the mail in hand, confirms.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alerts.models import SignUp

ASKED, CONFIRMED = "asked", "confirmed"
SECONDS = {ASKED: 7 * 24 * 3600, CONFIRMED: 3600}


def remember(response: HttpResponse, what: str, sign_up: SignUp) -> HttpResponse:
    """The response, which lets its browser be known by this sign-up."""
    response.set_signed_cookie(
        what,
        str(sign_up.uuid),
        salt="hark.browser",
        max_age=SECONDS[what],
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def remembered(request: HttpRequest, what: str) -> SignUp | None:
    """The sign-up this browser asked for, or confirmed, last."""
    known = request.get_signed_cookie(what, default=None, salt="hark.browser", max_age=SECONDS[what])
    return SignUp.objects.filter(uuid=known).first() if known else None
