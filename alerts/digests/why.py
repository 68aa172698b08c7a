"""Why a result is shown: every matched word with its strongest place. Pure."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from alerts.digests.facts import KEPT, Fact
from alerts.query import And, Node, Phrase, Reason, Term, credited, marks, reasons_of

Marks = dict[str, list[tuple[int, int]]]
"""The marked spans of each zone."""
PLACES = ("heading", "question", "answer", "text", "")
"""From the strongest; what was asked for by a field stands in no place."""


def found_in(tree: Node, facts: Iterable[Fact]) -> tuple[list[Marks], list[Reason]]:
    """The marks in each of these facts, and the reasons over all: each word once, with its strongest place."""
    behind = [(credited(tree, fact.document()), fact.about) for fact in facts]
    best: dict[str, Reason] = {}
    for leaves, known_about in behind:
        for reason in reasons_of(leaves, known_about):
            known = best.get(reason.label)
            if known is None or PLACES.index(reason.zone) < PLACES.index(known.zone):
                best[reason.label] = reason
    return [marks(leaves) for leaves, _ in behind], list(best.values())


def why(found: list[Reason], many: bool, tree: Node | None = None) -> str:
    """`maternity, safety in heading; inequalities in questions`; the paragraph where the answer alone has it.

    With the `tree` of a query that stands right above, two words it asks for are `both`, its one phrase `phrase`.
    """
    only_answer = all(reason.zone == "answer" for reason in found)
    in_many = {"question": "questions"} if many else {}

    def place(reason: Reason) -> str:
        return reason.place if only_answer else in_many.get(reason.zone, reason.zone)

    return _said(found, place, tree)


def why_in_newsletter(found: list[Reason], tree: Node | None = None) -> str:
    """`"a phrase" in title; word in text`: newsletters have titles where questions have headings."""
    return _said(found, lambda reason: {"heading": "title"}.get(reason.zone, reason.zone), tree)


@lru_cache(maxsize=KEPT)
def passing(tree: Node, facts: tuple[Fact, ...]) -> str:
    """`babies mentioned once, in answer paragraph 5 of 9`, where that is all there is of a query; '' otherwise.

    The facts share one answer.
    """
    marked, found = found_in(tree, facts)
    if any(zones["heading"] or zones["question"] or len(zones["answer"]) != 1 for zones in marked):
        return ""
    (reason, *others) = found
    if others:
        return ""
    name = f'"{reason.form}"' if reason.form else _name(reason)
    where = f" paragraph {reason.paragraph} of {reason.paragraphs}" if reason.paragraphs > 1 else ""
    return f"{name} mentioned once, in answer{where}"


def _said(found: list[Reason], place_of: Callable[[Reason], str], tree: Node | None) -> str:
    places: dict[str, list[str]] = {}
    for reason in sorted(found, key=lambda reason: PLACES.index(reason.zone)):
        places.setdefault(place_of(reason), []).append(_name(reason))
    if len(places) == 1 and (short := _in_short(tree, found)):
        places = {place: [short] for place in places}
    return "; ".join(", ".join(names) + (f" in {place}" if place else "") for place, names in places.items())


def _in_short(tree: Node | None, found: list[Reason]) -> str:
    """How to name all that a short query asks for, in one word; '' where its words have to be said."""
    if any(reason.form is not None or not reason.zone for reason in found):
        return ""
    match tree:
        case Phrase() if len(tree.words) > 1:
            return "phrase"
        case And((Term() | Phrase(), Term() | Phrase())) if len(found) == 2:
            return "both"
    return ""


def _name(reason: Reason) -> str:
    if " " not in reason.label or not reason.zone:
        return reason.name
    return f'"{reason.label}"'
