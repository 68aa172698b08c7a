"""The fields of a feed and its entries, cleaned and bounded, out of the dictionaries of feedparser.

Nothing in them is believed: a feed decides the keys of its dictionary, even those that look like the parser's own.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time
from urllib.parse import urljoin, urlsplit

from alerts.sources.html_text import paragraphs, plain, tidy

LONGEST_TITLE = 500
LONGEST_LINK = 1_000
LONGEST_GUID = 2_000
LONGEST_AUTHOR = 200
# Real newsletters and sites take up to 124,000 characters of HTML for one entry, most of them style.
LONGEST_HTML = 250_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
IS_HTML = {"text/html": True, "application/xhtml+xml": True, "text/plain": False}
UNPRINTABLE = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
UNFINISHED = re.compile(r"(?:<[^<>]*|&#?\w{0,10})\Z")


def guid(raw: dict) -> str:
    """What an entry calls itself."""
    return _line(_text(raw, "id"), LONGEST_GUID)


def author(raw: dict) -> str:
    """Who wrote it, as the feed has it."""
    return _line(_text(raw, "author"), LONGEST_AUTHOR)


def title(raw: dict) -> str:
    """A title as it is meant to be read, in one line: in many feeds it is HTML."""
    text = _text(raw, "title")[: 20 * LONGEST_TITLE]
    return _line(plain(text) if IS_HTML.get(_text(_detail(raw, "title"), "type")) else text, LONGEST_TITLE)


def link(raw: dict, url: str) -> str:
    """Where it can be read: the link, made absolute against the feed's `url`; '' for all but a web address.

    A guid counts as a link if it is a whole address: most that claim to be one by saying nothing are not.
    """
    said = _text(raw, "link").strip()
    try:
        if raw.get("guidislink") and said == _text(raw, "id") and not urlsplit(said).scheme:
            return ""
        whole = urljoin(url, said).replace(" ", "%20") if said else ""
        parts = urlsplit(whole)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return whole if is_web and len(whole) <= LONGEST_LINK and whole.isprintable() else ""


def html(raw: dict) -> str:
    """The text of an entry as HTML, as it came: its content, else its summary."""
    contents = raw.get("content")
    for part in (*(contents if isinstance(contents, list) else ()), _detail(raw, "summary")):
        value = UNSTORABLE.sub("", _text(part, "value")).strip()
        is_html = IS_HTML.get(_text(part, "type"))
        if value and is_html is not None:
            return _cut(value if is_html else paragraphs(tidy(value)))
    return ""


def published(raw: dict) -> datetime | None:
    """The date an entry claims, its last change where it claims no other; UTC where no zone is named.

    None for no date and for nonsense.
    """
    for name in ("published", "updated", "created"):
        # feedparser itself answers for a missing `updated` with `published`, and warns; so the plain dict is asked.
        date = _read(dict.get(raw, f"{name}_parsed")) or _unzoned(dict.get(raw, name))
        if date and FIRST_YEAR <= date.year <= LAST_YEAR:
            return date
    return None


def _text(raw: dict, name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _detail(raw: dict, name: str) -> dict:
    value = raw.get(f"{name}_detail")
    return value if isinstance(value, dict) else {}


def _line(text: str, longest: int) -> str:
    """A text in one line, without anything that cannot be printed."""
    text = UNSTORABLE.sub("", text[: 20 * longest]).translate(UNPRINTABLE)
    return " ".join(text.split())[:longest].rstrip()


def _cut(source: str) -> str:
    """HTML of bounded length that does not end within a tag or a character reference."""
    return source if len(source) <= LONGEST_HTML else UNFINISHED.sub("", source[:LONGEST_HTML])


def _read(parts: object) -> datetime | None:
    """A date that feedparser understood."""
    if not isinstance(parts, struct_time):
        return None
    try:
        return datetime(*parts[:5], min(parts.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None


def _unzoned(said: object) -> datetime | None:
    """A date as mails have it that names no zone: feedparser does not take it."""
    try:
        date = parsedate_to_datetime(said[:100]) if isinstance(said, str) else None
        return date.replace(tzinfo=date.tzinfo or UTC).astimezone(UTC) if date else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
