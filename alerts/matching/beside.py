"""Beside the query: how much each variation of it would find, so that one press narrows or widens it knowingly."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

import numpy as np

from alerts.matching.collapse import Collapse, Results
from alerts.matching.columns import HOUSES, KINDS
from alerts.matching.lexemes import is_exact
from alerts.matching.past import Found, Past, Span
from alerts.matching.variations import Variation, forms, narrowed, prominent, without, zoned
from alerts.models import Department, Event
from alerts.models.choices import Kind
from alerts.query import And, Cased, Field, Node, Phrase, Query, Term, analysis
from alerts.query.about import without_opening
from alerts.query.analysis import STOP_WORDS
from alerts.query.nodes import all_of, leaves

READ = 200
"""Texts read at most to count one variation; where that is not enough, it is left out."""
MOST_DEPARTMENTS, MOST_TERMS, TRIED = 4, 5, 6
"""Departments and terms that are offered, and terms that are counted for it."""
MUCH = 3_000
"""Rows of a query from which it is quicker to ask for a word alone than for the query and the word."""
MOST = 10_000
"""Rows of a query beyond which only departments, Houses and types are offered: nobody would be emailed all that."""
HEADINGS, BACKGROUND = 200, 800
"""Headings in which terms are looked for, and headings of all kinds that they are compared with."""
HEADINGS_KEPT = 16_384
"""Headings whose words a process keeps."""
LEAST = 2
"""Headings in which a term must stand."""


@dataclass(frozen=True)
class Beside:
    """What is one press away; `prominent` leaves out the `answer_only` results that mention the words there alone."""

    answer_only: int = 0
    prominent: Variation | None = None
    variations: tuple[Variation, ...] = ()


def beside(query: Query, past: Past, found: Found, collapse: Collapse, results: Results) -> Beside:
    """Every variation that finds something, and something else than the query does."""
    around = _Around(query, past, found, collapse)
    left = around.narrower(prominent(query))
    counted = [*around.types(), *around.houses(), *around.departments()]
    if len(found.rows) <= MOST:
        changed = [variation for variation in (*forms(query), *zoned(query)) if variation]
        counted += [(around.counted if one.is_wider else around.narrower)(one) for one in changed]
        counted += around.terms(results)
    different = {one.typed: one for one in counted if one and one.results and one.results != len(results)}
    if left:
        different.pop(left.typed, None)
    return Beside(len(results) - left.results if left else 0, left, tuple(different.values()))


class _Around:
    """A query, the past, and what was found in it."""

    def __init__(self, query: Query, past: Past, found: Found, collapse: Collapse):
        self._query, self._past, self._collapse, self._rows = query, past, collapse, collapse.rows
        self._known = _known(query.tree, len(found.rows)) if found.by_words else ()

    def narrower(self, variation: Variation | None) -> Variation | None:
        """A variation that finds nothing else than the query does, with its results; None as for `counted`."""
        rows = self._among(variation.tree) if variation else None
        return None if rows is None else replace(variation, results=len(self._collapse.results(rows)))

    def counted(self, variation: Variation) -> Variation | None:
        """Any other one; None where too much would have to be read for that."""
        found = self._past.found(variation.tree, READ)
        return None if found.unread_since else replace(variation, results=len(Collapse(found.rows).results()))

    def _among(self, tree: Node) -> np.ndarray | None:
        """Which of the rows this finds, that finds no others."""
        return self._past.among(self._rows, tree, without(tree, self._known) or tree, READ)

    def types(self) -> Iterator[Variation | None]:
        """Questions alone, newsletters alone."""
        texts = np.isin(self._rows["kind"], [KINDS.index(Kind.PUBLISHED), KINDS.index(Kind.REVISED)])
        for value, part in (("question", ~texts), ("newsletter", texts)):
            yield self._part("type", f"{value}s", Field("type", (value,)), part)

    def houses(self) -> Iterator[Variation | None]:
        """Either House alone."""
        for number, house in enumerate(HOUSES[1:], start=1):
            yield self._part("house", house, Field("house", (house.lower(),)), self._rows["house"] == number)

    def departments(self) -> Iterator[Variation | None]:
        """The departments that are asked most."""
        numbers = Counter(self._rows["department"][self._rows["department"] > 0].tolist()).most_common(MOST_DEPARTMENTS)
        known = Department.objects.in_bulk([number for number, _ in numbers])
        for number, _ in numbers:
            field = _department(known[number].name)
            yield self._part("department", known[number].name, field, self._rows["department"] == number)

    def terms(self, results: Results) -> list[Variation]:
        """The terms that mark the headings of what is found, beside those of everything else."""
        headings = _headings(self._rows["id"][results.firsts[:HEADINGS]].tolist())
        found = []
        for word in _telling(headings, _background(self._past.span), _asked(self._query))[:TRIED]:
            rows = self._among(all_of((self._query.tree, Term(word))))
            found.append(self._part("term", word, Term(word), rows))
        return [one for one in found if one][:MOST_TERMS]

    def _part(self, kind: str, label: str, part: Node, rows: np.ndarray | None) -> Variation | None:
        if rows is None or not rows.any() or rows.all():
            return None
        variation = narrowed(self._query, kind, label, part)
        return variation and replace(variation, results=len(self._collapse.results(rows)))


def _known(tree: Node, rows: int) -> tuple[Node, ...]:
    """What need not be asked again of what a query finds; where that is little, what is quickly asked narrows it."""
    parts = tree.children if isinstance(tree, And) else (tree,)
    return tuple(part for part in parts if rows > MUCH or not is_exact(part))


def _department(name: str) -> Field:
    return Field("dept", without_opening(analysis.words(name)))


def _headings(ids: list[int]) -> list[str]:
    return list(Event.objects.filter(pk__in=ids).values_list("heading", flat=True))


def _background(span: Span) -> list[str]:
    """The newest headings of all kinds."""
    newest = Event.objects.filter(happened_on__range=span.days).order_by("-happened_on", "-kind")
    return list(newest.values_list("heading", flat=True)[:BACKGROUND])


def _asked(query: Query) -> set[str]:
    """The stems of the words that the query has already."""
    known = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Term | Phrase | Cased)]
    words = (word for leaf in known for word in ((leaf.word,) if isinstance(leaf, Term) else leaf.words))
    return {analysis.stem(analysis.fold(word)) for word in words if isinstance(word, str)}


def _telling(headings: Iterable[str], background: Iterable[str], asked: set[str]) -> list[str]:
    """Words that stand more often in these headings than in others, those first that tell most of them apart."""
    of_each = [_words_of(heading) for heading in headings]
    here, elsewhere = _counted(of_each), _counted(map(_words_of, background))
    all_here, all_elsewhere = sum(here.values()), sum(elsewhere.values())
    worth = {
        stem: number * log(number / all_here / ((elsewhere[stem] + 1) / (all_elsewhere + 1)))
        for stem, number in here.items()
        if number >= LEAST and stem not in asked
    }
    forms: dict[str, str] = {}
    for word, _ in Counter(word for words in of_each for word in words).most_common():
        forms.setdefault(analysis.stem(word), word)
    return [forms[stem] for stem in sorted(worth, key=lambda stem: (-worth[stem], stem)) if worth[stem] > 0]


def _counted(headings: Iterable[frozenset[str]]) -> Counter[str]:
    """How many headings, of which each is the set of its words, have each stem."""
    return Counter(stem for words in headings for stem in set(map(analysis.stem, words)))


@lru_cache(maxsize=HEADINGS_KEPT)
def _words_of(heading: str) -> frozenset[str]:
    return frozenset(word for word in analysis.words(heading) if len(word) > 2 and word.isalpha()) - STOP_WORDS
