"""The results of the preview: developments of questions, with the words that matched marked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from alerts.digests.grouping import normalised
from alerts.digests.passage import Passage
from alerts.digests.snippet import snippet
from alerts.matching.preview import Found, Spans
from alerts.models import Event, Item
from alerts.web.items import address, untitled


@dataclass(frozen=True)
class Result:
    """One development, ready to show; `passages` are label and words, `answer_only` says the match is there alone.

    `same_answer`: the answer stands under an earlier result already, and is not repeated.
    """

    event: Event
    item: Item
    url: str
    heading: Passage
    passages: tuple[tuple[str, Passage], ...]
    answer_only: bool
    same_answer: bool


def results(newest: Iterable[Found], typed: str) -> list[Result]:
    """What the preview found for what was typed, as a page shows it; no answer is shown twice."""
    seen: set[tuple[int | None, str]] = set()
    shown = []
    for found in newest:
        answer = (found.event.department_id, normalised(found.event.answer))
        shown.append(_result(found, typed, same_answer=bool(answer[1]) and answer in seen))
        seen.add(answer)
    return shown


def _result(found: Found, typed: str, same_answer: bool) -> Result:
    event, url = found.event, address(found.event.item)
    marks = {zone: found.spans.get(zone, []) for zone in ("heading", "question", "answer", "text")}
    heading = Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(untitled(event))
    return Result(
        event=event,
        item=event.item,
        url=f"{url}?{urlencode({'hl': typed})}" if url else event.item.url,
        heading=heading,
        passages=tuple(_passages(event, marks, same_answer)),
        answer_only=bool(marks["answer"]) and not marks["heading"] and not marks["question"],
        same_answer=same_answer,
    )


def _passages(event: Event, marks: Spans, same_answer: bool) -> Iterator[tuple[str, Passage]]:
    """The question always, the answer and a newsletter's text where they matched."""
    if event.question:
        yield "Asked", snippet(Passage.of(event.question, marks["question"]).without_opening())
    if marks["answer"] and not same_answer:
        yield "Answer", snippet(Passage.of(event.answer, marks["answer"]))
    if event.text:
        yield "", snippet(Passage.of(event.text, marks["text"]))
