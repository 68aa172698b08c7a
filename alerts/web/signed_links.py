"""What the signed links of emails name, for the pages that they lead to."""

import datetime

from django.http import Http404

from accounts import tokens


def read(token: str, scope: str, now: datetime.datetime) -> tokens.Token:
    """What a link of this scope names. Raises ExpiredToken where it did once, and Http404 where it is none of ours."""
    try:
        return tokens.read(token, scope, now)
    except tokens.ExpiredToken:
        raise
    except tokens.BadToken as error:
        raise Http404 from error
