"""Why a result is shown: every matched word with its strongest place. Pure."""

from collections.abc import Iterable

from alerts.digests.facts import Fact
from alerts.query import Node, Reason, reasons

PLACES = ("heading", "question", "answer", "text")
IN_NEWSLETTERS = {"heading": "title"}
"""Newsletters have titles where questions have headings."""


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
    places: dict[str, list[str]] = {}
    for zone in PLACES:
        for reason in found:
            if reason.zone == zone:
                place = reason.place if only_answer else zone
                places.setdefault(f"{place}s" if many and place == "question" else place, []).append(_name(reason))
    return "; ".join(f"{', '.join(names)} in {place}" for place, names in places.items())


def why_in_newsletter(found: list[Reason]) -> str:
    """`phrase in title; word in text`."""
    places = {zone: [_name(reason) for reason in found if reason.zone == zone] for zone in PLACES}
    named = ((IN_NEWSLETTERS.get(zone, zone), names) for zone, names in places.items() if names)
    return "; ".join(f"{', '.join(names)} in {place}" for place, names in named)


def _name(reason: Reason) -> str:
    if " " not in reason.label:
        return reason.name
    return f'"{reason.label}"'
