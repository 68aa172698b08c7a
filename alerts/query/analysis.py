"""Analysis: how text becomes words, the same for what people type and for what sources publish."""

import re
import threading
import unicodedata
from collections.abc import Callable, Sequence

import Stemmer

#: Raise it when folding, cutting, stemming or the stop list changes: every topic is then analysed again.
ANALYSIS_VERSION = 1

STOP_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "is", "it", "its"),
        *("not", "of", "on", "or", "that", "the", "this", "to", "was", "were", "will", "with"),
    )
)

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TRADE_MARKS = "™℠"
_AFTER_A_WORD = re.compile(rf"(?<=[^\W_{_SUPERSCRIPTS}])[{_SUPERSCRIPTS}{_TRADE_MARKS}]+")
_STANDING_ALONE = str.maketrans(_SUPERSCRIPTS + _TRADE_MARKS, "0123456789  ")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
#: A word in folded text.
WORD = re.compile(r"&|[^\W_]+(?:(?:'|(?<=\d)\.(?=\d))[^\W_]+)*")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SEPARATOR = re.compile(r"(?![\x00-\x7f])\W")

# Superscripts and trade marks stay until their neighbours are known; NFKD would glue them to the word before.
_SPECIAL = {sign: sign for sign in _SUPERSCRIPTS + _TRADE_MARKS} | dict.fromkeys("'‘’‚‛ʹʻʼʽˈ′´՚", "'") | {"−": "-"}
_MEMO_LIMIT = 200_000
_LONGEST_REMEMBERED = 64


def _fold_character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    category = unicodedata.category(character)
    if category == "Cf" or category[0] == "M":
        return ""
    if category[0] == "Z" or character.isspace():
        return " "
    if category == "Pd":
        return "-"
    # Taken apart before its case is folded, which would make a letter of the iota under a Greek one: a mark.
    simpler = unicodedata.normalize("NFKD", character)
    if simpler == character:
        simpler = character.casefold()
    return character if simpler == character else "".join(map(_fold_character, simpler))


def _fold_but_capital(character: str) -> str:
    """The folded character with its capital; always as long as the folded one, so that all offsets agree."""
    folded = _fold_character(character)
    return folded.upper() if character.isupper() or character.istitle() else folded


class _Folding(dict):
    """A table for `str.translate` that learns each character when it is first met."""

    def __init__(self, fold_one: Callable[[str], str]):
        super().__init__()
        self._fold_one = fold_one

    def __missing__(self, code: int) -> str:
        folded = self._fold_one(chr(code))
        if len(self) < _MEMO_LIMIT:
            self[code] = folded
        return folded


class _Stems(dict):
    """The stem of each word, remembered; Snowball's object must not be entered by two threads at once."""

    def __init__(self):
        super().__init__()
        self._stemmer = Stemmer.Stemmer("english", 0)
        self._lock = threading.Lock()

    def __missing__(self, word: str) -> str:
        with self._lock:
            stem = self._stemmer.stemWord(word)
        if len(self) < _MEMO_LIMIT and len(word) <= _LONGEST_REMEMBERED:
            self[word] = stem
        return stem


class _Plain(dict):
    """What each character that is not ASCII becomes for `in_ascii`; itself where no ASCII can stand for it."""

    def __missing__(self, character: str) -> str:
        folded = character if character in _SUPERSCRIPTS else _fold_but_capital(character)
        plain = _SEPARATOR.sub(" ", folded)
        if len(self) < _MEMO_LIMIT:
            self[character] = plain
        return plain


_folding = _Folding(_fold_character)
_folding_but_capitals = _Folding(_fold_but_capital)
_plain = _Plain()
_stems = _Stems()


def fold(text: str) -> str:
    """The text in the form in which it is compared: lower case, no accents, plain signs; twice is the same as once."""
    return _settled(text.lower() if text.isascii() else text.translate(_folding))


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text in their order."""
    return _cut(fold(text))


def cased_words(text: str) -> tuple[str, ...]:
    """The words of a text with their capitals and otherwise folded, each at the position it has among `words`."""
    return _cut(_settled(text if text.isascii() else text.translate(_folding_but_capitals)))


def in_ascii(text: str) -> str | None:
    """A text in ASCII with the same words, the same capitals and the same line breaks; None where there is none."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda found: _plain[found[0]], text)
    return text if text.isascii() else None


def spans(text: str) -> Sequence[tuple[int, int]]:
    """Where each of the words of a text stands in it: start and end offset, in the order of `words`."""
    folded = fold(text)
    found = [match.span() for match in WORD.finditer(folded)]
    if "'s" in folded:
        found = [(start, end - 2 if folded.endswith("'s", start, end) else end) for start, end in found]
    if text.isascii() or _goes_one_for_one(text):
        return found
    origin = _origins(text)
    return [(origin[start], _past_marks(text, origin[end - 1] + 1)) for start, end in found]


def stem(word: str) -> str:
    """The Snowball English stem of a folded word."""
    return _stems[word]


def stems(folded_words: tuple[str, ...]) -> tuple[str, ...]:
    """The stem of each word, in the same order."""
    return tuple(map(_stems.__getitem__, folded_words))


def _settled(folded: str) -> str:
    """The signs whose meaning depends on their neighbours, once all others are folded; every offset stays."""
    if not folded.isascii():
        folded = _AFTER_A_WORD.sub(lambda run: " " * len(run[0]), folded).translate(_STANDING_ALONE)
    if "," in folded:
        # An inner apostrophe vanishes when words are cut, and it keeps every offset where it was.
        folded = _THOUSANDS.sub(lambda number: number[0].replace(",", "'"), folded)
    return folded


def _cut(folded: str) -> tuple[str, ...]:
    cut = WORD.findall(folded)
    if "'" in folded or "&" in folded:
        return tuple(map(_without_apostrophes, cut))
    return tuple(cut)


def _without_apostrophes(raw: str) -> str:
    if raw == "&":
        return "and"
    return raw.removesuffix("'s").removesuffix("'S").replace("'", "")


def _goes_one_for_one(text: str) -> bool:
    """Whether each character of a text folds to one, so that its folded form has the same offsets, and no marks."""
    return all(len(_folding[ord(sign)]) == 1 for sign in set(_NOT_ASCII.findall(text)))


def _origins(text: str) -> list[int]:
    """For each character of the folded text, the offset of the character it came from."""
    origins = []
    for offset, character in enumerate(text):
        origins.extend([offset] * len(_folding[ord(character)]))
    return origins


def _past_marks(text: str, end: int) -> int:
    """An accent written as a character of its own belongs to the letter before it."""
    while end < len(text) and unicodedata.category(text[end])[0] == "M":
        end += 1
    return end
