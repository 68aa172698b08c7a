"""Reading: the features of a document that some topic asks for, as numbers, each word looked up once and remembered."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import accumulate
from operator import attrgetter

import numpy as np

from alerts.matching.names import Arrays, Names
from alerts.matching.phrases import Phrases
from alerts.matching.read import Lexicon, ReadZone, as_read
from alerts.matching.scoped import AS_WRITTEN, CAPITALS, LONGEST_RUN, SCOPES, named, scopes_of
from alerts.matching.vocabulary import ALWAYS
from alerts.query import About, Document, analysis
from alerts.query.document import ZONES, Zone
from alerts.query.evaluate import NAMES

MOST_REMEMBERED = 100_000
"""Words, with the signs around them, and names; then all are forgotten."""
_KEPT = b"'.,&\n"
_SIGNS = bytes(code if chr(code).isalnum() or code in _KEPT else 32 for code in range(128)) + bytes([32]) * 128
_LINE_BREAK = b"|"
_AROUND = b"'.,"
_COLUMNS = {zone: [SCOPES.index(scope) for scope in scopes_of(zone) if scope] for zone in ZONES}
_BORDER = array("i", [0]).tobytes()
"""A word that is none: no phrase goes beyond it."""
_EVERYWHERE = array("i", [ALWAYS]).tobytes()
_ABOUT = tuple(field.name for field in fields(About))
_values = attrgetter(*_ABOUT)


class Reader:
    """Turns documents into the numbers of features, by the arrays of an index."""

    def __init__(self, arrays: Arrays):
        self._names, self._phrases = Names(arrays), Phrases(arrays)
        self._scoped, self._phrase_scoped = _Rows(arrays["scoped"]), _Rows(arrays["phrase_scoped"])
        self._phrase_anywhere = np.ascontiguousarray(arrays["phrase_scoped"][:, 0])
        self._phrase_zoned = arrays["phrase_scoped"][:, 1:].any(axis=1)
        starts = [self._names.name(number)[1:-1] for number in arrays["prefixes"].tolist()]
        self._prefixes = dict(zip(starts, arrays["prefixes"].tolist(), strict=True))
        self._lengths = sorted(set(map(len, starts)))
        self._forget()

    def _forget(self) -> None:
        self._runs, self._lexicon = _Runs(self._numbered), Lexicon()
        self._numbers: dict[tuple[str, str], int] = {}
        self._about: dict[tuple, bytes] = {}
        self._features = {zone: [b""] for zone in ZONES}
        self._in_phrases = np.zeros(1 << 14, np.int64)

    def read(self, document: Document) -> Document:
        """The same document, of which no word need be looked up again: neither here nor by the evaluator."""
        if max(map(len, (self._runs, self._numbers, self._about))) > MOST_REMEMBERED:
            self._forget()
        return as_read(document, list(map(self._words, document.zones)), self._lexicon)

    def features(self, document: Document) -> np.ndarray:
        """The numbers of the features of a document that was just read, some of them more than once."""
        found = [_EVERYWHERE, self._of_about(document.about), self._of_phrases(document.zones)]
        for zone in document.zones:
            found.extend(map(self._features[zone.name].__getitem__, set(memoryview(zone.packed).cast("i"))))
        return np.frombuffer(b"".join(found), np.int32)

    def _words(self, zone: Zone) -> bytes:
        """A number for each word, and 0 for each line break."""
        plain = analysis.in_ascii(zone.text)
        if plain is None:
            return _packed(list(self._one_by_one(zone.text)))
        signs = plain.encode().translate(_SIGNS).replace(b"&", b" & ").replace(b"\n", b" | ")
        return b"".join(map(self._runs.__getitem__, signs.split()))

    def _one_by_one(self, text: str) -> Iterator[int]:
        for line in text.split("\n"):
            for pair in zip(analysis.words(line), analysis.cased_words(line), strict=True):
                yield self._number(*pair)
            yield 0

    def _numbered(self, run: bytes) -> bytes:
        """The numbers of the words in a run without blanks."""
        text = run.decode()
        if run.isalnum():
            return _packed([self._number(text.lower(), text)])
        pairs = zip(analysis.words(text), analysis.cased_words(text), strict=True)
        return _packed([self._number(*pair) for pair in pairs])

    def _number(self, word: str, cased: str) -> int:
        number = self._numbers.get((word, cased))
        if number is None:
            number = self._numbers[word, cased] = len(self._numbers) + 1
            self._learn(number, word, cased)
        return number

    def _learn(self, number: int, word: str, cased: str) -> None:
        """Remember what of this word is asked for, in each zone, and which word of phrases it is."""
        self._lexicon.words.append(word)
        self._lexicon.cased.append(cased)
        if number == len(self._in_phrases):
            self._in_phrases = np.concatenate([self._in_phrases, np.zeros_like(self._in_phrases)])
        written = self._names.find(AS_WRITTEN + word)
        self._in_phrases[number] = written
        names = [written, self._names.find(analysis.stem(word)), self._names.find(CAPITALS + cased)]
        lengths = self._lengths[: bisect_right(self._lengths, len(word))]
        names += [self._prefixes.get(word[:length], 0) for length in lengths]
        self._remember(list(filter(None, names)))

    def _remember(self, names: list[int]) -> None:
        """The features of the next word, which has these names, by the zone it stands in."""
        rows = list(map(self._scoped.row, names))
        anywhere = _packed([row[0] for row in rows if row[0]])
        zoned = [row for row in rows if any(row[1:])]
        for zone, known in self._features.items():
            known.append(anywhere + _in_zone(zone, zoned) if zoned else anywhere)

    def _of_about(self, about: About) -> bytes:
        found = []
        for pair in zip(_ABOUT, _values(about), strict=True):
            if (known := self._about.get(pair)) is None:
                known = self._about[pair] = self._of_name(*pair)
            found.append(known)
        return b"".join(found)

    def _of_name(self, name: str, value: str | tuple[str, ...]) -> bytes:
        """The features of a document of which nothing is known but this."""
        asked = {self._names.find(feature) for feature in _of_names(About(**{name: value}))} - {0}
        return _packed([self._scoped.row(number)[0] for number in asked])

    def _of_phrases(self, zones: tuple[ReadZone, ...]) -> bytes:
        """Of the phrases that stand in the zones, what is asked for anywhere and in that zone."""
        words = np.frombuffer(_BORDER.join([zone.packed for zone in zones]) + _BORDER, np.int32)
        starts, nodes = self._phrases.found(self._in_phrases.take(words))
        anywhere = self._phrase_anywhere.take(nodes).tobytes()
        zoned = self._phrase_zoned.take(nodes).nonzero()[0]
        if not len(zoned):
            return anywhere
        return anywhere + self._in_zones(zones, starts.take(zoned).tolist(), nodes.take(zoned).tolist())

    def _in_zones(self, zones: tuple[ReadZone, ...], starts: list[int], nodes: list[int]) -> bytes:
        ends = list(accumulate(len(zone.packed) // len(_BORDER) + 1 for zone in zones))
        names = [zones[bisect_right(ends, start)].name for start in starts]
        rows = map(self._phrase_scoped.row, nodes)
        return b"".join(_in_zone(name, [row]) for name, row in zip(names, rows, strict=True))


class _Rows:
    """An array's rows as lists of numbers: quicker than NumPy where it is a few."""

    def __init__(self, array: np.ndarray):
        self._flat, self._width = memoryview(array.ravel()), array.shape[1]

    def row(self, number: int) -> list[int]:
        """The row with this number."""
        return self._flat[number * self._width : (number + 1) * self._width].tolist()


class _Runs(dict):
    """What is remembered of each run of letters, digits and the signs that can belong to a word."""

    def __init__(self, learn: Callable[[bytes], bytes]):
        super().__init__({_LINE_BREAK: _BORDER})
        self._learn = learn

    def __missing__(self, run: bytes) -> bytes:
        bare = run.strip(_AROUND)
        packed = self[run] = self._learn(run) if bare == run else self[bare] if bare else b""
        return packed


def _of_names(about: About) -> Iterator[str]:
    """Every name a field can ask for, and where a part of it will do, every part."""
    for field, names in about.names.items():
        for words in names:
            if field not in NAMES:
                yield named(field, words)
                continue
            for start in range(len(words)):
                for end in range(start + 1, min(start + LONGEST_RUN, len(words)) + 1):
                    yield named(field, words[start:end])


def _in_zone(zone: str, rows: list[list[int]]) -> bytes:
    """What these rows ask for in that zone besides anywhere."""
    return _packed([row[column] for row in rows for column in _COLUMNS[zone] if row[column]])


def _packed(numbers: list[int]) -> bytes:
    return array("i", numbers).tobytes()
