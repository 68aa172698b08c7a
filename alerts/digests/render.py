"""Render: from a digest's rows to what its email says, as text and as HTML out of one content."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from alerts.digests import links, plain, visible, wording
from alerts.digests.arrange import Placed, place
from alerts.digests.content import EMAIL, DigestContent, Limits, content, shorter
from alerts.digests.gather import Gathered, Known, gathered
from alerts.digests.handoff import CONTENT_HEADER
from alerts.digests.mail import Letter
from alerts.digests.notes import confirmed_on, notes, troubled_sources
from alerts.digests.templates import rendered
from alerts.models import Digest, Section, Source
from alerts.models.choices import Frequency

LARGEST = 80_000
"""Bytes of both parts as they travel; Gmail cuts off what is over about 102,000."""
_ENCODED = bytes([ord("="), *range(127, 256)])
"""The bytes that travel as three."""


@dataclass(frozen=True)
class Frame:
    """What stands round the content of an email: its own links, why it came, who sent it.

    `not_relevant` leads from each result, by its anchor, to where its reader says that it was not for them.
    """

    digest_url: str
    not_relevant: Mapping[str, str]
    manage_url: str
    stop_url: str
    stop: str
    because: str
    site_url: str
    postal_address: str
    contact_address: str


def letter(digest: Digest, now: datetime.datetime) -> Letter | None:
    """The email of a digest as it stands now; None where nothing of it may be told any more."""
    (write,) = writers([digest], now, {})
    return write()


def writers(digests: Iterable[Digest], now: datetime.datetime, known: Known) -> Iterator[Callable[[], Letter | None]]:
    """For each of these digests, of which all is read now, what writes its email."""
    digests = list(digests)
    found, troubled = gathered(digests, known), troubled_sources(now)
    return (partial(_written, digest, found[digest.pk], troubled, now) for digest in digests)


def _written(digest: Digest, found: Gathered, troubled: list[Source], now: datetime.datetime) -> Letter | None:
    if not found.shown:
        return None
    sections = [section for section, _ in found.shown]
    placed, noted = place(found.told, found.partners), notes(digest, sections, troubled)
    return write(digest, sections, placed, noted, visible.fingerprint(found.shown), now)


def write(
    digest: Digest,
    sections: list[Section],
    placed: Sequence[Placed],
    noted: Iterable[str],
    fingerprint: str,
    now: datetime.datetime,
) -> Letter:
    """The email of a digest with these sections, placed and noted; it asks the database for nothing."""
    frame, noted = _frame(digest, sections, placed, now), tuple(noted)
    headers = _headers(digest, frame) | {CONTENT_HEADER: fingerprint}
    limits: Limits = EMAIL
    while True:
        said = content(placed, noted, limits)
        text, html = as_text(said, frame), as_html(said, frame)
        if _size(text, html) <= LARGEST or limits == shorter(limits):
            return Letter(said.subject, text, html, headers)
        limits = shorter(limits)


def as_text(said: DigestContent, frame: Frame) -> str:
    """The text part, in lines of 72 characters."""
    context = _sender(frame) | {
        "frame": frame,
        "title": said.title.upper(),
        "summary": plain.wrapped(said.summary),
        "notes": [plain.wrapped(note) for note in said.notes],
        "contents": plain.contents(said.sections, said.numbered),
        "sections": [
            plain.section(part, said.numbered, f"{frame.digest_url}#alert-{part.number}", frame.not_relevant)
            for part in said.sections
        ],
        "older": plain.older(said.late, said.late_hidden, frame.digest_url),
        "because": plain.wrapped(frame.because),
        "credits": [plain.wrapped(line) for line in said.credits],
    }
    return rendered("digest.txt", context)


def as_html(said: DigestContent, frame: Frame) -> str:
    """The HTML part."""
    context = _sender(frame) | {"said": said, "frame": frame, "subject": said.subject}
    return rendered("digest.html", context)


def _sender(frame: Frame) -> dict[str, str]:
    return {"site_url": frame.site_url, "postal_address": frame.postal_address}


def _size(text: str, html: str) -> int:
    """The bytes of both parts in their transfer encoding, nearly."""
    both = (text + html).encode()
    as_they_are = both.translate(None, delete=_ENCODED)
    return len(both) + 2 * (len(both) - len(as_they_are)) + len(both) // 25


def not_relevant(placed: Iterable[Placed]) -> dict[str, str]:
    """For each result the link by which its reader says that it was not relevant, by its anchor."""
    return {
        found.anchor: links.not_relevant(part.told.section, found.event_id)
        for part in placed
        for found in (*part.results, *part.corrected, *part.late)
    }


def _frame(digest: Digest, sections: list[Section], placed: Iterable[Placed], now: datetime.datetime) -> Frame:
    whose = sections[0].subscription if digest.part else digest.user
    return Frame(
        digest_url=links.digest(digest),
        not_relevant=not_relevant(placed),
        manage_url=links.manage(digest.user, now),
        stop_url=links.stop(whose, now),
        stop="Stop this alert" if digest.part or len(sections) == 1 else "Stop one alert or all",
        because=_because(sections, digest),
        site_url=settings.SITE_URL,
        postal_address=settings.POSTAL_ADDRESS,
        contact_address=settings.CONTACT_ADDRESS,
    )


def _because(sections: list[Section], digest: Digest) -> str:
    """Why it came: which day its alerts were confirmed, or the first of them."""
    days = {confirmed_on(section, digest) for section in sections}
    alerts = "this alert" if len(sections) == 1 else f"these {len(sections)} alerts"
    first = ", the first" if len(days) > 1 else ""
    return f"You get this because you confirmed {alerts}{first} on {wording.full_day(min(days))}."


def _headers(digest: Digest, frame: Frame) -> dict[str, str]:
    """The headers of subscribed mail; one address to stop it all, which works by POST."""
    return {
        "List-Id": f"<alerts.{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": f"<{frame.stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Help": f"<{links.about()}>",
        "Feedback-ID": f"digest:{Frequency(digest.frequency).name.lower()}:hark:harkalerts",
    }
