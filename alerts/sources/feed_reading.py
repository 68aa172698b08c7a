"""The bytes of a feed made into values: pure, and the only place that calls feedparser.

Hostile bodies can make the parser slow or hungry, so it runs in the process of `feed_child` and never in ours.
feedparser opens what it takes for a name or an address, bytes too: it is given a stream, and sees no address at all.
"""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import feedparser

from alerts.sources import feed_fields as fields
from alerts.sources.feed_encoding import text_of
from alerts.sources.feed_errors import BROKEN, EMPTY, ENTITIES, NOT_A_FEED, FeedError
from alerts.sources.feed_patience import patience
from alerts.sources.feed_values import Entry, Feed

MOST_ENTRIES = 2_000
UNDATED = datetime.max.replace(tzinfo=UTC)
ENTRY_TAG = re.compile(r"<(/?)(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
WEB_PAGE = re.compile(r"<!doctype html|<html", re.IGNORECASE)


def read_feed(body: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """The feed in a response from `url`; raises FeedError where there is none, or none that may be read.

    A feed with faults is read as far as it goes, if it has entries at all. All fields are bounded; of more than 2,000
    entries the newest are kept.
    """
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    text = text_of(body, content_type)
    if not text:
        raise FeedError("nothing", EMPTY)
    if "<!ENTITY" in text:
        raise FeedError("a feed that declares entities of its own, which we never expand", ENTITIES)
    parsed = _parsed(text)
    is_cut_off = bool(parsed.bozo) and _ends_within_an_entry(text)
    return Feed(
        title=fields.title(parsed.feed),
        link=fields.link(parsed.feed, url),
        entries=_entries(parsed.entries, url, is_cut_off),
        ttl=patience(parsed.feed, text),
    )


def _parsed(text: str) -> feedparser.FeedParserDict:
    """What feedparser makes of it; raises FeedError where it makes nothing of it."""
    stream = io.BytesIO(text.encode())
    said = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(stream, response_headers=said, sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception as error:
        raise FeedError("a feed with faults that nobody can read past", BROKEN) from error
    if not parsed.get("version"):
        raise FeedError(f"{_kind(text)}, where a feed should be", NOT_A_FEED)
    if parsed.bozo and not parsed.entries:
        raise FeedError("a feed that is broken before its first entry", BROKEN)
    return parsed


def _kind(text: str) -> str:
    """What somebody would call a body that is no feed."""
    if text[0] in "{[":
        return "JSON"
    return "a web page" if WEB_PAGE.search(text[:2_000]) else "something else"


def _ends_within_an_entry(text: str) -> bool:
    """Whether the last entry that begins never ends."""
    slash = "/"
    for tag in ENTRY_TAG.finditer(text):
        slash = tag[1]
    return not slash


def _entries(raws: list[dict], url: str, is_cut_off: bool) -> tuple[Entry, ...]:
    """The entries in the order of the feed; of too many the newest, where one without a date counts as new."""
    dated = [(fields.published(raw), position) for position, raw in enumerate(raws)]
    newest = sorted(dated, key=lambda each: (each[0] or UNDATED, -each[1]), reverse=True)[:MOST_ENTRIES]
    last = len(raws) - 1
    return tuple(
        _entry(raws[position], published, url, is_cut_off and position == last)
        for published, position in sorted(newest, key=lambda each: each[1])
    )


def _entry(raw: dict, published: datetime | None, url: str, is_last_of_cut_off: bool) -> Entry:
    return Entry(
        guid=fields.guid(raw),
        link=fields.link(raw, url),
        title=fields.title(raw),
        html=fields.html(raw),
        author=fields.author(raw),
        published=published,
        is_last_of_cut_off=is_last_of_cut_off,
    )
