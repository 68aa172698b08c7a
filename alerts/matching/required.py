"""What a text must contain for a query to find it: the coarse half of matching, in words and their stems.

Coarse answers never lose a match; the evaluator has the last word on each.
"""

from collections.abc import Callable

from alerts.query import And, Node, Not, Or, Phrase, Term
from alerts.query.nodes import all_of, any_of

Row = frozenset[str]
"""Stems that must occur together."""
Cost = Callable[[str], float]
"""How common a stem is; lower is rarer."""


def required(tree: Node, negative: bool = False) -> Node | None:
    """A tree of AND, OR and single words that holds wherever `tree` (or, `negative`, its opposite) does.

    None where no word must be present. A phrase asks for all of its words, and what is left out asks for nothing.
    """
    match tree:
        case Not(child):
            return required(child, not negative)
        case And(parts):
            return (_either if negative else _both)(parts, negative)
        case Or(parts):
            return (_both if negative else _either)(parts, negative)
        case Phrase(words):
            return None if negative else all_of(map(Term, words))
        case word:
            return None if negative else word


def rows(need: Node, cost: Cost) -> tuple[Row, ...]:
    """Rows of which at least one lies wholly within the stems of any text that meets `need`.

    Never more rows than `need` has words: of several alternatives that must all hold, those that cost least in sum
    become the rows, and what has no alternative is added to each of them.
    """
    match need:
        case Or(parts):
            return tuple(dict.fromkeys(row for part in parts for row in rows(part, cost)))
        case And(parts):
            return _joined([rows(part, cost) for part in parts], cost)
        case word:
            return (frozenset([word.stem]),)


def _both(parts: tuple[Node, ...], negative: bool) -> Node | None:
    needs = [need for part in parts if (need := required(part, negative)) is not None]
    return all_of(needs) if needs else None


def _either(parts: tuple[Node, ...], negative: bool) -> Node | None:
    needs = [required(part, negative) for part in parts]
    return None if None in needs else any_of(needs)


def _joined(alternatives: list[tuple[Row, ...]], cost: Cost) -> tuple[Row, ...]:
    always = frozenset().union(*(rows[0] for rows in alternatives if len(rows) == 1))
    joined = [tuple(dict.fromkeys(row | always for row in rows)) for rows in alternatives]
    return min(joined, key=lambda rows: sum(min(map(cost, row)) for row in rows))
