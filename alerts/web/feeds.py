"""The feeds of an alert, at addresses that only who was given them knows."""

import datetime
import hashlib
from collections.abc import Callable

import numpy as np
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from alerts.matching.recent import hit_rows, print_of, recent
from alerts.models import Outlet
from alerts.web import feed_formats, outlets, pace
from alerts.web.feed_entries import BROKEN, ENDED, Feed, entry, farewell, feed
from alerts.web.headers import unlisted
from alerts.web.network import network
from alerts.web.reading import read
from alerts.web.subscriptions import UNDO_WITHIN
from config import clock

SECONDS = 600
"""How long a program that reads feeds may do with the one it has."""


@require_safe
def atom(request: HttpRequest, token: str) -> HttpResponse:
    """The alert's results as Atom."""
    return _answer(request, token, feed_formats.atom, feed_formats.ATOM)


@require_safe
def json_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The alert's results as JSON Feed."""
    return _answer(request, token, feed_formats.json_feed, feed_formats.JSON_FEED)


def _answer(request: HttpRequest, token: str, written: Callable[[Feed, str], str], content_type: str) -> HttpResponse:
    """The feed, or that it has not changed, which costs no text; 410 once it is closed or its alert ended long ago."""
    now = clock.now()
    outlet = outlets.behind(token, outlets.FEED, now)
    if outlet is None or _ended_long_ago(outlet, now):
        return unlisted(_in_words("This feed is switched off.", 410))
    if seconds := pace.wait((outlet.pk, network(request))):
        response = _in_words(f"This feed was asked for too often. Try again in {seconds} seconds.", 429)
        response["Retry-After"] = str(seconds)
        return unlisted(response)
    rows = hit_rows(outlet.subscription.topic_id, outlet.subscription.kinds, now)
    etag = _etag(outlet, print_of(rows), content_type, now)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        address = settings.SITE_URL + request.path
        response = HttpResponse(written(_feed(outlet, rows, now), address), content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={SECONDS}"
    return unlisted(response)


def _ended_long_ago(outlet: Outlet, now: datetime.datetime) -> bool:
    """Whether the alert ended before the days in which that can be taken back."""
    ended_at = outlet.subscription.ended_at
    return ended_at is not None and now - ended_at > UNDO_WITHIN


def _in_words(words: str, status: int) -> HttpResponse:
    return HttpResponse(words + "\n", status=status, content_type="text/plain; charset=utf-8")


def _etag(outlet: Outlet, rows: str, content_type: str, now: datetime.datetime) -> str:
    """Another with each event, one taken down, or other words of the alert; and each day, for all that stands around.

    There is no `Last-Modified` beside it: what was taken down makes a feed older, which no date can say.
    """
    alert = outlet.subscription
    parts = (outlet.uuid, content_type, rows, alert.query, alert.kinds, alert.ended_at, alert.broken_at)
    return quote_etag(hashlib.sha256(repr((*parts, timezone.localdate(now))).encode()).hexdigest()[:32])


def _feed(outlet: Outlet, rows: np.ndarray, now: datetime.datetime) -> Feed:
    alert = outlet.subscription
    query = read(alert.query).query
    if alert.ended_at:
        return farewell(outlet.uuid, alert, ENDED, alert.ended_at)
    if alert.broken_at or query is None:
        return farewell(outlet.uuid, alert, BROKEN, alert.broken_at or outlet.opened_at)
    entries = [entry(one, query, alert) for one in recent(rows, query.tree, now)]
    return feed(outlet.uuid, outlet.opened_at, query, entries)
