"""The results of the preview: developments of questions and items of newsletters, with the matched words marked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from alerts.digests import links, wording
from alerts.digests.newsletters import EXCERPT
from alerts.digests.passage import Passage
from alerts.digests.snippet import excerpt, snippet
from alerts.digests.why import why, why_in_newsletter
from alerts.matching.preview import Found
from alerts.models import Event, Item, Member
from alerts.models.choices import Kind
from alerts.query import Query, highlight, reasons
from alerts.web.items import untitled

QUESTIONS = 3
"""Questions with one answer that are shown; of the others it is said how many there are."""


@dataclass(frozen=True)
class Result:
    """One development, ready to show; `passages` are label and words, `answer_only` says the match is there alone.

    `questions` is how many questions share the answer, `askers` who asked, `more` how many of them are not shown.
    `sources` are those of a newsletter's item, which is at `original` on the machine `host`; `matched` says which
    words were found where.
    """

    event: Event
    item: Item
    url: str
    heading: Passage
    passages: tuple[tuple[str, Passage], ...]
    matched: str
    answer_only: bool = False
    questions: int = 1
    askers: tuple[Member, ...] = ()
    more: int = 0
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
    parts: dict[str, list[Result]] = {"Written questions": [], "Newsletters": []}
    for found in newest:
        parts["Newsletters" if _is_newsletter(found.event) else "Written questions"].append(result(found, query))
    shown = {title: tuple(part) for title, part in parts.items() if part}
    return [Part(title if len(shown) > 1 else "", part) for title, part in shown.items()]


def result(found: Found, query: Query) -> Result:
    """One of them, ready to show."""
    return _newsletter(found, query) if _is_newsletter(found.event) else _question(found, query)


def _is_newsletter(event: Event) -> bool:
    return event.kind in (Kind.PUBLISHED, Kind.REVISED)


def _question(found: Found, query: Query) -> Result:
    event, marks, beside = found.event, found.spans, found.beside[: QUESTIONS - 1]
    return Result(
        event=event,
        item=event.item,
        url=_page(event, query),
        heading=Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(untitled(event)),
        passages=tuple(_passages(found, query, beside)),
        matched=why(list(reasons(query.tree, event.document)), many=False),
        answer_only=bool(marks["answer"]) and not marks["heading"] and not marks["question"],
        questions=1 + len(found.beside),
        askers=tuple(dict.fromkeys(one.asking_member for one in (event, *found.beside) if one.asking_member)),
        more=len(found.beside) - len(beside),
    )


def _passages(found: Found, query: Query, beside: Iterable[Event]) -> Iterator[tuple[str, Passage]]:
    """The questions always, the answer where it matched."""
    event, marks = found.event, found.spans
    asked = [(event, marks), *((one, highlight(query.tree, one.document)) for one in beside)]
    for one, spans in asked:
        if one.question:
            yield "Asked", snippet(Passage.of(one.question, spans["question"]).without_opening())
    if marks["answer"]:
        yield "Answer", snippet(Passage.of(event.answer, marks["answer"]))


def _newsletter(found: Found, query: Query) -> Result:
    """A text that several newsletters have is shown once."""
    event, marks = found.event, found.spans
    return Result(
        event=event,
        item=event.item,
        url=_page(event, query),
        heading=Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(wording.UNTITLED),
        passages=(("", excerpt(Passage.of(event.text, marks["text"]), EXCERPT)),),
        matched=why_in_newsletter(list(reasons(query.tree, event.document))),
        sources=wording.listed(list(dict.fromkeys(one.item.source.name for one in (event, *found.beside)))),
        original=links.original(event.item),
        host=links.host(links.original(event.item)),
    )


def _page(event: Event, query: Query) -> str:
    return f"{links.item_path(event.item)}?{urlencode({'hl': query.typed})}"
