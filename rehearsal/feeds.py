"""What is answered at /feeds/<name>/: the feed, that it has not changed, or that there is none."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from urllib.parse import unquote

from rehearsal import atom, rss
from rehearsal.answers import Answer
from rehearsal.posts import Feed, Feeds

ROOT = "/feeds/"
CACHE = ("Cache-Control", "public, max-age=300")
MISSING = b"<!DOCTYPE html><html><head><title>Not found</title></head><body><p>There is no such feed.</p></body></html>"
FORMS = {"rss": (rss.rss, rss.CONTENT_TYPE), "atom": (atom.atom, atom.CONTENT_TYPE)}
SECOND = timedelta(seconds=1)


def answer(feeds: Feeds, path: str, headers: Mapping[str, str], site: str = "") -> Answer:
    """The answer to GET for a path under `ROOT`; `headers` by lower-case name, `site` is the server's address.

    If-None-Match counts before If-Modified-Since, and alone where both are sent (RFC 9110, 13.2.2).
    """
    name = unquote(path.removeprefix(ROOT).strip("/"))
    if name not in feeds:
        return Answer(404, "text/html; charset=UTF-8", MISSING)
    body, content_type, changed = written(feeds[name], f"{site}{ROOT}{name}/")
    validators = (("ETag", f'W/"{sha256(body).hexdigest()[:32]}"'), *_last_modified(changed), CACHE)
    if _is_known(headers, validators[0][1], changed):
        return Answer(304, content_type, b"", validators)
    return Answer(200, content_type, body, validators)


def written(feed: Feed | bytes, address: str) -> tuple[bytes, str, datetime | None]:
    """The feed's bytes, their content type and when they last changed, which of bare bytes nobody knows."""
    if isinstance(feed, bytes):
        return feed, rss.CONTENT_TYPE, None
    write, content_type = FORMS[feed.form]
    return write(feed, address), content_type, feed.changed


def _last_modified(changed: datetime | None) -> list[tuple[str, str]]:
    return [("Last-Modified", format_datetime(changed.astimezone(UTC), usegmt=True))] if changed else []


def _is_known(headers: Mapping[str, str], tag: str, changed: datetime | None) -> bool:
    """Whether the client has these bytes already, by what it says."""
    if "if-none-match" in headers:
        known = {one.strip().removeprefix("W/") for one in headers["if-none-match"].split(",")}
        return not known.isdisjoint({"*", tag.removeprefix("W/")})
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return changed is not None and changed < (since if since.tzinfo else since.replace(tzinfo=UTC)) + SECOND
