"""Stars: the words of a typed text, some of which may have any ending."""

import re

from alerts.query import analysis
from alerts.query.errors import Refusal
from alerts.query.nodes import Prefix

LEAST_LETTERS = 3

# In folded text. An apostrophe at the end of a word is dropped, so a star may come after it.
_PIECE = re.compile(rf"(?P<word>{analysis.WORD.pattern})(?:'*(?P<star>\*+))?|(?P<stray>\*+)")
_AT_WORD = re.compile(r"[^\W_]'*\*|\*[^\W_]")
_WORD_FOLLOWS = re.compile(r"[^\W_]|&")


class StarRefusal(Refusal):
    """A star that has no meaning; `position` is its index in the text that was looked through."""


def words(text: str) -> tuple[str | Prefix, ...]:
    """The folded words of the text in their order, a Prefix where a star ends one; raises StarRefusal."""
    folded = analysis.fold(text)
    if "*" not in folded:
        return analysis.words(text)
    found: list[str | Prefix] = []
    for piece in _PIECE.finditer(folded):
        stars = "star" if piece["star"] else "stray"
        if piece[stars] and _WORD_FOLLOWS.match(folded, piece.end()):
            raise _refusal(text, folded, piece.start(stars), "A star stands only at the end of a word. Move it there.")
        if piece["star"]:
            found.append(_prefix(text, folded, piece))
        elif piece["word"]:
            found.extend(analysis.words(piece["word"]))
    return tuple(found)


def stands_at_word(text: str) -> bool:
    """Whether a star touches a word, where it would mean something."""
    return "*" in text and _AT_WORD.search(analysis.fold(text)) is not None


def _prefix(text: str, folded: str, piece: re.Match) -> Prefix:
    [start] = analysis.words(piece["word"])
    if piece["word"] == "&" or sum(map(str.isalnum, start)) < LEAST_LETTERS:
        message = "A star needs at least 3 letters before it. Type more of the word."
        raise _refusal(text, folded, piece.start("star"), message)
    return Prefix(start)


def _refusal(text: str, folded: str, star: int, message: str) -> StarRefusal:
    """Folding moves offsets, but never makes or loses a star, so the same star is found by its number."""
    before = folded.count("*", 0, star)
    places = [place for place, sign in enumerate(text) if sign == "*"]
    return StarRefusal(places[before], message)
