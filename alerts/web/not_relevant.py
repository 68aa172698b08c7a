"""Not relevant? A reader says so of one result, by the link that stands under it, without signing in."""

import datetime
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import short_tokens
from accounts.tokens import BadToken
from alerts.digests import links, wording
from alerts.matching.preview import Preview, preview
from alerts.models import Event, NotRelevant, Section, Subscription
from alerts.web.headers import private
from alerts.web.narrowing import Row, rows
from alerts.web.reading import read
from config import clock


@dataclass(frozen=True)
class Told:
    """What a link is about: an event that a section told."""

    section: Section
    event: Event

    @property
    def alert(self) -> Subscription:
        """The alert that found it."""
        return self.section.subscription

    @property
    def heading(self) -> str:
        """What the item is called."""
        return self.event.heading or self.event.item.heading or wording.UNTITLED

    @property
    def page(self) -> str:
        """The item's own page."""
        return links.item_path(self.event.item)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def not_relevant(request: HttpRequest, token: str) -> HttpResponse:
    """One button: it is counted, once for each alert and item, or taken back. Nothing else changes."""
    now = clock.now()
    told = _told(token)
    if told is None or told.event.item.hidden_at:
        return render(request, "alerts/not_relevant_gone.html", status=410)
    if request.method == "POST":
        _say(told, request.POST.get("do") == "take-back", now)
        return HttpResponseRedirect(request.path)
    said = NotRelevant.objects.filter(subscription=told.alert, item=told.event.item).exists()
    offered = _narrower(told, now) if said else {}
    return render(request, "alerts/not_relevant.html", {"told": told, "said": said} | offered)


def _told(token: str) -> Told | None:
    """What the link names; None where its section is no longer kept. Raises Http404 for no link of ours."""
    try:
        section_id, event_id = short_tokens.read(token, links.NOT_RELEVANT)
    except (BadToken, ValueError) as error:
        raise Http404 from error
    section = Section.objects.filter(pk=section_id).exclude(query="").select_related("subscription").first()
    event = Event.objects.filter(pk=event_id).select_related("item").first()
    return Told(section, event) if section and event else None


def _say(told: Told, take_back: bool, now: datetime.datetime) -> None:
    """Keep what the reader says; pressing twice is saying it once."""
    named = {"subscription": told.alert, "item": told.event.item}
    if take_back:
        NotRelevant.objects.filter(**named).delete()
    else:
        more = {"event": told.event, "query": told.section.query, "at": now}
        NotRelevant.objects.get_or_create(**named, defaults=more)


def _narrower(told: Told, now: datetime.datetime) -> dict[str, object]:
    """What would leave out results like it, each with its number; nothing for an alert that has ended."""
    query = read(told.alert.query).query
    if query is None or told.alert.ended_at:
        return {}
    found: Preview = preview(query, now)
    return {"found": found, "narrowings": _narrowings(found), "words": told.alert.query}


def _narrowings(found: Preview) -> list[Row]:
    """The variations that find less."""
    said = found.beside.prominent.typed if found.beside.prominent else None
    return rows((one for one in found.beside.variations if not one.is_wider), said)
