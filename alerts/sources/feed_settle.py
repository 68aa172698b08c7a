"""What a poll that went well leaves on a feed's source, in the transaction that stores what it brought."""

from datetime import datetime

from alerts.models import Source
from alerts.sources.changes import note
from alerts.sources.feed_fetch import VALIDATORS, hash_of, is_asked_in_full
from alerts.sources.feed_interval import next_interval
from alerts.sources.feed_values import Feed
from alerts.sources.http import Response
from alerts.sources.lease import LeaseLost
from alerts.sources.moves import Move

NO_MORE_TROUBLE = {"fail_count": 0, "failing_since": None, "missing_since": None, "killed_parses": 0}
BROKE_OFF = "The feed broke off within its last entry, which waits until it comes whole. Nothing is lost."
LONGEST_TITLE = 500


def unchanged(source: Source, response: Response, move: Move, now: datetime) -> None:
    """Settles a poll that found what was there before."""
    _settle(source, response, move, now, _seen(source, response, now) if response.status != 304 else {})


def stored(source: Source, response: Response, feed: Feed, move: Move, is_new: bool, now: datetime) -> str:
    """Settles a poll whose entries are stored, and gives words where something was missing.

    What would spare us the next reading is kept only if all was there. A first poll that broke off has a second one,
    so that the rest is no news either; one that breaks off each time counts once it brings nothing new.
    """
    source.ttl, source.feed_title = feed.ttl, feed.title[:LONGEST_TITLE]
    fields = {"ttl": source.ttl, "feed_title": source.feed_title}
    is_whole = not any(entry.is_last_of_cut_off for entry in feed.entries)
    if is_whole:
        fields |= _seen(source, response, now) | {"body_hash": hash_of(response)}
    else:
        fields |= {"etag": "", "last_modified": "", "body_hash": ""}
    if source.baseline_at is None and (is_whole or not is_new):
        fields["baseline_at"] = now
    words = "" if is_whole else BROKE_OFF
    _settle(source, response, move, now, fields, words)
    return words


def _seen(source: Source, response: Response, now: datetime) -> dict[str, object]:
    """The answer's validators, and when we last asked without them."""
    said = {field: _kept(response.headers.get(name) or "", field) for name, field in ANSWERED.items()}
    return said | ({"asked_in_full_at": now} if is_asked_in_full(source, now) else {})


ANSWERED = {"ETag": VALIDATORS["If-None-Match"], "Last-Modified": VALIDATORS["If-Modified-Since"]}


def _kept(value: str, field: str) -> str:
    """The value if it can be kept as it is; one that cannot is not sent back at all."""
    return value if len(value) <= Source._meta.get_field(field).max_length and "\0" not in value else ""


def _settle(
    source: Source, response: Response, move: Move, now: datetime, fields: dict[str, object], words: str = ""
) -> None:
    fields = NO_MORE_TROUBLE | move.fields | fields | {"last_ok_at": now, "last_error": words}
    fields["next_poll_at"] = now + next_interval(source, response.headers, now)
    if words:
        fields["last_error_at"] = now
    if move.is_for_good(now):
        fields |= Move().fields | _moved(source, move, now)
    ours = Source.objects.filter(pk=source.pk, claim_token=source.claim_token, url=source.url)
    if not ours.update(**fields):
        raise LeaseLost


def _moved(source: Source, move: Move, now: datetime) -> dict[str, object]:
    reason = f"A permanent redirect on {move.times} polls since {move.since:%-d %B %Y}"
    note(source, "moved", now, reason, before={"url": source.url}, after={"url": move.url})
    return {"url": move.url, "former_urls": [*source.former_urls, source.url]}
