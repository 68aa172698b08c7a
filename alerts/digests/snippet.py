"""The snippet: of a long answer, the part with the most of the reader's words. Pure."""

import re

from alerts.digests.passage import SENTENCE_END, Passage

SIZE = 45
"""About so many words; a border of a sentence nearby is preferred."""
LEAD, SLACK = 15, 12
"""How many words before the first mark, and how many more or fewer at the end, a sentence's border may cost."""
WHOLE = 80
"""An answer of so many words or fewer is shown whole."""
MOST_MARKS = 200

_WORD = re.compile(r"\S+")


def snippet(passage: Passage, size: int = SIZE) -> Passage:
    """About `size` words of `passage` around as many different marked words as can be; without marks its beginning."""
    words = [match.span() for match in _WORD.finditer(passage.text)]
    if len(words) <= size + SLACK:
        return passage
    ends = [n for n, (start, end) in enumerate(words) if SENTENCE_END.search(passage.text[start:end])]
    starts = {0} | {n + 1 for n in ends}
    first_words = _marked_words(passage, words) or [0]
    windows = [_window(first, words, starts, ends, size) for first in first_words[:MOST_MARKS]]
    best = max(windows, key=lambda window: _worth(passage, words, window, starts))
    return passage.piece(words[best[0]][0], words[best[1]][1])


def _marked_words(passage: Passage, words: list[tuple[int, int]]) -> list[int]:
    """The index of the first word of each mark."""
    found, n = [], 0
    for start, _ in passage.marks:
        while n < len(words) and words[n][1] <= start:
            n += 1
        found.append(n)
    return found


def _window(first: int, words: list[tuple[int, int]], starts: set[int], ends: list[int], size: int) -> tuple[int, int]:
    """First and last word of the window for a mark at word `first`."""
    sentence = max(n for n in starts if n <= first)
    start = sentence if first - sentence <= LEAD else first - LEAD // 2
    last = min(start + size, len(words)) - 1
    near = [n for n in ends if abs(n - last) <= SLACK and n > first]
    return start, min(near, key=lambda n: abs(n - last)) if near else last


def _worth(
    passage: Passage, words: list[tuple[int, int]], window: tuple[int, int], starts: set[int]
) -> tuple[int, int, bool, int]:
    low, high = words[window[0]][0], words[window[1]][1]
    inside = [passage.text[a:b].casefold() for a, b in passage.marks if low <= a and b <= high]
    return len(set(inside)), len(inside), window[0] in starts, -window[0]
