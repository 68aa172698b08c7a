"""Variations: what a query finds if it is asked a little more narrowly, or a little more widely. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial

from alerts.query import And, Field, In, Node, Not, Or, Phrase, Query, QueryError, Term, canonical, parse
from alerts.query.analysis import STOP_WORDS
from alerts.query.canonical import written
from alerts.query.choices import unplaced
from alerts.query.nodes import all_of, any_of
from alerts.query.places import asks_for_a_place, only_in, or_newsletters, together

PROMINENT = ("heading", "question")
"""Where words stand that an item is about; an answer may only mention them."""


@dataclass(frozen=True)
class Variation:
    """A query that is one press away: what about it is different, how it is typed, its tree, and how much it finds.

    `is_wider`: it may find what the query itself does not.
    """

    kind: str
    label: str
    typed: str
    tree: Node
    results: int = 0
    is_wider: bool = False


def mentioned(tree: Node, zones: tuple[str, ...]) -> Node | None:
    """What holds where `tree` does and one of the words that make it true stands in one of these zones.

    None where that cannot be. Words below a NOT are not looked at.
    """
    match tree:
        case In(zone) if zone in zones:
            return tree
        case In(zone, child):
            said = mentioned(child, tuple(one for one in zones if one in _members(zone)))
            return all_of((tree, said)) if said else None
        case And(parts):
            said = [mentioned(part, zones) for part in parts]
            found = [part for part in said if part is not None]
            if len(found) == 1:
                return all_of(one or part for one, part in zip(said, parts, strict=True))
            return all_of((*parts, together(found))) if found else None
        case Or(parts):
            return together(one for part in parts if (one := mentioned(part, zones)) is not None)
        case Not() | Field():
            return None
        case leaf:
            return together(In(zone, leaf) for zone in zones)


def without(tree: Node, known: Collection[Node]) -> Node | None:
    """What decides whether `tree` holds where all that is `known` does; None where it holds in any case."""
    if tree in known:
        return None
    match tree:
        case And(parts):
            left = [rest for part in parts if (rest := without(part, known)) is not None]
            return all_of(left) if left else None
        case Or(parts):
            left = [without(part, known) for part in parts]
            return None if None in left else any_of(left)
        case _:
            return tree


def prominent(query: Query) -> Variation | None:
    """The query without what mentions its words in the answer only; None where it cannot be typed."""
    said = mentioned(query.tree, PROMINENT)
    if said is None or not _needs_words(query.tree):
        return None
    return _variation("prominent", "Leave these out", or_newsletters(said, query.tree))


def zoned(query: Query) -> Iterable[Variation | None]:
    """The query in some zones only, or, where it asks for zones, in all of them."""
    if asks_for_a_place(query.tree):
        yield _variation("wider", "anywhere", unplaced(query.tree), is_wider=True)
        return
    everywhere = or_newsletters(only_in(query.tree, PROMINENT), query.tree)
    yield _variation("where", "heading or question", everywhere)
    yield _variation("where", "heading", only_in(query.tree, ("heading",)))


def forms(query: Query) -> Iterable[Variation | None]:
    """Words in exactly the form typed or in any form, and two words as a phrase or apart."""
    match query.tree:
        case Term(word):
            yield _variation("form", f"exactly “{word}”", Phrase((word,)))
        case Phrase((str(word),)) if word not in STOP_WORDS:
            yield _variation("form", f"any form of {word}", Term(word), is_wider=True)
        case Phrase((str(one), str(other))) if not {one, other} & STOP_WORDS:
            yield _variation("form", "both words, anywhere", And((Term(one), Term(other))), is_wider=True)
        case And((Term(one), Term(other))):
            yield _variation("form", f"the phrase “{one} {other}”", Phrase((one, other)))


def narrowed(query: Query, kind: str, label: str, part: Node) -> Variation | None:
    """The query, and this besides, in the words that were typed as far as that can be."""
    tree, words = all_of((query.tree, part)), query.typed.strip()
    is_open = isinstance(query.tree, Or) and not words.startswith("(")
    for start in (f"({words})",) if is_open else (words, f"({words})"):
        if _reads_as(typed := f"{start} {written(part)}", tree):
            return Variation(kind, label, typed, tree)
    return _variation(kind, label, tree)


def _variation(kind: str, label: str, tree: Node | None, is_wider: bool = False) -> Variation | None:
    typed = "" if tree is None else written(tree)
    return Variation(kind, label, typed, tree, is_wider=is_wider) if typed and _reads_as(typed, tree) else None


def _reads_as(typed: str, tree: Node) -> bool:
    try:
        return canonical(parse(typed).tree) == canonical(tree)
    except QueryError:
        return False


def _members(zone: str) -> tuple[str, ...]:
    return ("question", "answer", "text") if zone == "text" else (zone,)


def _needs_words(tree: Node, negative: bool = False) -> bool:
    """Whether some word must be present wherever the tree holds."""
    match tree:
        case Not(child):
            return _needs_words(child, not negative)
        case In(_, child):
            return _needs_words(child, negative)
        case And(parts) | Or(parts):
            every = isinstance(tree, Or) is not negative
            return (all if every else any)(map(partial(_needs_words, negative=negative), parts))
        case Field():
            return False
        case _:
            return not negative
