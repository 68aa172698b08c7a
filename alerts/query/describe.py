"""The restatement: a query in plain English, in the words the person typed."""

from alerts.query import analysis
from alerts.query.canonical import written
from alerts.query.nodes import And, Leaf, Node, Not, Or
from alerts.query.query import Query
from alerts.query.scanner import LEAF, scan

Shown = dict[Leaf, str]


def describe(query: Query) -> str:
    """One sentence that says what the query finds and where, and a second one where words are ignored."""
    shown: Shown = {token.node: token.shown for token in reversed(scan(query.typed)) if token.kind == LEAF}
    sentence = f"Finds items with {_said(query.tree, shown)}, in the heading, question or answer."
    # A small "and" and a comma between words change nothing, so nobody needs to hear that they are ignored.
    ignored = [word for word in query.ignored if word.strip(",;.") and analysis.words(word) != ("and",)]
    return f"{sentence} Ignored: {', '.join(ignored)}." if ignored else sentence


def _said(node: Node, shown: Shown) -> str:
    match node:
        case And(children):
            return _said_together(children, shown)
        case Or(children):
            return " or ".join(_bracketed(child, shown) for child in children)
        case Not(child):
            return f"not {_bracketed(child, shown)}"
        case leaf:
            return shown.get(leaf) or written(leaf)


def _said_together(children: tuple[Node, ...], shown: Shown) -> str:
    present = [_bracketed(child, shown) for child in children if not isinstance(child, Not)]
    absent = [_said(child, shown) for child in children if isinstance(child, Not)]
    both = " but " if present and absent else ""
    return " and ".join(present) + both + " and ".join(absent)


def _bracketed(node: Node, shown: Shown) -> str:
    said = _said(node, shown)
    return f"({said})" if isinstance(node, And | Or) else said
