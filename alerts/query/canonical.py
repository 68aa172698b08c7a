"""The canonical form: one text for all queries that are the same topic."""

import hashlib

from alerts.query.analysis import ANALYSIS_VERSION
from alerts.query.nodes import (
    And,
    Cased,
    Field,
    In,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    all_of,
    any_of,
    negated,
)


def canonical(tree: Node) -> str:
    """The text shared by every query that differs only in order, repetition, brackets, signs or capitals.

    AND is a blank and NOT a minus, so that the text is hardly ever longer than what was typed and stays
    within the limits of a query.
    """
    return written(normal(tree))


def topic_key(tree: Node) -> str:
    """A short digest (32 hexadecimal digits) of the canonical text and the version of the analysis."""
    text = f"{ANALYSIS_VERSION}\n{canonical(tree)}"
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def normal(tree: Node) -> Node:
    """The tree flattened, sorted and without repetition: what parsing its canonical text gives."""
    match tree:
        case And(children):
            return all_of(_sorted(all_of(map(normal, children)), And))
        case Or(children):
            return any_of(_sorted(any_of(map(normal, children)), Or))
        case Not(child):
            return negated(normal(child))
        case In(zone, child):
            return In(zone, normal(child))
        case Near(sides, distance):
            return Near(tuple(sorted(map(normal, sides), key=written)), distance)
        case leaf:
            return leaf


def written(tree: Node) -> str:
    """The tree as it could be typed, in its own order and with no more brackets than it needs."""
    match tree:
        case And(children):
            return " ".join(_bracketed(child, Or) for child in children)
        case Or(children):
            return " OR ".join(map(written, children))
        case Not(child):
            return "-" + _bracketed(child, And, Or)
        case In(zone, child):
            return f"{zone}:{_bracketed(child, And, Or, Not)}"
        case Near((one, other), distance):
            return f"{_bracketed(one, Or)} NEAR/{distance} {_bracketed(other, Or)}"
        case Field(name, words):
            return f"{name}:{_quoted(words)}"
        case Cased(words):
            return f"={_quoted(words)}"
        case Phrase(words):
            return f'"{" ".join(map(_word, words))}"'
        case word:
            return _word(word)


def _word(word: str | Term | Prefix) -> str:
    match word:
        case Prefix(start):
            return f"{start}*"
        case Term(folded):
            return folded
        case exact:
            return exact


def _quoted(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f'"{" ".join(words)}"'


def _sorted(node: Node, kind: type[And] | type[Or]) -> list[Node]:
    parts = set(node.children) if isinstance(node, kind) else {node}
    return sorted(parts, key=lambda part: (_rank(part), written(part)))


def _rank(node: Node) -> int:
    """Words first, then zones, then fields, and last what is left out."""
    match node:
        case In():
            return 1
        case Field():
            return 2
        case Not():
            return 3
        case _:
            return 0


def _bracketed(node: Node, *kinds: type) -> str:
    return f"({written(node)})" if isinstance(node, kinds) else written(node)
