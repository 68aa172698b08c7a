"""Did you mean …? Asked once of an address that looks like a slip, of whoever types it, be it known or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from accounts import slips


@dataclass(frozen=True)
class Question:
    """An address as it was typed, and the one that was likely meant."""

    typed: str
    meant: str


def answered(pressed: QueryDict) -> QueryDict:
    """What was sent, with the address that was meant where its button was pressed."""
    if "meant" not in pressed:
        return pressed
    sent = pressed.copy()
    sent["address"] = sent["meant"]
    return sent


def question(sent: Mapping[str, str]) -> Question | None:
    """What is to be asked about the address; None where nothing is, or it was: it is sent again as it was then."""
    typed = sent.get("address", "").strip()
    if typed.lower() == sent.get("questioned", "").strip().lower():
        return None
    meant = slips.likely(typed)
    return Question(typed, meant) if meant else None


def shown(asked: Question | None, before: Mapping[str, str]) -> dict[str, object]:
    """What a page with the form is given: the question, and the address that it, or one before, was about."""
    return {"question": asked, "questioned": asked.typed if asked else before.get("questioned", "")}
