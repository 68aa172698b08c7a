"""Which parts of issues are items that are stored already; their words decide, never place, address or date."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.query.analysis import words

SAME_TITLE = 0.5
"""The share of its words that an item keeps at least, if its title is the same."""
ANY_TITLE = 0.8
"""The share of its words that it keeps at least, title included, if that is another one."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What an item says, or said last; `issue` is the key of the post it stands in, or was first seen in."""

    title: str
    text: str
    issue: str = ""


def normalised(title: str) -> str:
    """A title without what two spellings of the same one may differ in."""
    return " ".join(words(title))


def paired(parts: Sequence[Telling], stored: Sequence[Telling]) -> dict[int, int]:
    """The places of parts by which they are known, with those of the stored items they are; the rest is new.

    The pair that shares most comes first, then that of the same title, then that of the same post; each part and each
    item is in one pair at most.
    """
    pairs = _word_for_word(parts, stored)
    taken = set(pairs.values())
    left = {at: part for at, part in enumerate(parts) if at not in pairs}
    if not left:
        return pairs
    shelf = _Shelf({at: one for at, one in enumerate(stored) if at not in taken})
    found = sorted(
        (-share, not is_titled, part.issue != stored[other].issue, at, other)
        for at, part in left.items()
        for other, share, is_titled in shelf.like(part)
    )
    for *_, at, other in found:
        if at not in pairs and other not in taken:
            pairs[at] = other
            taken.add(other)
    return pairs


def _word_for_word(parts: Sequence[Telling], stored: Sequence[Telling]) -> dict[int, int]:
    """The pairs that need no counting, as most do in a newsletter that is read again: first those of the same post."""
    pairs: dict[int, int] = {}
    for with_issue in (True, False):
        shelf: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in sorted(set(range(len(stored))) - set(pairs.values()), reverse=True):
            shelf[_words_of(stored[at], with_issue)].append(at)
        for at, part in enumerate(parts):
            same = shelf.get(_words_of(part, with_issue))
            if at not in pairs and same:
                pairs[at] = same.pop()
    return pairs


def _words_of(one: Telling, with_issue: bool) -> tuple[str, ...]:
    return (normalised(one.title), one.text, one.issue if with_issue else "")


class _Shelf:
    """Stored items by their titles and their words."""

    def __init__(self, stored: dict[int, Telling]):
        self._texts = {at: Counter(words(one.text)) for at, one in stored.items()}
        self._all = {at: self._texts[at] + Counter(words(one.title)) for at, one in stored.items()}
        self._by_title: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for at, one in stored.items():
            self._by_title[normalised(one.title)].append(at)
            for word in self._all[at]:
                self._by_word[word].append(at)

    def like(self, part: Telling) -> Iterator[tuple[int, float, bool]]:
        """The items a part may be, each with the share of words and whether it has the same title."""
        text = Counter(words(part.text))
        whole = text + Counter(words(part.title))
        namesakes = set(self._by_title.get(normalised(part.title), ()))
        for at in namesakes:
            share = _share(text, self._texts[at])
            if share >= SAME_TITLE:
                yield at, share, True
        for at in self._sharing(whole) - namesakes:
            share = _share(whole, self._all[at])
            if share >= ANY_TITLE:
                yield at, share, False

    def _sharing(self, whole: Counter[str]) -> set[int]:
        """The items that may share enough: who has none of the rarest words, over a fifth of all, cannot."""
        found: set[int] = set()
        left_out = 0
        for word in sorted(whole, key=lambda word: len(self._by_word.get(word, ()))):
            found.update(self._by_word.get(word, ()))
            left_out += whole[word]
            if left_out > (1 - ANY_TITLE) * whole.total():
                break
        return found


def _share(one: Counter[str], other: Counter[str]) -> float:
    """The share of words that two texts have in common, of the longer one's."""
    longer = max(one.total(), other.total())
    if not longer:
        return 1.0
    return _common(one, other) / longer


def _common(one: Counter[str], other: Counter[str]) -> int:
    return sum(min(count, other[word]) for word, count in one.items() if word in other)
