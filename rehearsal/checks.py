"""What must fit together in a question that is to be played."""

from collections.abc import Iterator

from rehearsal.script import Question, Script

EARLIEST, LATEST_TABLED = -64, 9
TOGETHER = (
    ("answered", "answer"),
    ("answer", "answered"),
    ("answered", "answered_by"),
    ("holding", "holding_html"),
    ("holding_html", "holding"),
    ("holding", "answered_by"),
    ("corrected", "corrected_html"),
    ("corrected_html", "corrected"),
    ("corrected", "answered"),
    ("corrected_by", "corrected"),
    ("heading_from", "heading"),
)


def faults_of(script: Script, question: Question) -> Iterator[str]:
    """Everything that is wrong with a question, in words."""
    yield from _dangling(script, question)
    yield from _missing(question)
    yield from _disordered(question)


def _dangling(script: Script, question: Question) -> Iterator[str]:
    """Keys that name nothing, and an asker of the other House."""
    departments = [question.department, *([question.transferred.department] if question.transferred else [])]
    yield from (f"there is no department '{key}'" for key in departments if key not in script.departments)
    people = (question.asker, question.answered_by, question.corrected_by)
    yield from (f"there is no member '{key}'" for key in people if key and key not in script.people)
    if question.answer and question.answer not in script.answers:
        yield f"there is no answer '{question.answer}'"
    asker = script.people.get(question.asker)
    if asker and asker.house != question.house:
        yield f"'{question.asker}' sits in the {asker.house}, the question is put in the {question.house}"


def _missing(question: Question) -> Iterator[str]:
    """Names that must be given together."""
    for name, other in TOGETHER:
        if getattr(question, name) is not None and getattr(question, other) is None:
            yield f"'{name}' is given, so '{other}' must be too"
    if question.vanishes is not None and (question.answered is not None or question.holding is not None):
        yield "a question that vanishes has neither a holding answer nor an answer"


def _disordered(question: Question) -> Iterator[str]:
    """Days that lie outside the play or before what they follow."""
    if not EARLIEST <= question.tabled <= LATEST_TABLED:
        yield f"'tabled' must lie from {EARLIEST} to {LATEST_TABLED}"
    changes = [("transferred", question.transferred), ("reworded", question.reworded)]
    days = {name: change.day for name, change in changes if change}
    for name in ("holding", "answered", "corrected", "vanishes", "heading_from"):
        if getattr(question, name) is not None:
            days[name] = getattr(question, name)
    end = days.get("answered", days.get("vanishes"))
    for name, day in days.items():
        if day < question.tabled or (day == question.tabled and name in ("holding", "answered", "vanishes")):
            yield f"'{name}' must lie after 'tabled'"
        if name in ("holding", "transferred", "reworded") and end is not None and day >= end:
            yield f"'{name}' must lie before the day it is answered or vanishes"
    if "corrected" in days and days["corrected"] <= days.get("answered", days["corrected"]):
        yield "'corrected' must lie after 'answered'"
