"""Choices: what a form's filters say of a query, and the query as typed with another choice of them.

A filter is another way to type a field, so there is one tree: what is typed shows as chosen, what is chosen is typed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from alerts.query import analysis, fields
from alerts.query.canonical import canonical, written
from alerts.query.errors import QueryError
from alerts.query.nodes import And, Field, Node, Or, all_of, leaves
from alerts.query.places import NEWSLETTER, anywhere, asks_for_a_place, only_in, or_newsletters
from alerts.query.query import parse

CHOOSABLE = ("source", "type", "dept", "asked", "house")
"""The fields that can be chosen, at most one value of each."""
PROMINENT, HEADING = "prominent", "heading"
PLACES = {PROMINENT: ("heading", "question"), HEADING: ("heading",)}
"""Where words may be wanted, by the name of the choice; newsletters have no questions, and are found as before."""


@dataclass(frozen=True)
class Choices:
    """What is chosen: `where` the words stand ('' is anywhere), and the values of fields.

    `words` is what of the query no filter is about; None where it is about nothing else. `newsletters` says whether
    they are found as without `where`. `elsewhere` are the fields, and "where", of which something is typed that a
    filter cannot show.
    """

    words: Node | None
    where: str = ""
    newsletters: bool = True
    values: Mapping[str, str] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()


def choices(tree: Node) -> Choices:
    """What a query says in the way in which filters say it."""
    outer, rest = _apart(tree, _parts(tree))
    where, base, newsletters = _where(rest)
    if outer.keys() & _names(base if where else rest):
        outer, rest = _apart(tree, leaves(tree))
        where, base, newsletters = _where(rest)
    inner, words = _apart(base, leaves(base)) if where else ({}, rest)
    values = inner | outer
    elsewhere = _names(words) & set(CHOOSABLE)
    if words and asks_for_a_place(words):
        elsewhere.add("where")
    return Choices(words, where, newsletters, values, frozenset(elsewhere))


def chosen(typed: str, name: str, value: str) -> str:
    """The query as typed with another choice: of "where", or of a field, '' for none.

    Of what was typed nothing else is changed; only another place of the words writes them anew. A choice that cannot
    be typed, or of what is typed in a way that no filter shows, changes nothing. Raises QueryError for `typed`.
    """
    tree = parse(typed).tree
    now = choices(tree)
    if name in now.elsewhere or value == _value(now, name):
        return typed
    if name == "where":
        wished = _tree(now.words, value, now.values) if now.words and value in ("", *PLACES) else None
        changes = wished is not None and canonical(wished) != canonical(tree)
        return written(wished) if changes and _reads_as(written(wished), wished) else typed
    words = analysis.words(value)
    one = fields.field(name, words) if words else None
    if words and not one:
        return typed
    others = {key: kept for key, kept in now.values.items() if key != name}
    wished = _tree(now.words, now.where, others | ({name: " ".join(one.words)} if one else {}), now.newsletters)
    return _edited(typed, name, one, wished)


def unplaced(tree: Node) -> Node:
    """The query with its words wanted anywhere."""
    now = choices(tree)
    return (_tree(now.words, "", now.values) if now.where else None) or anywhere(tree)


def _value(now: Choices, name: str) -> str:
    return now.where if name == "where" else now.values.get(name, "")


def _apart(tree: Node, asked: Iterable[Node]) -> tuple[dict[str, str], Node | None]:
    """The fields that everything found has, of those that are asked for once; and all the rest."""
    names = [node.name for node in asked if isinstance(node, Field)]
    own = [part for part in _parts(tree) if _is_choice(part) and names.count(part.name) == 1]
    rest = [part for part in _parts(tree) if part not in own]
    return {part.name: " ".join(part.words) for part in own}, all_of(rest) if rest else None


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.children if isinstance(tree, And) else (tree,)


def _names(tree: Node | None) -> set[str]:
    return {leaf.name for leaf in leaves(tree) if isinstance(leaf, Field)} if tree else set()


def _is_choice(part: Node) -> bool:
    return isinstance(part, Field) and part.name in CHOOSABLE


def _where(rest: Node | None) -> tuple[str, Node | None, bool]:
    """Where the words are wanted, '' where that is anywhere or not for a filter to say; what is wanted there.

    And whether newsletters are found besides.
    """
    for name in PLACES if rest else ():
        for base in _bases(rest):
            for number, one in enumerate(_placed(base, name)):
                if canonical(one) == canonical(rest):
                    return name, base, number == 0
    return "", None, True


def _bases(rest: Node) -> Iterator[Node]:
    """What may have been meant to stand in some place: what newsletters are asked for too, or all that is asked."""
    for part in rest.children if isinstance(rest, Or) else ():
        if isinstance(part, And) and NEWSLETTER in part.children:
            yield all_of(one for one in part.children if one != NEWSLETTER)
    yield anywhere(rest)


def _placed(base: Node, where: str) -> list[Node]:
    """The ways in which this is wanted there: with what it finds in newsletters, and without."""
    there = only_in(base, PLACES[where])
    if canonical(there) == canonical(base):
        return []
    return [or_newsletters(there, base), there] if where == PROMINENT else [there]


def _tree(words: Node | None, where: str, values: Mapping[str, str], newsletters: bool = True) -> Node | None:
    """The query that these choices are; None where nothing is asked for."""
    asked = [Field(name, tuple(value.split())) for name, value in values.items()]
    if words and where and (placed := _placed(words, where)):
        words = placed[0] if newsletters else placed[-1]
    parts = [words, *asked] if words else asked
    return all_of(parts) if parts else None


def _edited(typed: str, name: str, one: Field | None, wished: Node | None) -> str:
    """The text that reads as wished and is most like what was typed."""
    cuts = list(_cuts(typed, name))
    added = f" {written(one)}" if one else ""
    for cut in [*cuts, typed]:
        for text in (f"{cut}{added}".strip(), f"({cut}){added}"):
            if (wished is None and not text) or (wished is not None and _reads_as(text, wished)):
                return text
    if wished is None:
        return ""
    # What is left may be nothing that can be asked for: then the page says so of the text as it is left.
    return written(wished) if _reads(written(wished)) else next(iter(cuts), typed)


def _cuts(typed: str, name: str) -> Iterator[str]:
    """The text without one of the places where it has this field."""
    value = r'(?:"[^"]*"|“[^”]*”|\([^()]*\)|[^\s()]+)'
    for before, after in ((r"\bAND\s+", ""), ("", r"\s+AND\b"), ("", "")):
        for found in re.finditer(rf"{before}(?<![^\s(]){name}:{value}{after}", typed, re.IGNORECASE):
            yield " ".join(f"{typed[: found.start()]} {typed[found.end() :]}".split())


def _reads_as(text: str, tree: Node) -> bool:
    found = _reads(text)
    return found is not None and canonical(found) == canonical(tree)


def _reads(text: str) -> Node | None:
    try:
        return parse(text).tree
    except QueryError:
        return None
