"""What is kept of an event beside its text once it is numbered, so that the past can be searched and counted."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import structlog

from alerts.matching.lexemes import stored
from alerts.matching.scoped import CAPITALS, NEXT_TO_EACH_OTHER
from alerts.models import Event
from alerts.models.choices import Kind
from alerts.models.same import answer_key, text_key
from alerts.query import Document

log = structlog.get_logger()

REFILLED = 500
"""Events that one round makes anew at most; it takes about a second."""


def kept(event: Event, document: Document) -> dict[str, object]:
    """The columns and their values; `document` is the event's."""
    return {"features": stored(event, document), "same_key": same_key(event)}


def same_key(event: Event) -> int:
    """What the event shares with others that are the same result; 0 where nothing can be compared."""
    if event.kind in (Kind.PUBLISHED, Kind.REVISED):
        return text_key(event.heading or event.item.heading, event.text)
    return answer_key(event.answer)


def refill(now: datetime, limit: int = REFILLED) -> int:
    """Make anew what a migration emptied, newest first; returns for how many events. It may run any number of times."""
    emptied = Event.objects.filter(seq__isnull=False, features__isnull=True).readable().order_by("-id")
    events = list(emptied[:limit])
    for event in events:
        Event.objects.filter(pk=event.pk).update(**kept(event, event.document))
    if events:
        log.info("features made anew", at=now.isoformat(), events=len(events))
    return len(events)


def plain_counts(lexemes: Iterable[tuple[str, int]]) -> Counter[str]:
    """How many events have each stem and each word as written, whatever part it stands in, of counts by lexeme."""
    counts: Counter[str] = Counter()
    for lexeme, number in lexemes:
        feature = lexeme[1:]
        if lexeme[0] != "@" and feature[:1] not in (CAPITALS, NEXT_TO_EACH_OTHER):
            counts[feature] = max(counts[feature], number)
    return counts
