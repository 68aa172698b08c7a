"""The page of a newsletter's item: an extract, and the way to the rest."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.digests import links, wording
from alerts.digests.passage import Passage
from alerts.digests.snippet import excerpt
from alerts.models import Event, Item, Source
from alerts.models.choices import Kind
from alerts.query import highlight
from alerts.web.reading import read

EXTRACT = 60
"""Words of the publisher's text; never all of it."""
MOST_NEIGHBOURS = 50

_HAPPENED = {Kind.PUBLISHED: "Published", Kind.REVISED: "Updated"}


@require_safe
def newsletter_item_page(request: HttpRequest, ident: uuid.UUID) -> HttpResponse:
    """What is released of the item, as it was last; `?hl=` marks the words of a query and shows what is around them."""
    items = Item.objects.exclude(source__kind=Source.Kind.WRITTEN_QUESTIONS).select_related("source", "issue")
    item = items.filter(uuid=ident).first()
    events = list(_released().filter(item=item)) if item else []
    if not events:
        raise Http404
    if item.hidden_at:
        return render(request, "alerts/item_hidden.html", {"item": item, "is_newsletter": True}, status=410)
    words, original = request.GET.get("hl", "").strip(), links.original(item)
    without_marks = request.GET.get("marks") == "off"
    context = {
        "item": item,
        "shown": shown(events[-1], "" if without_marks else words),
        "without_marks": without_marks,
        "original": original,
        "host": links.host(original),
        "history": [{"on": event.happened_on, "what": _HAPPENED[event.kind]} for event in events],
        "neighbours": neighbours(item),
        "issue_title": issue_title(item),
        "words": words,
        "third_party": wording.THIRD_PARTY,
    }
    return render(request, "alerts/newsletter_item.html", context)


def _released() -> QuerySet[Event]:
    """Released events, in the order in which they became known."""
    return Event.objects.filter(released_at__isnull=False).order_by("id").select_related("item__source")


@dataclass(frozen=True)
class Shown:
    """Title and extract, with words marked where some were asked for."""

    heading: Passage
    extract: Passage


def shown(event: Event, typed: str) -> Shown:
    """What is shown of an item as this event has it; words that cannot be read mark nothing."""
    query = read(typed).query
    marks = highlight(query.tree, event.document) if query else {"heading": [], "text": []}
    heading = Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(wording.UNTITLED)
    return Shown(heading, excerpt(Passage.of(event.text, marks["text"]), EXTRACT))


@dataclass(frozen=True)
class Neighbour:
    """An item of the same issue, under the title that was released last; `is_this` the one whose page it is."""

    title: str
    path: str
    is_this: bool


def neighbours(item: Item) -> list[Neighbour]:
    """The items of the item's issue in its order, itself among them; none where it stands alone.

    A publisher may put its next issue into the post of the last: together came what we saw first at one moment.
    """
    if item.issue is None:
        return []
    together = _released().filter(item__issue=item.issue, item__first_seen_at=item.first_seen_at)
    events = together.filter(item__hidden_at__isnull=True).order_by("item__position", "id")
    latest = {event.item_id: event for event in events}
    listed = [
        Neighbour(event.heading or wording.UNTITLED, links.item_path(event.item), event.item_id == item.pk)
        for event in list(latest.values())[:MOST_NEIGHBOURS]
    ]
    return listed if len(listed) > 1 else []


def issue_title(item: Item) -> str:
    """What the item's issue is called; '' without one, or where another issue has taken its post since."""
    if item.issue is None or item.issue.items.filter(first_seen_at__gt=item.first_seen_at).exists():
        return ""
    return item.issue.title
