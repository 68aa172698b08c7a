"""The evaluator: slow, obvious, and by definition right. Every faster path must return what it returns."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from alerts.query.about import About
from alerts.query.document import Document, Paragraph
from alerts.query.nodes import And, Cased, Field, In, Leaf, Near, Node, Not, Or, Phrase, Prefix, Term

#: The positions of the first and of the last word.
Place = tuple[int, int]

NAMES = ("asked", "answered", "source", "party")


def matches(tree: Node, document: Document) -> bool:
    """Whether the query finds the document: each leaf in any zone, a phrase or NEAR within one paragraph."""
    match tree:
        case And(children):
            return all(matches(child, document) for child in children)
        case Or(children):
            return any(matches(child, document) for child in children)
        case Not(child):
            return not matches(child, document)
        case Term():
            return tree.stem in document.stems
        case In(zone, child):
            return matches(child, document.only(zone))
        case Field():
            return _is_about(tree, document.about)
        case Prefix(start):
            return any(word.startswith(start) for word in document.words)
        case leaf:
            return document.words.issuperset(_certain(leaf)) and _stands(leaf, document)


def occurrences(leaf: Node, paragraph: Paragraph) -> Iterator[Place]:
    """Where a leaf, or a side of NEAR, stands in a paragraph; the places of a leaf are in order.

    NEAR stands where its sides do, each as often as it has the other one near. A field stands nowhere.
    """
    match leaf:
        case Term():
            yield from ((at, at) for at in _everywhere(leaf.stem, paragraph.stems))
        case Prefix(start):
            yield from ((at, at) for at, word in enumerate(paragraph.words) if word.startswith(start))
        case Phrase(words):
            yield from _runs(words, paragraph.words)
        case Cased(words):
            yield from _runs(words, paragraph.cased)
        case Near(sides, distance):
            one, other = (list(occurrences(side, paragraph)) for side in sides)
            yield from sorted({*_near(one, other, distance), *_near(other, one, distance)})
        case Or(children):
            yield from sorted({place for child in children for place in occurrences(child, paragraph)})


def near_places(near: Near, paragraph: Paragraph) -> Iterator[tuple[Leaf, Place]]:
    """The leaves of both sides of NEAR, each with its places that have the other side near."""
    for side, other in (near.sides, near.sides[::-1]):
        beside = list(occurrences(other, paragraph))
        for leaf in side.children if isinstance(side, Or) else (side,):
            for place in _near(list(occurrences(leaf, paragraph)), beside, near.distance):
                yield leaf, place


def _certain(leaf: Leaf) -> Iterator[str]:
    """Words that must be present; a quick no for most documents."""
    match leaf:
        case Phrase(words):
            yield from (word for word in words if isinstance(word, str))
        case Cased():
            yield from leaf.folded


def _stands(leaf: Leaf, document: Document) -> bool:
    return any(True for paragraph in document.paragraphs for _ in occurrences(leaf, paragraph))


def _runs(wanted: tuple[str | Prefix, ...], words: tuple[str, ...]) -> Iterator[Place]:
    length, starred = len(wanted), any(isinstance(word, Prefix) for word in wanted)
    for at in range(len(words) - length + 1) if starred else _everywhere(wanted[0], words):
        run = words[at : at + length]
        if run == wanted or (starred and all(map(_is_word, wanted, run))):
            yield at, at + length - 1


def _everywhere(wanted: str, words: tuple[str, ...]) -> Iterator[int]:
    at = -1
    for _ in range(words.count(wanted)):
        at = words.index(wanted, at + 1)
        yield at


def _is_word(wanted: str | Prefix, word: str) -> bool:
    return word.startswith(wanted.start) if isinstance(wanted, Prefix) else word == wanted


def _near(places: list[Place], others: list[Place], distance: int) -> Iterator[Place]:
    """Those places from whose end to another's start, or from another's end to whose start, it is not too far."""
    starts, ends = sorted(first for first, _ in others), sorted(last for _, last in others)
    for first, last in places:
        after, before = bisect_right(starts, last), bisect_left(ends, first) - 1
        if (after < len(starts) and starts[after] - last <= distance) or (
            before >= 0 and first - ends[before] <= distance
        ):
            yield first, last


def _is_about(field: Field, about: About) -> bool:
    """A name is met by some of its words, next to each other; any other value only as a whole."""
    names = about.names[field.name]
    if field.name in NAMES:
        return any(True for name in names for _ in _runs(field.words, name))
    return field.words in names
