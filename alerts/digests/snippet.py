"""The snippet: of a long text, the part with the most of the reader's words. Pure."""

import re
from bisect import bisect_left, bisect_right

from alerts.digests.passage import Passage

SIZE = 45
"""About so many words; a border of a sentence nearby is preferred."""
LEAD, SLACK = 3, 12
"""A third of it may stand before the first mark, and so many words at its end go or come, for a sentence's border."""
WHOLE = 80
"""An answer of so many words or fewer is shown whole."""
MOST_MARKS = 200

_WORD = re.compile(r"\S+")


def snippet(passage: Passage, size: int = SIZE) -> Passage:
    """About `size` words of `passage` around as many different marked words as can be; without marks its beginning."""
    return passage if passage.words <= size + SLACK else _densest(passage, size, over=SLACK)


def excerpt(passage: Passage, most: int) -> Passage:
    """`most` words at most of somebody else's `passage`, chosen as a snippet is, and never over two thirds of it."""
    size = min(most, passage.words * 2 // 3)
    return _densest(passage, size, over=0) if size else Passage("")


def _densest(passage: Passage, size: int, over: int) -> Passage:
    """The window of `size` words, at most `over` more, with the most different marked words."""
    words = [match.span() for match in _WORD.finditer(passage.text)]
    ends = [n for n, (_, end) in enumerate(words) if passage.ends_at(end)]
    starts = [0, *(n + 1 for n in ends)]
    first_words = _marked_words(passage, words) or [0]
    windows = [_window(first, len(words), starts, ends, size, over) for first in first_words[:MOST_MARKS]]
    borders = set(starts)
    best = max(windows, key=lambda window: _worth(passage, words, window, borders))
    return passage.piece(words[best[0]][0], words[best[1]][1])


def _marked_words(passage: Passage, words: list[tuple[int, int]]) -> list[int]:
    """The index of the first word of each mark."""
    found, n = [], 0
    for start, _ in passage.marks:
        while n < len(words) and words[n][1] <= start:
            n += 1
        found.append(n)
    return found


def _window(first: int, words: int, starts: list[int], ends: list[int], size: int, over: int) -> tuple[int, int]:
    """First and last of the `words` in the window for a mark at word `first`."""
    lead, room = size // LEAD, size - (words - first)
    if room > lead:
        return _nearest(starts, first - room - over, first, first - room), words - 1
    sentence = starts[bisect_right(starts, first) - 1]
    start = sentence if first - sentence <= lead else first - lead // 2
    last = min(start + size, words) - 1
    return start, _nearest(ends, max(last - SLACK, first + 1), last + over, last)


def _nearest(places: list[int], low: int, high: int, wanted: int) -> int:
    """Of these places from `low` to `high` the nearest to what is wanted, or else that."""
    between = places[bisect_left(places, low) : bisect_right(places, high)]
    return min(between, key=lambda place: abs(place - wanted), default=wanted)


def _worth(
    passage: Passage, words: list[tuple[int, int]], window: tuple[int, int], starts: set[int]
) -> tuple[int, int, bool, int]:
    low, high = words[window[0]][0], words[window[1]][1]
    inside = [passage.text[a:b].casefold() for a, b in passage.marks if low <= a and b <= high]
    return len(set(inside)), len(inside), window[0] in starts, -window[0]
