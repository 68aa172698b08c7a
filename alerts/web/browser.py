"""Signed cookies by which a browser is known again: what it asked for, and what was confirmed in it.

These are apart: whoever typed an address asked for it, but only its owner, with the mail in hand, confirms.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import sign_ins
from accounts.models import SignIn
from alerts.models import SignUp

ASKED, CONFIRMED, SIGN_IN = "asked", "confirmed", "sign-in"
SALT = "hark.browser"
SECONDS = {ASKED: 7 * 24 * 3600, CONFIRMED: 3600}


def remember(response: HttpResponse, what: str, sign_up: SignUp) -> HttpResponse:
    """The response, which lets its browser be known by this sign-up."""
    return _set(response, what, str(sign_up.uuid), SECONDS[what])


def remembered(request: HttpRequest, what: str) -> SignUp | None:
    """The sign-up this browser asked for, or confirmed, last."""
    known = request.get_signed_cookie(what, default=None, salt=SALT, max_age=SECONDS[what])
    return SignUp.objects.filter(uuid=known).first() if known else None


def remember_sign_in(response: HttpResponse, asked: SignIn, address: str) -> HttpResponse:
    """The response, which lets its browser bring the code of this sign-in; the address is kept in the cookie alone."""
    return _set(response, SIGN_IN, f"{asked.uuid} {address}", int(sign_ins.LASTS.total_seconds()))


def asked_to_sign_in(request: HttpRequest) -> tuple[SignIn | None, str]:
    """The sign-in this browser asked for last, and for which address."""
    kept = request.get_signed_cookie(SIGN_IN, default="", salt=SALT, max_age=sign_ins.LASTS.total_seconds())
    ident, _, address = kept.partition(" ")
    return (SignIn.objects.filter(uuid=ident).first() if ident else None), address


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> HttpResponse:
    response.set_signed_cookie(
        name,
        value,
        salt=SALT,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
