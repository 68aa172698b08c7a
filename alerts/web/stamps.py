"""Signed times in forms, to tell people from programs: how long ago was this form shown?

They run by the real clock, also where a rehearsal's clock is fast: a hand on a keyboard is not in the play.
"""

import datetime

from django.core import signing

SALT = "hark.form"


def stamp() -> str:
    """The time of showing a form, for its hidden field."""
    return signing.dumps(_now().timestamp(), salt=SALT)


def read(stamped: str) -> datetime.datetime | None:
    """When the form was shown; None where the field was forged or left out."""
    try:
        return datetime.datetime.fromtimestamp(signing.loads(stamped, salt=SALT), datetime.UTC)
    except (signing.BadSignature, TypeError, ValueError, OverflowError):
        return None


def age(stamped: str) -> datetime.timedelta | None:
    """How long ago the form was shown; None where the field was forged or left out."""
    shown = read(stamped)
    return _now() - shown if shown else None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
