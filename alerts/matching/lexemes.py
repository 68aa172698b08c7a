"""Lexemes: what PostgreSQL keeps of an event, and how it is asked, so that it answers most queries by itself.

Each feature of a text is kept once for each part it stands in, under the sign of that part: a stem as it stands
(`hmatern`), a word as written (`h=maternity`), one with its capitals (`h^Maternity`), two words next to each other
(`h"young people`). What a field asks for is kept by the number of its row (`@dept:17`), since names change, and the
month beside it (`@month:2026-03`). So whatever can be said of one or two words, where they stand and who is about, is
said in one query that an index answers without reading a text. Of the rest (NEAR, longer phrases, longer names in
capitals) it says who can match, and texts have the last word.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Value

from alerts.matching.named import named
from alerts.matching.scoped import (
    ANYWHERE,
    AS_WRITTEN,
    CAPITALS,
    NEXT_TO_EACH_OTHER,
    NOWHERE,
    narrowed,
    scopes_of,
)
from alerts.models import Event
from alerts.query import And, Cased, Document, Field, In, Near, Node, Not, Or, Phrase, Prefix, Term
from alerts.query.document import ZONES, Paragraph

LONGEST = 100
"""Characters of a lexeme that are kept and asked for; a lexeme can have 2,046 bytes."""
MOST_BYTES = 900_000
"""Of all lexemes of one event; a tsvector can have 1,048,575."""
UNREAD = "@unread"
"""The lexeme of an event whose text has too many others to keep: only the evaluator knows what it matches."""

_SIGNS = {zone: zone[0] for zone in ZONES}
_WITHIN = {scope: [_SIGNS[zone] for zone in ZONES if scope in scopes_of(zone)] for scope in (ANYWHERE, *ZONES)}
_NEVER = "'!'"
"""A lexeme that no event has."""
TOGETHER = 6
"""Sides of an OR in one query: of each event that one of them finds PostgreSQL asks about all of them, so that an OR of
fifty words takes a third of the time in pieces of six."""


Names = Callable[[Field], list[str]]


class Bounds(NamedTuple):
    """What to ask the database for who surely matches, and for who can; equal where it knows exactly.

    Each is met by an event that meets any of its queries.
    """

    surely: tuple[str, ...]
    perhaps: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether no text need be read."""
        return self.surely == self.perhaps


def stored(event: Event, document: Document) -> Func:
    """What `Event.features` becomes; `document` is the event's."""
    known = set(_of_row(event))
    lexemes = known.union(_of_text(document))
    if sum(len(lexeme.encode()) for lexeme in lexemes) > MOST_BYTES:
        lexemes = known | {UNREAD}
    array = Value(sorted(lexemes), output_field=ArrayField(models.TextField()))
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())


def bounds(tree: Node, known: Names | None = None) -> Bounds:
    """What to ask for the events that `tree` finds; `known` is what fields ask for, where many queries are asked."""
    known = known or cache(named)
    return Bounds(_alternatives(tree, True, known), _alternatives(tree, False, known))


def perhaps(tree: Node) -> str:
    """What to ask for the events that `tree` can find."""
    return _asked(tree, ANYWHERE, False, cache(named))


def months(first: date, last: date) -> str:
    """What to ask for the events from one day to another, and some beside them."""
    number = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return _any(quoted(f"@month:{month // 12}-{month % 12 + 1:02}") for month in number)


def quoted(lexeme: str, ending: str = "") -> str:
    """A lexeme as it stands in a query."""
    escaped = lexeme[:LONGEST].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'{ending}"


def _of_row(event: Event) -> Iterator[str]:
    yield f"@month:{event.happened_on:%Y-%m}"
    yield f"@kind:{event.kind}"
    yield f"@source:{event.item.source_id}"
    rows = (("house", event.house), ("dept", event.department_id))
    rows += (("asked", event.asking_member_id), ("answered", event.answering_member_id))
    yield from (f"@{name}:{value}" for name, value in rows if value)


def _of_text(document: Document) -> Iterator[str]:
    for zone in document.zones:
        sign = _SIGNS[zone.name]
        for paragraph in zone.paragraphs:
            yield from ((sign + feature)[:LONGEST] for feature in _of_paragraph(paragraph))


def _of_paragraph(paragraph: Paragraph) -> Iterator[str]:
    yield from paragraph.stems
    yield from (AS_WRITTEN + word for word in paragraph.words)
    yield from (CAPITALS + cased for cased, word in zip(paragraph.cased, paragraph.words, strict=True) if cased != word)
    yield from (f"{NEXT_TO_EACH_OTHER}{one} {other}" for one, other in pairwise(paragraph.words))


def _alternatives(tree: Node, sure: bool, known: Names) -> tuple[str, ...]:
    asked = [_asked(side, scope, sure, known) for side, scope in _sides(tree, ANYWHERE)]
    return tuple(_any(asked[first : first + TOGETHER]) for first in range(0, len(asked), TOGETHER))


def _sides(node: Node, scope: str) -> Iterator[tuple[Node, str]]:
    """The sides of the OR that a query is, each with where it is looked for; the query itself where it is none."""
    match node:
        case Or(parts):
            for part in parts:
                yield from _sides(part, scope)
        case In(zone, child):
            yield from _sides(child, narrowed(scope, zone))
        case _:
            yield node, scope


def _asked(node: Node, scope: str, sure: bool, known: Names) -> str:
    """Who surely matches, or else who can; a NOT of the one is a NOT of the other."""
    match node:
        case Not(child):
            return f"!({_asked(child, scope, not sure, known)})"
        case And(parts):
            return _all(_asked(part, scope, sure, known) for part in parts)
        case Or(parts):
            return _any(_asked(part, scope, sure, known) for part in parts)
        case In(zone, child):
            return _asked(child, narrowed(scope, zone), sure, known)
        case Field():
            return _any(map(quoted, known(node)))
        case _:
            signs = [] if scope == NOWHERE or (sure and not is_exact(node)) else _WITHIN[scope]
            return _any(_in_part(node, sign) for sign in signs)


def _in_part(leaf: Node, sign: str) -> str:
    """What a part of a text has in which a leaf stands."""
    match leaf:
        case Near(sides):
            return _all(_in_part(side, sign) for side in sides)
        case Or(parts):
            return _any(_in_part(part, sign) for part in parts)
        case _:
            return _all(quoted(sign + feature, ending) for feature, ending in _needed(leaf))


def _needed(leaf: Term | Phrase | Prefix | Cased) -> list[tuple[str, str]]:
    """The features that a part must have for a leaf to stand in it, each with `:*` where it is a beginning of one."""
    match leaf:
        case Term():
            return [(leaf.stem, "")]
        case Prefix(start):
            return [(AS_WRITTEN + start, ":*")]
        case Cased(words):
            capitals = [(CAPITALS + word, "") for word, plain in zip(words, leaf.folded, strict=True) if word != plain]
            return capitals + ([] if len(words) == len(capitals) == 1 else _run(leaf.folded))
        case Phrase(words):
            return _run(words)


def _run(words: tuple[str | Prefix, ...]) -> list[tuple[str, str]]:
    """Each word with the next one; a beginning of a word has no next one, for it could be any."""
    if len(words) == 1:
        return [(AS_WRITTEN + words[0], "")]
    pairs = [(f"{NEXT_TO_EACH_OTHER}{one} ", other) for one, other in pairwise(words) if isinstance(one, str)]
    first = [(AS_WRITTEN, word) for word in words[:1] if isinstance(word, Prefix)]
    alone = [(AS_WRITTEN, other) for one, other in pairwise(words) if isinstance(one, Prefix)]
    named = first + pairs + alone
    return [(start + word.start, ":*") if isinstance(word, Prefix) else (start + word, "") for start, word in named]


def is_exact(leaf: Node) -> bool:
    """Whether this is a leaf, no field, that surely stands in a part that has what it needs."""
    match leaf:
        case Term() | Prefix():
            few = True
        case Phrase(words):
            few = len(words) < 3 and (len(words) == 1 or isinstance(words[0], str))
        case Cased((word,)):
            few = word != leaf.folded[0] or word == word.upper()
        case _:
            return False
    return few and all(len(feature) + 1 < LONGEST for feature, _ in _needed(leaf))


def _all(parts: Iterable[str]) -> str:
    return f"({' & '.join(parts)})"


def _any(parts: Iterable[str]) -> str:
    parts = list(parts)
    return f"({' | '.join(parts)})" if parts else _NEVER
