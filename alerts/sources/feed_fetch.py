"""Asking for a feed politely: what we have seen already we do not ask for, and what stands in the way has words."""

from datetime import datetime, timedelta
from hashlib import sha256

from alerts.models import Source
from alerts.sources import hosts, trouble
from alerts.sources.fetch_errors import FetchError
from alerts.sources.http import Client, Response, retry_after
from alerts.sources.trouble import REASSURANCE, Gone, Missing, Trouble

ACCEPTED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
IN_FULL = timedelta(days=7)
DAILY = timedelta(hours=24)
VALIDATORS = {"If-None-Match": "etag", "If-Modified-Since": "last_modified"}


def is_asked_in_full(source: Source, now: datetime) -> bool:
    """Whether it is time to ask whatever we have seen: some servers say for ever that nothing has changed."""
    return source.asked_in_full_at is None or now - source.asked_in_full_at >= IN_FULL


def fetch(source: Source, now: datetime) -> Response:
    """The feed's answer, with a body (any 2xx) or without (304); raises Trouble. The host's pace is adapted to it."""
    asked = conditions(source, now)
    try:
        with Client() as client:
            response = client.get(source.url, headers={"Accept": ACCEPTED, **asked})
    except FetchError as error:
        raise trouble.no_answer(source.name, error) from error
    if response.status in {429, 503}:
        hosts.slow_down(source.url)
    if response.status // 100 == 2 or (response.status == 304 and asked):
        hosts.speed_up(source.url)
        return response
    raise refusal(source.name, response, now)


def conditions(source: Source, now: datetime) -> dict[str, str]:
    """The headers that ask for what is new only, with the values byte for byte as they came."""
    if is_asked_in_full(source, now):
        return {}
    known = {header: getattr(source, field) for header, field in VALIDATORS.items()}
    return {header: value for header, value in known.items() if value}


def is_unchanged(source: Source, response: Response) -> bool:
    """Whether the body is the one that was stored last, or the answer says so."""
    return response.status == 304 or source.body_hash == hash_of(response)


def hash_of(response: Response) -> str:
    """Tells one body from another."""
    return sha256(response.body).hexdigest()


def refusal(who: str, response: Response, now: datetime) -> Trouble:
    """The trouble of an answer that brings no feed."""
    status = response.status
    if status == 410:
        return Gone(f"{who} is gone for good (status 410), it says itself.")
    if status == 404:
        return Missing(f"{who} is not there (status 404). {REASSURANCE}")
    if status in {401, 403}:
        return Trouble(f"{who} does not let us in (status {status}). We try once a day; nothing is lost.", DAILY)
    wait = retry_after(response.headers, now) if status in {429, 503} else None
    return trouble.bad_status(who, status, wait)
