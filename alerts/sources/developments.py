"""What happened to a question between two sights of it: pure decisions, no rows."""

from dataclasses import dataclass
from datetime import date

from alerts.models.choices import Kind
from alerts.sources.question_values import Question

UNANSWERED = {Kind.TABLED, Kind.WITHDRAWN}
FINAL = {Kind.ANSWERED, Kind.CORRECTED}
PROGRESS = [Kind.WITHDRAWN, Kind.TABLED, Kind.HOLDING, Kind.ANSWERED, Kind.CORRECTED]


@dataclass(frozen=True)
class Sight:
    """What a list last showed of a question."""

    state: str
    corrected_on: date | None = None


def development(before: Sight | None, now: Question) -> Kind | None:
    """The event that the change from `before` (None: never seen in a list) to `now` makes, if it makes one.

    A question first seen with a final answer is news as *answered* alone, also where the answer is already corrected.
    Rewordings, transfers, edits without a flag and an answer taken back make none.
    """
    state = now.state
    if state == Kind.WITHDRAWN:
        return Kind.WITHDRAWN if before and before.state != Kind.WITHDRAWN else None
    if state == Kind.TABLED:
        return Kind.TABLED if before is None else None
    if state == Kind.HOLDING:
        return Kind.HOLDING if before is None or before.state in UNANSWERED else None
    if before is None or before.state not in FINAL:
        return Kind.ANSWERED
    return Kind.CORRECTED if now.corrected_on and now.corrected_on != before.corrected_on else None


def is_behind(detail: Question, state: str) -> bool:
    """Whether a detail is older than what the list said: caches in between may serve one for a while."""
    return PROGRESS.index(detail.state) < PROGRESS.index(state)


def version(kind: str, held_on: date | None, corrected_on: date | None) -> str:
    """What tells two events of one kind and one item apart: the source's own date of the development.

    A hash of the text would make two events of one holding answer whose text is edited between two readings.
    """
    day = {Kind.HOLDING: held_on, Kind.CORRECTED: corrected_on}.get(kind)
    return day.isoformat() if day else ""
