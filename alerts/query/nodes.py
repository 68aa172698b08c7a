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
class Prefix:
    """Any folded word, as it is written, that begins with `start` (folded, at least three letters)."""

    start: str


@dataclass(frozen=True)
class Phrase:
    """Exactly these folded words next to each other in this order; one word means exactly this form.

    Where any ending will do, a Prefix stands for the word; a Prefix alone is no phrase.
    """

    words: tuple[str | Prefix, ...]


@dataclass(frozen=True)
class Cased:
    """These words next to each other in this order and with these capitals; all else of them is folded."""

    words: tuple[str, ...]

    @property
    def folded(self) -> tuple[str, ...]:
        """The words without their capitals: what must be present for the node to hold."""
        return tuple(map(analysis.fold, self.words))


@dataclass(frozen=True)
class Near:
    """Both sides in one paragraph, in either order, and apart from each other.

    A side is a Term, Phrase, Prefix or Cased, or an Or of them. From the last word of the one to the first word of
    the other it is at most `distance` words; from a word to the next one it is 1.
    """

    sides: tuple["Node", "Node"]
    distance: int


@dataclass(frozen=True)
class In:
    """What the child finds in one zone alone: heading, question or answer, or text, which is all but the heading."""

    zone: str
    child: "Node"


@dataclass(frozen=True)
class Field:
    """Items about which something is known that is not in their text: one of FIELDS, and its value in folded words."""

    name: str
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


Leaf = Term | Phrase | Prefix | Cased | Near | Field
Node = Leaf | In | And | Or | Not

#: What an item can be asked for besides its text. The first four find few items, the others only narrow.
FIELDS = ("asked", "answered", "source", "dept", "type", "house", "status", "party")
_FINDING = FIELDS[:4]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below this one: of all leaves, only NEAR has some."""
    match node:
        case And(below) | Or(below) | Near(below):
            return below
        case Not(child) | In(_, child):
            return (child,)
        case _:
            return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """The words, phrases and fields of a tree, the sides of NEAR among them, from left to right."""
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
    """Whether some word or name must be present wherever the node (or, `negative`, its opposite) holds."""
    match node:
        case Not(child):
            return anchored(child, not negative)
        case In(_, child):
            return anchored(child, negative)
        case Field(name):
            return not negative and name in _FINDING
        case And(parts):
            return (all if negative else any)(anchored(part, negative) for part in parts)
        case Or(parts):
            return (any if negative else all)(anchored(part, negative) for part in parts)
        case _:
            return not negative


def _joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node:
    flat = tuple(inner for part in parts for inner in (part.children if isinstance(part, kind) else (part,)))
    return flat[0] if len(flat) == 1 else kind(flat)
