"""Trees of random queries over the whole grammar."""

from alerts.query import Node, Not, QueryError, parse
from tests.query.grammar import queries


def _read(typed: str) -> Node | None:
    try:
        return parse(typed).tree
    except QueryError:
        return None


#: What one can type; the index takes also what requires nothing.
trees = queries.map(_read).filter(lambda tree: tree is not None)
any_trees = trees | trees.map(Not)
