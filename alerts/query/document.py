"""A document: the text of one event as the language sees it, in zones, paragraphs and words."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from alerts.query import analysis
from alerts.query.about import NOTHING_KNOWN, About

#: From the strongest place of a match to the weakest.
ZONES = ("heading", "question", "answer", "text")


@dataclass(frozen=True)
class Paragraph:
    """Words that are next to each other; no phrase reaches beyond it. `start` is its offset in the zone's text."""

    text: str
    start: int

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words; the index of a word is its position."""
        return analysis.words(self.text)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stem of each word."""
        return analysis.stems(self.words)

    @cached_property
    def cased(self) -> tuple[str, ...]:
        """Each word with its capitals."""
        return analysis.cased_words(self.text)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each word in the original text of the zone."""
        return tuple(self.span(at, at) for at in range(len(self._borders) // 2))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from the `first` to the `last` stand in the original text of the zone."""
        return self.start + self._borders[2 * first], self.start + self._borders[2 * last + 1]

    @cached_property
    def _borders(self) -> array:
        """Start and end of each word in this paragraph, one after another: kept as numbers, they take little room."""
        return array("L", chain.from_iterable(analysis.spans(self.text)))


@dataclass(frozen=True)
class Zone:
    """One part of a document under its name, with its text as it was given."""

    name: str
    text: str

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs that have words."""
        return tuple(paragraph for paragraph in self._cut() if paragraph.words)

    def _cut(self) -> Iterator[Paragraph]:
        start = 0
        for line in self.text.split("\n"):
            yield Paragraph(line, start)
            start += len(line) + 1


@dataclass(frozen=True)
class Document:
    """The analysed text that a query is held against, and what is known about it."""

    zones: tuple[Zone, ...]
    about: About = NOTHING_KNOWN

    @classmethod
    def from_zones(
        cls, *, heading: str = "", question: str = "", answer: str = "", text: str = "", about: About = NOTHING_KNOWN
    ) -> "Document":
        """A document of these plain texts, in which a line break is a paragraph border."""
        given = zip(ZONES, (heading, question, answer, text), strict=True)
        return cls(tuple(Zone(name, content) for name, content in given if content), about)

    def only(self, zone: str) -> "Document":
        """The same document narrowed to what a query calls by this name: one zone, or for `text` all but the heading.

        Asked twice it is the same object, and what was analysed once is not analysed again.
        """
        return self._narrowed[zone]

    @cached_property
    def _narrowed(self) -> dict[str, "Document"]:
        meant = {name: (name,) for name in ZONES} | {"text": ZONES[1:]}
        return {
            name: Document(tuple(zone for zone in self.zones if zone.name in zones), self.about)
            for name, zones in meant.items()
        }

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of all zones."""
        return tuple(paragraph for zone in self.zones for paragraph in zone.paragraphs)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every folded word that occurs."""
        return frozenset(word for paragraph in self.paragraphs for word in paragraph.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """Every stem that occurs."""
        return frozenset(stem for paragraph in self.paragraphs for stem in paragraph.stems)
