"""The nodes a query is made of: small frozen values that compare, hash and nest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerts.query import analysis


@dataclass(frozen=True)
class Term:
    """One folded word, found in any of its forms."""

    word: str

    @property
    def stem(self) -> str:
        return analysis.stem(self.word)


@dataclass(frozen=True)
class Phrase:
    """Exactly these folded words next to each other in this order; one word means exactly this form."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class And:
    """All of the children, anywhere."""

    children: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    """At least one of the children."""

    children: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """Whatever the child does not find."""

    child: "Node"


Leaf = Term | Phrase
Node = Leaf | And | Or | Not


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below this one; a leaf has none."""
    match node:
        case And(below) | Or(below):
            return below
        case Not(child):
            return (child,)
        case _:
            return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """The words and phrases of a tree, from left to right."""
    below = children(node)
    if not below:
        yield node
    for child in below:
        yield from leaves(child)


def all_of(parts: Iterable[Node]) -> Node:
    """The parts joined by AND: nested ANDs are flattened, a single part stays itself."""
    return _joined(And, parts)


def any_of(parts: Iterable[Node]) -> Node:
    """The parts joined by OR: nested ORs are flattened, a single part stays itself."""
    return _joined(Or, parts)


def negated(node: Node) -> Node:
    """NOT this node; NOT NOT is nothing."""
    return node.child if isinstance(node, Not) else Not(node)


def anchored(node: Node, negative: bool = False) -> bool:
    """Whether some word must be present wherever the node (or, `negative`, its opposite) holds."""
    match node:
        case Not(child):
            return anchored(child, not negative)
        case And(parts):
            return (all if negative else any)(anchored(part, negative) for part in parts)
        case Or(parts):
            return (any if negative else all)(anchored(part, negative) for part in parts)
        case _:
            return not negative


def _joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node:
    flat = tuple(inner for part in parts for inner in (part.children if isinstance(part, kind) else (part,)))
    return flat[0] if len(flat) == 1 else kind(flat)
