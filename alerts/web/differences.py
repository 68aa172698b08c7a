"""What was changed in a text: the words taken out and those put in, with a little of what stands around them. Pure."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

AROUND = 12
"""Words that stay the same and are shown on each side of a change."""
MOST_WORDS = 400
"""A changed stretch of more words is shown as taken out and put in whole: comparing costs the square of them."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Part:
    """A stretch of words: the `same` before and after, taken `out`, or put `in`."""

    kind: str
    words: str


def difference(before: str, after: str) -> tuple[Part, ...]:
    """The parts of both texts in order, what stays the same shortened; () where no word is different."""
    parts = _joined(_by_sentence(before, after))
    if all(kind == "same" for kind, _ in parts):
        return ()
    last = len(parts) - 1
    return tuple(
        Part(kind, " ".join(_shortened(words, place == 0, place == last) if kind == "same" else words))
        for place, (kind, words) in enumerate(parts)
    )


def _by_sentence(before: str, after: str) -> Iterator[tuple[str, list[str]]]:
    """Sentence by sentence first, then word by word where sentences differ."""
    old, new = _SENTENCE.split(before), _SENTENCE.split(after)
    for change, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            yield "same", " ".join(new[c:d]).split()
        else:
            yield from _by_word(" ".join(old[a:b]).split(), " ".join(new[c:d]).split())


def _by_word(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    if len(old) + len(new) > 2 * MOST_WORDS:
        yield from (("out", list(old)), ("in", list(new)))
        return
    for change, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            yield "same", list(new[c:d])
        else:
            yield from (("out", list(old[a:b])), ("in", list(new[c:d])))


def _joined(found: Iterator[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """Neighbours of one kind as one, without empty ones."""
    parts: list[tuple[str, list[str]]] = []
    for kind, words in found:
        if words and parts and parts[-1][0] == kind:
            parts[-1][1].extend(words)
        elif words:
            parts.append((kind, words))
    return parts


def _shortened(words: list[str], is_first: bool, is_last: bool) -> list[str]:
    """What stands around a change; dots for the rest."""
    before, after = (0 if is_last else AROUND), (0 if is_first else AROUND)
    if len(words) <= before + after + 1:
        return words
    return [*words[:after], "…", *words[len(words) - before :]]
