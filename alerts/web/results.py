"""A result of the preview: one development of a question, with the words that matched marked."""

from dataclasses import dataclass
from urllib.parse import urlencode

from alerts.digests.passage import Passage
from alerts.digests.snippet import snippet
from alerts.matching.preview import Found
from alerts.models import Event, Item
from alerts.web.items import address, untitled


@dataclass(frozen=True)
class Result:
    """One development, ready to show; `passages` are label and words, `answer_only` says the match is there alone."""

    event: Event
    item: Item
    url: str
    heading: Passage
    passages: tuple[tuple[str, Passage], ...]
    answer_only: bool


def result(found: Found, typed: str) -> Result:
    """What the preview found for what was typed, as a page shows it."""
    event, url = found.event, address(found.event.item)
    marks = {zone: found.spans.get(zone, []) for zone in ("heading", "question", "answer", "text")}
    heading = Passage.of(event.heading, marks["heading"]) if event.heading else Passage.of(untitled(event))
    return Result(
        event=event,
        item=event.item,
        url=f"{url}?{urlencode({'hl': typed})}" if url else event.item.url,
        heading=heading,
        passages=tuple(_passages(event, marks)),
        answer_only=bool(marks["answer"]) and not marks["heading"] and not marks["question"],
    )


def _passages(event: Event, marks: dict[str, list[tuple[int, int]]]):
    """The question always, the answer and a newsletter's text where they matched."""
    if event.question:
        yield "Asked", snippet(Passage.of(event.question, marks["question"]).without_opening())
    if marks["answer"]:
        yield "Answer", snippet(Passage.of(event.answer, marks["answer"]))
    if event.text:
        yield "", snippet(Passage.of(event.text, marks["text"]))
