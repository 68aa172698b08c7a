"""Reading: the features of a document that some topic asks for, as numbers, each word looked up once and remembered."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter

import numpy as np

from alerts.matching.names import Arrays, Names
from alerts.matching.phrases import Phrases
from alerts.matching.scoped import (
    AS_WRITTEN,
    CAPITALS,
    LONGEST_RUN,
    SCOPES,
    named,
    scopes_of,
)
from alerts.query import About, Document, analysis
from alerts.query.document import ZONES, Zone
from alerts.query.evaluate import NAMES

MOST_REMEMBERED = 100_000
"""Words, with the signs around them, and names; then all are forgotten."""
_KEPT = b"'.,&\n"
_SIGNS = bytes(code if chr(code).isalnum() or code in _KEPT else 32 for code in range(128)) + bytes([32]) * 128
_BORDER = b"|"
_AROUND = b"'.,"
_COLUMNS = {zone: [SCOPES.index(scope) for scope in scopes_of(zone)] for zone in ZONES}
_MASKS = {zone: [scope in scopes_of(zone) for scope in SCOPES] for zone in ZONES}
_BETWEEN = b"\0\0\0\0"
_ABOUT = tuple(field.name for field in fields(About))
_NOTHING = np.empty((0, len(SCOPES)), np.int32)
_values = attrgetter(*_ABOUT)


class Reader:
    """Turns documents into the numbers of features, by the arrays of an index."""

    def __init__(self, arrays: Arrays):
        self._names, self._phrases = Names(arrays), Phrases(arrays)
        self._scoped, self._phrase_scoped = arrays["scoped"], arrays["phrase_scoped"]
        self._phrase_anywhere = np.ascontiguousarray(self._phrase_scoped[:, 0])
        self._phrase_zoned = self._phrase_scoped[:, 1:].any(axis=1)
        starts = [self._names.name(number)[1:-1] for number in arrays["prefixes"].tolist()]
        self._prefixes = dict(zip(starts, arrays["prefixes"].tolist(), strict=True))
        self._lengths = sorted(set(map(len, starts)))
        self._forget()

    def _forget(self) -> None:
        self._runs = _Runs(self._numbered)
        self._numbers: dict[tuple[str, str], int] = {}
        self._about: dict[tuple, bytes] = {}
        self._features = {zone: [b""] for zone in ZONES}
        self._in_phrases = np.zeros(1 << 14, np.int64)

    def features(self, document: Document) -> np.ndarray:
        """The numbers of the features it has, some of them more than once."""
        if max(map(len, (self._runs, self._numbers, self._about))) > MOST_REMEMBERED:
            self._forget()
        zones = [(zone.name, self._words(zone)) for zone in document.zones]
        found = [self._of_about(document.about)]
        for name, words in zones:
            found.append(b"".join(map(self._features[name].__getitem__, set(memoryview(words).cast("i")))))
        return np.concatenate([np.frombuffer(b"".join(found), np.int32), *self._of_phrases(zones)])

    def _words(self, zone: Zone) -> bytes:
        """A number for each word, and 0 for each border of a paragraph."""
        plain = analysis.in_ascii(zone.text)
        if plain is None:
            return _packed(list(self._one_by_one(zone)))
        signs = plain.encode().translate(_SIGNS).replace(b"&", b" & ").replace(b"\n", b" | ")
        return b"".join(map(self._runs.__getitem__, signs.split()))

    def _one_by_one(self, zone: Zone) -> Iterator[int]:
        for paragraph in zone.paragraphs:
            for pair in zip(paragraph.words, paragraph.cased, strict=True):
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
        if number == len(self._in_phrases):
            self._in_phrases = np.concatenate([self._in_phrases, np.zeros_like(self._in_phrases)])
        written = self._names.find(AS_WRITTEN + word)
        self._in_phrases[number] = written
        names = [written, self._names.find(analysis.stem(word)), self._names.find(CAPITALS + cased)]
        names += [self._prefixes.get(word[:length], 0) for length in self._lengths]
        self._remember(list(filter(None, names)))

    def _remember(self, names: list[int]) -> None:
        """The features of the next word, which has these names, by the zone it stands in."""
        scoped = self._scoped[names] if names else _NOTHING
        if not scoped[:, 1:].any():
            anywhere = scoped[:, 0]
            packed = anywhere[anywhere > 0].tobytes() if names else b""
            for known in self._features.values():
                known.append(packed)
            return
        for zone, columns in _COLUMNS.items():
            asked = scoped[:, columns]
            self._features[zone].append(asked[asked > 0].tobytes())

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
        return _packed([int(self._scoped[number, 0]) for number in asked])

    def _of_phrases(self, zones: list[tuple[str, bytes]]) -> Iterator[np.ndarray]:
        """Of the phrases that stand in the zones, what is asked for anywhere and in that zone."""
        words = np.frombuffer(_BETWEEN.join([words for _, words in zones]), np.int32)
        found = list(self._phrases.found(self._in_phrases.take(words)))
        if found:
            nodes = np.concatenate([nodes for _, nodes in found])
            yield self._phrase_anywhere.take(nodes)
            zoned = self._phrase_zoned.take(nodes)
            if zoned.any():
                starts = np.concatenate([starts for starts, _ in found])
                yield self._in_zones(zones, starts[zoned], nodes[zoned])

    def _in_zones(self, zones: list[tuple[str, bytes]], starts: np.ndarray, nodes: np.ndarray) -> np.ndarray:
        ends = np.cumsum([len(words) // 4 + 1 for _, words in zones])
        masks = np.array([_MASKS[name] for name, _ in zones])
        return self._phrase_scoped[nodes][masks[np.searchsorted(ends, starts, side="right")]]


class _Runs(dict):
    """What is remembered of each run of letters, digits and the signs that can belong to a word."""

    def __init__(self, learn: Callable[[bytes], bytes]):
        super().__init__({_BORDER: _packed([0])})
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


def _packed(numbers: list[int]) -> bytes:
    return array("i", numbers).tobytes()
