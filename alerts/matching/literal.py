"""Literally: a long phrase that texts say word for word, which the database sees without taking them apart."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from psycopg import sql

from alerts.matching.lexemes import is_exact
from alerts.matching.scoped import ANYWHERE, narrowed, scopes_of
from alerts.query import And, Field, In, Node, Not, Or, Phrase
from alerts.query.document import ZONES

_WORD = re.compile("[a-z]+")
# Blanks and signs beside which a word ends whatever comes after them.
_BEFORE, _AFTER = r"(^|[ (\n])", r"($|[ ,.;:?!)\n])"


class Literal(NamedTuple):
    """A phrase of plain words, and the zones in which it is looked for."""

    words: tuple[str, ...]
    zones: tuple[str, ...]

    @property
    def condition(self) -> sql.Composable:
        """What holds of texts that say it with one blank between the words; others may have it in another way."""
        said = sql.Literal(f"{_BEFORE}{' '.join(self.words)}{_AFTER}")
        says = [sql.SQL("{} ~* {}").format(sql.Identifier(zone), said) for zone in self.zones]
        return sql.SQL("({})").format(sql.SQL(" OR ").join(says))


def literal(tree: Node) -> Literal | None:
    """The phrase on which alone it depends whether `tree` finds what it can find; None where it is not that simple."""
    unsure = list(_unsure(tree, ANYWHERE, False))
    if len(unsure) != 1:
        return None
    [(leaf, scope, negative)] = unsure
    zones = tuple(zone for zone in ZONES if scope in scopes_of(zone))
    is_plain = isinstance(leaf, Phrase) and all(isinstance(word, str) and _WORD.fullmatch(word) for word in leaf.words)
    return Literal(leaf.words, zones) if is_plain and zones and not negative else None


def _unsure(node: Node, scope: str, negative: bool) -> Iterator[tuple[Node, str, bool]]:
    """The leaves of which features do not say enough, with where they are looked for, and whether they are left out."""
    match node:
        case Not(child):
            yield from _unsure(child, scope, not negative)
        case In(zone, child):
            yield from _unsure(child, narrowed(scope, zone), negative)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _unsure(part, scope, negative)
        case leaf if not isinstance(leaf, Field) and not is_exact(leaf):
            yield leaf, scope, negative
