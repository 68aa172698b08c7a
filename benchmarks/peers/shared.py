"""What all engines understand: words in any form, words as written, phrases, AND, OR and NOT."""

import re
from array import array
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from time import process_time
from zlib import crc32

from alerts.query import And, Document, Node, Not, Or, Phrase, Term

AS_WRITTEN = "="
"""Before a word as written, so that it is another token than the same letters as a stem."""
MOST_POSITIONS, LAST_POSITION, LONGEST_WORD = 255, 16_383, 100
"""What PostgreSQL keeps of one lexeme in a text, and of a text; Xapian's terms have up to 245 bytes."""


def expressible(tree: Node) -> bool:
    """Whether every engine can be asked for this query."""
    match tree:
        case Term():
            return True
        case Phrase(words):
            return all(isinstance(word, str) for word in words)
        case Or(children):
            return all(map(expressible, children))
        case And():
            wanted, refused = sides(tree)
            return bool(wanted) and all(map(expressible, [*wanted, *refused]))
        case _:
            return False


def sides(tree: And) -> tuple[list[Node], list[Node]]:
    """What an AND wants, and what it wants not."""
    refused = [child.child for child in tree.children if isinstance(child, Not)]
    return [child for child in tree.children if not isinstance(child, Not)], refused


def written(words: tuple[str, ...]) -> list[str]:
    """The tokens of words as written."""
    return [AS_WRITTEN + word for word in words]


def fits(document: Document) -> bool:
    """Whether every engine can hold the document whole."""
    times = Counter(word for paragraph in document.paragraphs for word in paragraph.words)
    length = sum(len(paragraph.words) + 1 for paragraph in document.paragraphs)
    longest = max(map(len, times), default=0)
    return length < LAST_POSITION and longest <= LONGEST_WORD and max(times.values(), default=0) <= MOST_POSITIONS


def placed(document: Document) -> Iterator[tuple[int, str]]:
    """The words as written with their positions, which leave out one between paragraphs: no phrase goes across."""
    position = 0
    for paragraph in document.paragraphs:
        yield from enumerate(written(paragraph.words), start=position + 1)
        position += len(paragraph.words) + 1


class OwnProcess:
    """What an engine takes that lives in this process alone."""

    def seconds(self) -> float:
        return process_time()

    def megabytes(self) -> float:
        return resident("self")

    def stored(self) -> float | None:
        return None

    def close(self) -> None:
        pass


def fingerprint(found: Collection[int]) -> tuple[int, int]:
    """How many topics a document met, and a sum of which: equal for engines that agree."""
    return len(found), crc32(array("q", sorted(found)).tobytes())


def resident(process: int | str) -> float:
    """Megabytes of a process that are in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
