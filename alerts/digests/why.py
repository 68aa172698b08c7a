"""Why a result is shown: every matched word with its strongest place. Pure."""

from collections.abc import Callable, Iterable

from alerts.digests.facts import Fact
from alerts.query import Node, Reason, reasons

PLACES = ("heading", "question", "answer", "text", "")
"""From the strongest; what was asked for by a field stands in no place."""


def strongest(tree: Node, facts: Iterable[Fact]) -> list[Reason]:
    """The reasons over all these facts: each word once, with its strongest place."""
    best: dict[str, Reason] = {}
    for fact in facts:
        for reason in reasons(tree, fact.document()):
            known = best.get(reason.label)
            if known is None or PLACES.index(reason.zone) < PLACES.index(known.zone):
                best[reason.label] = reason
    return list(best.values())


def why(found: list[Reason], many: bool) -> str:
    """`maternity, safety in heading; inequalities in questions`; the paragraph where the answer alone has it."""
    only_answer = all(reason.zone == "answer" for reason in found)
    in_many = {"question": "questions"} if many else {}
    return _said(found, lambda reason: reason.place if only_answer else in_many.get(reason.zone, reason.zone))


def why_in_newsletter(found: list[Reason]) -> str:
    """`"a phrase" in title; word in text`: newsletters have titles where questions have headings."""
    return _said(found, lambda reason: {"heading": "title"}.get(reason.zone, reason.zone))


def _said(found: list[Reason], place_of: Callable[[Reason], str]) -> str:
    places: dict[str, list[str]] = {}
    for reason in sorted(found, key=lambda reason: PLACES.index(reason.zone)):
        places.setdefault(place_of(reason), []).append(_name(reason))
    return "; ".join(", ".join(names) + (f" in {place}" if place else "") for place, names in places.items())


def _name(reason: Reason) -> str:
    if " " not in reason.label or not reason.zone:
        return reason.name
    return f'"{reason.label}"'
