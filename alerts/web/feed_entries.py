"""What a feed says: one entry for each result, ready to be written in any format."""

import datetime
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from alerts.digests import wording
from alerts.matching.recent import Recent
from alerts.models import Subscription
from alerts.models.choices import Kind
from alerts.query import Query, describe
from alerts.web.listing import search_url
from alerts.web.results import Result, result

SAID_OF = {
    Kind.TABLED: "Tabled: ",
    Kind.HOLDING: "Holding answer: ",
    Kind.CORRECTED: "Corrected: ",
    Kind.WITHDRAWN: "Withdrawn: ",
    Kind.REVISED: "Updated: ",
}
"""What stands before the heading; an answer and what was published need nothing."""
ENDED = "This alert has ended"
BROKEN = "This alert has stopped working"

# What XML cannot say, whatever way it is written.
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One result; `url` is its page here, `official` where it comes from, '' where that has no address.

    `ident` stays when something new happens to it, and `updated_at` rises.
    """

    ident: str
    title: str
    url: str
    official: str
    summary: str
    html: str
    published_at: datetime.datetime
    updated_at: datetime.datetime
    rights: str


@dataclass(frozen=True)
class Feed:
    """A feed without its format; `home` is the page of what it is about. One that `is_over` gets nothing more."""

    ident: str
    title: str
    about: str
    home: str
    updated_at: datetime.datetime
    entries: tuple[Entry, ...]
    is_over: bool = False


def feed(outlet_id: uuid.UUID, opened_at: datetime.datetime, query: Query, entries: Iterable[Entry]) -> Feed:
    """The feed of these words; it has neither the alert's name nor anything of its owner."""
    entries = tuple(entries)
    return Feed(
        ident=outlet_id.urn,
        title=said(f"Hark: {query.typed}"),
        about=said(f"{describe(query)} {wording.LICENCE} {wording.THIRD_PARTY}"),
        home=settings.SITE_URL + search_url(query.typed),
        updated_at=max((entry.updated_at for entry in entries), default=opened_at),
        entries=entries,
    )


def farewell(outlet_id: uuid.UUID, alert: Subscription, what: str, since: datetime.datetime) -> Feed:
    """The feed of an alert that is over: one entry, which says so."""
    url = settings.SITE_URL + "/"
    words = f"{what}. Nothing more comes here; you can take this feed out of your reader."
    ident = uuid.uuid5(alert.uuid, what).urn
    last = Entry(ident, what, url, "", words, f"<p>{words}</p>", since, since, "")
    return Feed(outlet_id.urn, said(f"Hark: {alert.query}"), words, url, since, (last,), is_over=True)


def entry(recent: Recent, query: Query, alert: Subscription) -> Entry:
    """A result as an entry.

    Its ident is of this alert and the item that was found first: in the feed of another alert the same item may stand
    with others, and is another entry there.
    """
    shown = result(recent.found, query)
    item = next(one.item for one in (recent.found.event, *recent.found.beside) if one.item_id == recent.first_item)
    rights = wording.THIRD_PARTY if shown.sources else wording.LICENCE
    url, official = settings.SITE_URL + shown.url, shown.original or ("" if shown.sources else shown.item.url)
    page = {"result": shown, "url": url, "official": official, "rights": rights}
    return Entry(
        ident=uuid.uuid5(alert.uuid, str(item.uuid)).urn,
        title=said(SAID_OF.get(Kind(shown.event.kind), "") + shown.heading.text),
        url=url,
        official=official,
        summary=said(" ".join(_summary(shown))),
        html=said(render_to_string("alerts/feed_entry.html", page)),
        published_at=min(_midnight(recent.first_day), recent.updated_at),
        updated_at=recent.updated_at,
        rights=rights,
    )


def said(text: str) -> str:
    """The text without the characters that no feed can have."""
    return _UNSAYABLE.sub("", text).strip()


def _summary(shown: Result) -> Iterable[str]:
    for label, passage in shown.passages:
        if passage:
            words = "".join(run for run, _ in passage.runs()).strip()
            cut = f"{'…' * passage.cut_before}{words}{'…' * passage.cut_after}"
            yield f"{label}: {cut}" if label else cut


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
