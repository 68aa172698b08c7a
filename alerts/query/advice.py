"""Advice: what a valid query may have been meant to be."""

from dataclasses import dataclass

from alerts.query.scanner import Token


@dataclass(frozen=True)
class Advice:
    """A sentence about a valid query, a query to try instead (or None), and what kind of advice it is."""

    message: str
    repaired: str | None
    kind: str


def advise(typed: str, tokens: list[Token]) -> tuple[Advice, ...]:
    """All advice for what was typed, the most pressing first."""
    return ()
