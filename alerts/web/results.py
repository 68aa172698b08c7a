"""The results of the preview: developments of questions and items of newsletters, with the matched words marked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects

from alerts.digests import links, wording
from alerts.digests.grouping import normalised
from alerts.digests.newsletters import EXCERPT
from alerts.digests.passage import Passage
from alerts.digests.snippet import excerpt, snippet
from alerts.digests.why import why, why_in_newsletter
from alerts.matching.preview import Found, Spans
from alerts.models import Event, Item
from alerts.models.choices import Kind
from alerts.query import Query, reasons
from alerts.web.items import untitled


@dataclass(frozen=True)
class Result:
    """One development, ready to show; `passages` are label and words, `answer_only` says the match is there alone.

    `same_answer`: the answer stands under an earlier result already, and is not repeated. `sources` are those of a
    newsletter's item, which is at `original` on the machine `host`; `matched` says which words were found where.
    """

    event: Event
    item: Item
    url: str
    heading: Passage
    passages: tuple[tuple[str, Passage], ...]
    matched: str
    answer_only: bool = False
    same_answer: bool = False
    sources: str = ""
    original: str = ""
    host: str = ""


@dataclass(frozen=True)
class Part:
    """Results of one kind; `title` is '' where there is no other kind."""

    title: str
    results: tuple[Result, ...]


def results(newest: Iterable[Found], query: Query) -> list[Part]:
    """What the preview found for a query, as a page shows it: Parliament first, newsletters apart."""
    newest = list(newest)
    prefetch_related_objects([found.event for found in newest], "item__source", "item__issue")
    newsletters = [found for found in newest if _is_newsletter(found.event)]
    questions = [found for found in newest if found not in newsletters]
    parts = {"Written questions": _questions(questions, query), "Newsletters": _newsletters(newsletters, query)}
    shown = {title: tuple(part) for title, part in parts.items() if part}
    return [Part(title if len(shown) > 1 else "", part) for title, part in shown.items()]


def _is_newsletter(event: Event) -> bool:
    return event.kind in (Kind.PUBLISHED, Kind.REVISED)


def _questions(found: Iterable[Found], query: Query) -> list[Result]:
    """No answer is shown twice."""
    seen: set[tuple[int | None, str]] = set()
    shown = []
    for one in found:
        answer = (one.event.department_id, normalised(one.event.answer))
        shown.append(_question(one, query, same_answer=bool(answer[1]) and answer in seen))
        seen.add(answer)
    return shown


def _question(found: Found, query: Query, same_answer: bool) -> Result:
    event, marks = found.event, found.spans
    return Result(
        event=event,
        item=event.item,
        url=_page(event, query),
        heading=Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(untitled(event)),
        passages=tuple(_passages(event, marks, same_answer)),
        matched=why(list(reasons(query.tree, event.document)), many=False),
        answer_only=bool(marks["answer"]) and not marks["heading"] and not marks["question"],
        same_answer=same_answer,
    )


def _passages(event: Event, marks: Spans, same_answer: bool) -> Iterator[tuple[str, Passage]]:
    """The question always, the answer where it matched."""
    if event.question:
        yield "Asked", snippet(Passage.of(event.question, marks["question"]).without_opening())
    if marks["answer"] and not same_answer:
        yield "Answer", snippet(Passage.of(event.answer, marks["answer"]))


def _newsletters(found: Iterable[Found], query: Query) -> list[Result]:
    """A text that several newsletters have is shown once."""
    same: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        same.setdefault((normalised(one.event.heading), normalised(one.event.text)), []).append(one)
    return [_newsletter(group, query) for group in same.values()]


def _newsletter(group: list[Found], query: Query) -> Result:
    event, marks = group[0].event, group[0].spans
    return Result(
        event=event,
        item=event.item,
        url=_page(event, query),
        heading=Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(wording.UNTITLED),
        passages=(("", excerpt(Passage.of(event.text, marks["text"]), EXCERPT)),),
        matched=why_in_newsletter(list(reasons(query.tree, event.document))),
        sources=wording.listed(list(dict.fromkeys(one.event.item.source.name for one in group))),
        original=links.original(event.item),
        host=links.host(links.original(event.item)),
    )


def _page(event: Event, query: Query) -> str:
    return f"{links.item_path(event.item)}?{urlencode({'hl': query.typed})}"
