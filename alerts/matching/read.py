"""A document as it was read: the evaluator is given the words that the reader has looked up already."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from alerts.query import Document
from alerts.query.document import Paragraph, Zone


class Lexicon:
    """The words that a reader has met, folded and with their capitals, by number; 0 is a border."""

    def __init__(self):
        self.words, self.cased = [""], [""]


@dataclass(frozen=True, eq=False)
class ReadParagraph(Paragraph):
    """A paragraph of words with these numbers."""

    numbers: list[int]
    lexicon: Lexicon

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words."""
        return tuple(map(self.lexicon.words.__getitem__, self.numbers))

    @cached_property
    def cased(self) -> tuple[str, ...]:
        """Each word with its capitals."""
        return tuple(map(self.lexicon.cased.__getitem__, self.numbers))


@dataclass(frozen=True, eq=False)
class ReadZone(Zone):
    """A zone of words with these numbers (as `array` packs them), and a 0 for each line break."""

    packed: bytes
    lexicon: Lexicon

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs that have words."""
        return tuple(self._read())

    def _read(self) -> Iterator[ReadParagraph]:
        numbers = [*memoryview(self.packed).cast("i"), 0]
        begin = start = 0
        for line in self.text.split("\n"):
            end = numbers.index(0, begin)
            if end > begin:
                yield ReadParagraph(line, start, numbers[begin:end], self.lexicon)
            begin, start = end + 1, start + len(line) + 1


def as_read(document: Document, packed: list[bytes], lexicon: Lexicon) -> Document:
    """The same document, with the words of each of its zones."""
    zones = (ReadZone(zone.name, zone.text, words, lexicon) for zone, words in zip(document.zones, packed, strict=True))
    return Document(tuple(zones), document.about)
