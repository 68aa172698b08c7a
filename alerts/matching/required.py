"""What a text must have for a query to find it: the coarse half of matching, in features.

Coarse answers never lose a match; the evaluator has the last word on each.
"""

from collections.abc import Callable

from alerts.matching.features import needed
from alerts.query import And, In, Near, Node, Not, Or
from alerts.query.nodes import all_of, any_of

Row = frozenset[str]
"""Features that must occur together."""
Cost = Callable[[str], float]
"""How common a feature is; lower is rarer."""


def required(tree: Node, negative: bool = False) -> Node | None:
    """A tree of AND, OR and leaves that holds wherever `tree` (or, `negative`, its opposite) does.

    None where nothing must be present; what is left out asks for nothing.
    """
    match tree:
        case Not(child):
            return required(child, not negative)
        case And(parts):
            return (_either if negative else _both)(parts, negative)
        case Or(parts):
            return (_both if negative else _either)(parts, negative)
        case In(_, child):
            return required(child, negative)
        case Near(sides) if not negative:
            return _both(sides, negative)
        case leaf:
            return None if negative else leaf


def rows(need: Node, cost: Cost) -> tuple[Row, ...]:
    """Rows of which at least one lies wholly within the features of any text that meets `need`.

    Never more rows than `need` has leaves: of several alternatives that must all hold, those that cost least in sum
    become the rows, and what has no alternative is added to each of them.
    """
    match need:
        case Or(parts):
            return tuple(dict.fromkeys(row for part in parts for row in rows(part, cost)))
        case And(parts):
            return _joined([rows(part, cost) for part in parts], cost)
        case leaf:
            return (needed(leaf),)


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
