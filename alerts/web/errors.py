"""Pages for what went wrong: with the search box, and without the database, which may be what went wrong."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from alerts.web.context import site

RETRY_AFTER = 30
"""Seconds until a page is asked for again for which the database had no time."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 400: what came was no request that a page of ours sends."""
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 403: it is there, but not for whoever asks."""
    return _page(request, "403.html", 403)


def not_sent(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The 403 of a form without its token: an old page, a browser without cookies, or another site."""
    return _page(request, "403_csrf.html", 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 404."""
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500; where the database is away or has no connection left, a 503 that says when to ask again."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _page(request, "500.html", 500)
    response = _page(request, "500.html", 503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, site(request)), status=status)
