"""The snippet: of a long text, the part with the most of the reader's words. Pure."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from alerts.digests.facts import KEPT
from alerts.digests.passage import Passage
from alerts.query.analysis import stems, words

SIZE = 45
"""About so many words; a border of a sentence nearby is preferred."""
LEAD, SLACK = 3, 12
"""Of a long sentence a third of it stands before the first mark; so many words more, or some fewer, to end with one."""
SOON = 11
"""So many words at most stand before the first mark where there is a choice."""
WHOLE = 80
"""An answer of so many words or fewer is shown whole."""
MOST_MARKS = 100

_WORD = re.compile(r"\S+")


def snippet(passage: Passage, size: int = SIZE) -> Passage:
    """About `size` words of `passage` around as many different marked words as can be; without marks its beginning."""
    return passage if passage.words <= size + SLACK else _densest(passage, size, over=SLACK)


def excerpt(passage: Passage, most: int) -> Passage:
    """`most` words at most of somebody else's `passage`, chosen as a snippet is, and never over two thirds of it."""
    size = min(most, passage.words * 2 // 3)
    return _densest(passage, size, over=0) if size else Passage("")


@dataclass(frozen=True)
class _Mark:
    first: int
    last: int
    words: tuple[str, ...]


_NONE = _Mark(0, 0, ())


@dataclass(frozen=True)
class _Words:
    """Where the words of a text begin and end, and which words are the first and the last of its sentences."""

    begins: Sequence[int]
    ends: Sequence[int]
    firsts: Sequence[int]
    lasts: Sequence[int]

    def __len__(self) -> int:
        return len(self.begins)


def _densest(passage: Passage, size: int, over: int) -> Passage:
    """The window of `size` words, at most `over` more, with the most different marked words."""
    said = _words(passage.text, passage.paragraphs)
    marks = [_Mark(*place) for place in _marked_words(passage, said)]
    windows = dict.fromkeys(window for mark in marks or [_NONE] for window in _windows(mark.first, said, size, over))
    first, last = max(windows, key=lambda window: _worth(marks, window, said))
    return passage.piece(said.begins[first], said.ends[last])


@lru_cache(maxsize=KEPT // 8)
def _words(text: str, paragraphs: tuple[int, ...]) -> _Words:
    """The words of a text, whatever is marked in it."""
    spans = [match.span() for match in _WORD.finditer(text)]
    begins, ends = array("l", [start for start, _ in spans]), array("l", [end for _, end in spans])
    unmarked = Passage(text, paragraphs=paragraphs)
    lasts = [n for n in _last_words(unmarked, begins, ends) if unmarked.ends_at(ends[n])]
    return _Words(begins, ends, [0, *(n + 1 for n in lasts)], lasts)


def _last_words(passage: Passage, begins: Sequence[int], ends: Sequence[int]) -> list[int]:
    """The words at which a sentence or a paragraph may end, without asking of each whether one does."""
    before_borders = {bisect_left(begins, border) - 1 for border in passage.paragraphs if border > begins[0]}
    signs = {n for n, end in enumerate(ends) if not passage.text[end - 1].isalnum()}
    return sorted(signs | before_borders)


def _marked_words(passage: Passage, said: _Words) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The first and the last word of each mark, as places among the words, and what the mark says, in stems."""
    for start, end in passage.marks[:MOST_MARKS]:
        first, last = bisect_right(said.begins, start) - 1, bisect_left(said.begins, end) - 1
        yield first, last, stems(words(passage.text[start:end]))


def _windows(first: int, said: _Words, size: int, over: int) -> Iterator[tuple[int, int]]:
    """The first and the last word of the windows for a mark at word `first`: from its sentence's beginning where it is
    near enough, and from a little before the mark.
    """
    count, starts, ends = len(said), said.firsts, said.lasts
    room = size - (count - first)
    if room > size // LEAD:
        yield _nearest(starts, first - room - over, first, first - room), count - 1
        return
    sentence = starts[bisect_right(starts, first) - 1]
    beginnings = [sentence] if first - sentence <= max(size - LEAD, 0) else []
    if first - sentence > size // LEAD:
        beginnings.append(first - size // LEAD // 2)
    for start in beginnings:
        last = min(start + size, count) - 1
        shortest = min(start + size * 2 // 3, last - SLACK)
        yield start, _nearest(ends, max(shortest, first + 1), last + over, last)


def _nearest(places: Sequence[int], low: int, high: int, wanted: int) -> int:
    """Of these places from `low` to `high` the nearest to what is wanted, or else that."""
    between = places[bisect_left(places, low) : bisect_right(places, high)]
    return min(between, key=lambda place: abs(place - wanted), default=wanted)


def _worth(marks: list[_Mark], window: tuple[int, int], said: _Words) -> tuple[int, bool, bool, int, bool, int]:
    """The most different words first, then whole sentences, then the most words, soon, then what comes first."""
    first, last = window
    inside = [mark for mark in marks if first <= mark.first and mark.last <= last]
    whole = first in said.firsts, last in said.lasts
    soon = bool(inside) and inside[0].first - first <= SOON
    return len({mark.words for mark in inside}), *whole, len(inside), soon, -first
