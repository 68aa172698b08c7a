"""Clauses: a query as alternatives, each of them features that a document must have and features it must not have."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import NamedTuple

from alerts.matching.scoped import ANYWHERE, NOWHERE, Scoped, narrowed, needed
from alerts.query import And, Field, In, Near, Node, Not, Or

MOST = 24
"""Clauses that one AND of brackets may become; beyond that a bracket is left to the evaluator."""

Cost = Callable[[Scoped], float]
"""How common a feature is; lower is rarer."""


class Clause(NamedTuple):
    """One alternative. Where it is `exact`, the query holds of whatever meets it; else the evaluator is asked."""

    required: frozenset[Scoped] = frozenset()
    forbidden: frozenset[Scoped] = frozenset()
    exact: bool = True


Clauses = tuple[Clause, ...]

ALWAYS: Clauses = (Clause(),)
PERHAPS: Clauses = (Clause(exact=False),)
NEVER: Clauses = ()


def clauses(tree: Node, cost: Cost) -> Clauses:
    """Clauses of which each document that `tree` finds meets at least one; never more than a few for each leaf."""
    return _of(tree, ANYWHERE, False, cost)


def _of(node: Node, zone: str, negative: bool, cost: Cost) -> Clauses:
    match node:
        case Not(child):
            return _of(child, zone, not negative, cost)
        case In(name, child):
            return _of(child, narrowed(zone, name), negative, cost)
        case And(parts) | Or(parts):
            each = [_of(part, zone, negative, cost) for part in parts]
            return _all(each, cost) if isinstance(node, And) is not negative else _any(each)
        case Near():
            return _near(node, zone, negative, cost)
        case leaf:
            return _leaf(leaf, zone, negative)


def _leaf(leaf: Node, zone: str, negative: bool) -> Clauses:
    if zone == NOWHERE and not isinstance(leaf, Field):
        return ALWAYS if negative else NEVER
    features, exact = needed(leaf, zone)
    if not negative:
        return (Clause(required=features, exact=exact),)
    return (Clause(forbidden=features),) if exact and len(features) == 1 else PERHAPS


def _near(near: Near, zone: str, negative: bool, cost: Cost) -> Clauses:
    if negative:
        return ALWAYS if zone == NOWHERE else PERHAPS
    return _inexact(_all([_of(side, zone, False, cost) for side in near.sides], cost))


def _any(alternatives: Iterable[Clauses]) -> Clauses:
    return tuple(dict.fromkeys(clause for clauses in alternatives for clause in clauses))


def _all(conditions: list[Clauses], cost: Cost) -> Clauses:
    """Every way to meet all conditions; where these are too many, some conditions are left to the evaluator."""
    joined = _product([clauses for clauses in conditions if len(clauses) < 2])
    for several in sorted((clauses for clauses in conditions if len(clauses) > 1), key=lambda each: _worth(each, cost)):
        if len(joined) <= 1 or len(joined) * len(several) <= MOST:
            joined = _product([joined, several])
        else:
            joined = _inexact(joined)
    return joined


def _inexact(clauses: Clauses) -> Clauses:
    return tuple(dict.fromkeys(clause._replace(exact=False) for clause in clauses))


def _worth(clauses: Clauses, cost: Cost) -> float:
    """How many documents meet one of the clauses, roughly."""
    return sum(min(map(cost, clause.required), default=float("inf")) for clause in clauses)


def _product(conditions: list[Clauses]) -> Clauses:
    return tuple(dict.fromkeys(filter(_possible, map(_merged, product(*conditions)))))


def _merged(together: Iterable[Clause]) -> Clause:
    together = tuple(together)
    return Clause(
        frozenset().union(*(clause.required for clause in together)),
        frozenset().union(*(clause.forbidden for clause in together)),
        all(clause.exact for clause in together),
    )


def _possible(clause: Clause) -> bool:
    return clause.required.isdisjoint(clause.forbidden)
