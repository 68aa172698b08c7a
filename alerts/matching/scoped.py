"""Scoped features: what the index knows of a document, each with the part of it that a query asks about.

A stem is named as it stands (`matern`), a word as written `=maternity`, a beginning of one `=matern*`, a word with its
capitals `^Maternity`, words next to each other `"young people`, and a name, or some of its words, `asked:ada fenwick`.
"""

from typing import NamedTuple

from alerts.query import Cased, Field, Phrase, Prefix, Term
from alerts.query.document import ZONES
from alerts.query.evaluate import NAMES

ANYWHERE, NOWHERE = "", "nowhere"
SCOPES = (ANYWHERE, *ZONES)
"""What a query can ask about: the whole document, or a part of it; `text` is all but the heading."""
AS_WRITTEN, CAPITALS, NEXT_TO_EACH_OTHER, ANY_ENDING = "=", "^", '"', "*"
"""Signs that no word and no stem has."""
LONGEST_RUN = 5
"""Words of a name that are one feature."""


class Scoped(NamedTuple):
    """A feature, and the scope in which it is asked for."""

    scope: str
    name: str


def narrowed(scope: str, zone: str) -> str:
    """The scope of what a query asks for of this zone within that scope."""
    if scope in (ANYWHERE, zone) or (scope == "text" and zone in ("question", "answer")):
        return zone
    return scope if zone == "text" and scope in ("question", "answer") else NOWHERE


def scopes_of(zone: str) -> tuple[str, ...]:
    """The scopes that a zone of a document belongs to."""
    return (ANYWHERE, zone) if zone in ("heading", "text") else (ANYWHERE, zone, "text")


def needed(leaf: Term | Phrase | Prefix | Cased | Field, scope: str) -> tuple[frozenset[Scoped], bool]:
    """The features that a document must have for a leaf to hold in this scope, and whether it holds if it has them."""
    match leaf:
        case Field(name, words):
            run = words[:LONGEST_RUN] if name in NAMES else words
            return frozenset([Scoped(ANYWHERE, named(name, run))]), run == words
        case Term():
            return frozenset([Scoped(scope, leaf.stem)]), True
        case Prefix(start):
            return frozenset([Scoped(scope, AS_WRITTEN + start + ANY_ENDING)]), True
        case Cased((word,)):
            return frozenset([Scoped(scope, CAPITALS + word)]), True
        case Cased():
            return frozenset([Scoped(scope, _run(leaf.folded))]), False
        case Phrase(words):
            return _phrase(words, scope)


def named(field: str, words: tuple[str, ...]) -> str:
    """The feature of a name, or of some of its words, under a field."""
    return f"{field}:{' '.join(words)}"


def _run(words: tuple[str, ...]) -> str:
    return (NEXT_TO_EACH_OTHER if len(words) > 1 else AS_WRITTEN) + " ".join(words)


def _phrase(words: tuple[str | Prefix, ...], scope: str) -> tuple[frozenset[Scoped], bool]:
    if all(isinstance(word, str) for word in words):
        return frozenset([Scoped(scope, _run(words))]), True
    apart = (needed(Phrase((word,)) if isinstance(word, str) else word, scope)[0] for word in words)
    return frozenset().union(*apart), False
