"""The page of a written question."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.digests import links, wording
from alerts.models import Event, Item
from alerts.models.about import about
from alerts.models.choices import Kind
from alerts.query import Document, highlight
from alerts.web.differences import difference
from alerts.web.marking import marked, marked_html, plain
from alerts.web.reading import read

MOVED_AT_MOST = datetime.timedelta(days=60)
"""How far Parliament may move a question's date before its number may be another question's."""
MOST_SIBLINGS = 50


@require_safe
def item_page(request: HttpRequest, tabled_on: datetime.date, uin: str) -> HttpResponse:
    """The question, its answer and its history; `?hl=` marks the words of a query."""
    item = _at(tabled_on, uin)
    if item.tabled_on != tabled_on or item.uin != uin:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(links.item_path(item) + (f"?{query}" if query else ""))
    if item.hidden_at:
        return render(request, "alerts/item_hidden.html", {"item": item}, status=410)
    words, without_marks = request.GET.get("hl", "").strip(), request.GET.get("marks") == "off"
    context = {
        "item": item,
        "shown": shown(item, "" if without_marks else words),
        "without_marks": without_marks,
        "history": history(item),
        "siblings": siblings(item),
        "words": words,
        "citation": citation(item),
        "follows": next((typed for typed in (words, item.heading) if read(typed).query), ""),
    }
    return render(request, "alerts/item.html", context)


def _at(tabled_on: datetime.date, uin: str) -> Item:
    """The question of this number nearest to this date. Raises Http404."""
    try:
        days = (tabled_on - MOVED_AT_MOST, tabled_on + MOVED_AT_MOST)
    except OverflowError as error:
        raise Http404 from error
    items = Item.objects.select_related(
        "department", "asking_member", "answering_member", "correcting_member", "source"
    )
    # Nearly always it is there; to look around takes the database as long as all else of the page together.
    near = items.filter(tabled_on=tabled_on, uin=uin) or items.filter(tabled_on__range=days, uin__iexact=uin)
    if not near:
        raise Http404
    return min(near, key=lambda item: (abs(item.tabled_on - tabled_on), item.pk))


@dataclass(frozen=True)
class Shown:
    """The texts of an item as HTML, with words marked where some were asked for."""

    heading: str
    question: str
    answer: str
    text_incomplete: bool


def shown(item: Item, typed: str) -> Shown:
    """The item's texts, the answer as its latest revision has it."""
    revision = item.revisions.order_by("-number").first()
    answer_html = revision.answer_html if revision else ""
    answer = plain(answer_html)
    spans: dict[str, list[tuple[int, int]]] = {}
    query = read(typed).query
    if query:
        zones = {"heading": item.heading, "question": item.question, "answer": answer}
        document = Document.from_zones(**zones, about=about(item, item.source, item.state))
        spans = highlight(query.tree, document)
    return Shown(
        marked(item.heading or untitled(item), spans.get("heading", []) if item.heading else []),
        marked(item.question, spans.get("question", [])),
        marked_html(answer_html, spans.get("answer", [])),
        bool(revision and revision.cut),
    )


def untitled(item: Item) -> str:
    """What a question is called until Parliament gives it a heading."""
    return f"Question to {item.department}" if item.department else "Written question"


def citation(item: Item) -> str:
    """How to cite the question: who asked what, its number, its days and its official page."""
    what = f"{item.house} written question" if item.house else "written question"
    parts = [
        item.asking_member.name if item.asking_member else "",
        f"“{item.heading}”" if item.heading else "",
        f"{what} {item.uin}",
        f"tabled on {wording.full_day(item.tabled_on)}",
        f"answered on {wording.full_day(item.answered_on)}" if item.answered_on else "",
        f"corrected on {wording.full_day(item.corrected_on)}" if item.corrected_on else "",
    ]
    return f"{', '.join(filter(None, parts))}. {item.url}".strip()


def history(item: Item) -> list[dict[str, object]]:
    """What happened to the question, in the order it happened; released events only."""
    words = {
        Kind.TABLED: "Tabled",
        Kind.HOLDING: "Holding answer: no full answer yet",
        Kind.ANSWERED: "Answered",
        Kind.CORRECTED: "Answer corrected",
        Kind.WITHDRAWN: "Withdrawn by the member",
    }
    events = item.events.filter(released_at__isnull=False).order_by("happened_on", "id")
    lines = [{"on": event.happened_on, "what": words.get(event.kind, event.kind)} for event in events]
    for line, changed in zip(lines, _changes(events), strict=True):
        line |= changed
    if not any(event.kind == Kind.TABLED for event in events) and item.tabled_on:
        lines.insert(0, {"on": item.tabled_on, "what": words[Kind.TABLED]})
    return lines


def _changes(events: Iterable[Event]) -> Iterator[dict[str, object]]:
    """For each event what it changed in the answer before it, if it is a correction, and its place on the page."""
    answers: dict[int, str] = {}
    days = set()
    for event in events:
        before = max((one for one in answers if one < event.pk), default=None)
        if event.kind in (Kind.ANSWERED, Kind.CORRECTED):
            answers[event.pk] = event.answer
        if event.kind != Kind.CORRECTED or before is None:
            yield {}
            continue
        place = "" if event.happened_on in days else wording.place_of_correction(event.happened_on)
        days.add(event.happened_on)
        yield {"place": place, "parts": difference(answers[before], event.answer)}


def siblings(item: Item) -> QuerySet[Item]:
    """The questions answered together with this one, as far as we have them."""
    named = {(entry.get("tabled"), entry.get("uin", "")) for entry in item.grouped_with[:MOST_SIBLINGS]}
    days = {day for tabled, _ in named if (day := _day(tabled))}
    together = Item.objects.filter(tabled_on__in=days, uin__in={uin for _, uin in named}, source=item.source)
    others = together.filter(hidden_at__isnull=True).exclude(pk=item.pk)
    same = [other.pk for other in others if (other.tabled_on.isoformat(), other.uin) in named]
    return others.filter(pk__in=same).select_related("asking_member").order_by("tabled_on", "uin")


def _day(tabled: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(tabled or "")
    except ValueError:
        return None
