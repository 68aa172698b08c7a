"""What a feed or a newsletter published, made ready to be stored: pure values, no rows."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from alerts.models import Issue
from alerts.sources.html_text import paragraphs, plain, tidy
from alerts.sources.newsletter_html import cleaned
from alerts.sources.question_rows import london

LONGEST_TEXT = 65_536
LONGEST_HEADING = 500
LONGEST_ADDRESS = 1000
HEADING_WORDS = 12
UNTITLED = "Without a title"
OLDEST_YEAR, NEWEST_YEAR = 1990, 2200
"""Dates outside are slips of a program: the web is younger than the one, the other cannot be read back."""
UNFIT = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Content:
    """What one item says: `text` plain, `html` sanitised, each within its bounds; `cut` where the text was longer.

    `issue` and `position` say where in a newsletter it was first seen.
    """

    external_key: str
    heading: str
    text: str
    html: str
    url: str
    published: datetime | None
    cut: bool = False
    issue: Issue | None = None
    position: int | None = None

    @property
    def hash(self) -> str:
        """Tells one text from another; markup and addresses, which change by themselves, do not count."""
        return key_of(self.heading, self.text)


def content(
    external_key: str,
    title: str,
    source_html: str,
    url: str = "",
    published: datetime | None = None,
    issue: Issue | None = None,
    position: int | None = None,
) -> Content:
    """The content of raw HTML or plain text under a plain title, which its first words replace where it is missing.

    The text is that of the cleaned HTML: what was meant for one reader alone is in neither.
    """
    html = cleaned(without_halves(source_html), address_of(url))
    full = plain(html)
    text = full[:LONGEST_TEXT]
    cut = len(full) > len(text)
    return Content(
        external_key=external_key,
        heading=heading_of(title, text),
        text=text,
        html=paragraphs(text) if cut else html,
        url=address_of(url),
        published=published if published and OLDEST_YEAR <= published.year <= NEWEST_YEAR else None,
        cut=cut,
        issue=issue,
        position=position,
    )


def heading_of(title: str, text: str) -> str:
    """The title in one line, or the first words of the text; what has neither says so."""
    line = " ".join(tidy(without_halves(title)).split())
    words = text.split()
    if not line and words:
        line = " ".join(words[:HEADING_WORDS]) + (" …" if len(words) > HEADING_WORDS else "")
    line = line or UNTITLED
    return line if len(line) <= LONGEST_HEADING else line[: LONGEST_HEADING - 1] + "…"


def address_of(link: str) -> str:
    """The link, if it is one that a reader can follow and a row can hold; else ''."""
    link = without_halves(link.strip())
    fits = len(link) <= LONGEST_ADDRESS and not UNFIT.search(link)
    return link if fits and link.lower().startswith(("http://", "https://")) else ""


def happened_on(published: datetime | None, seen_at: datetime) -> date:
    """The day a reader is shown: the published one, unless it is missing, absurd or after we first saw it."""
    if published is None or published.year < OLDEST_YEAR or published > seen_at:
        return london(seen_at)
    return london(published)


def key_of(*parts: str) -> str:
    """A key of 64 digits for these texts in this order."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def without_halves(text: str) -> str:
    """The text without halves of surrogate pairs, which broken feeds hold and no database does."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
