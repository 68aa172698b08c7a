"""How a query is read back to whoever typed it: restated, or with its mistake under a caret."""

from dataclasses import dataclass

from alerts.query import Query, QueryError, parse

NOTHING_TYPED = "Enter a word or phrase to follow"
AROUND = 20
"""Characters of the query shown on each side of a mistake: a phone shows them up to the caret without scrolling."""


@dataclass(frozen=True)
class Mistake:
    """An error in a query: the sentence, the place in words, a line with a caret line under it, and a repair."""

    message: str
    place: str
    line: str
    caret: str
    repaired: str | None


@dataclass(frozen=True)
class Reading:
    """What was typed, with either the query it is or the mistake in it; neither where nothing was typed."""

    typed: str
    query: Query | None = None
    mistake: Mistake | None = None


def read(typed: str) -> Reading:
    """The typed text, understood or pointed at; never raises."""
    if not typed.strip():
        return Reading(typed)
    try:
        return Reading(typed, query=parse(typed))
    except QueryError as error:
        return Reading(typed, mistake=mistake(typed, error))


def mistake(typed: str, error: QueryError) -> Mistake:
    """The error as a page shows it: long queries are cut to the stretch around the place."""
    start, end = max(0, error.position - AROUND), error.position + AROUND
    before, after = ("…" if start else ""), ("…" if end < len(typed) else "")
    line = "".join(sign if sign.isprintable() else " " for sign in typed[start:end])
    place = "at the end" if error.position >= len(typed) else f"at character {error.position + 1}"
    caret = " " * (len(before) + error.position - start) + "^"
    return Mistake(error.message, place, f"{before}{line}{after}", caret, error.repaired)
