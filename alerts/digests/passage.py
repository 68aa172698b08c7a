"""A passage: a piece of somebody's words with the matched words marked. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from alerts.digests.facts import KEPT

# What may stand between "To ask" and the question itself: the office asked, in capitals, and the small words in it.
_OFFICE = r"(?:[A-Z][\w’'.-]*|of|for|and|the|to|on|in|as|hon\.|right|representing)"
_OPENINGS = (
    re.compile(r"To ask (?:His|Her) Majesty[’']s Government,? (?=[a-z(])"),
    re.compile(rf"To ask (?:{_OFFICE},? )*{_OFFICE}, (?=[a-z(])"),
    re.compile(rf"To ask (?:{_OFFICE} )+(?=(?:what|whether|how|when|which|who|why|if)\b)"),
)
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*$")
_NUMBER_OF_A_LIST = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]+$")
_BLANKS = re.compile(r"[\n\r\t\u2028\u2029]")


@dataclass(frozen=True)
class Passage:
    """Text with marked spans (start, end), sorted and apart; it says where it was cut in the middle of a sentence.

    `paragraphs` are the places where one begins after another: a heading ends there without a full stop.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    cut_before: bool = False
    cut_after: bool = False
    paragraphs: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str, marks: Iterable[tuple[int, int]] = ()) -> "Passage":
        """All of `text`, in one line; the marks' offsets stay right."""
        plain, marks = _unmarked(text), tuple(marks)
        return cls(plain.text, marks, paragraphs=plain.paragraphs) if marks else plain

    def __bool__(self) -> bool:
        return bool(self.text)

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return _words(self.text)

    def piece(self, start: int, end: int) -> "Passage":
        """What stands from `start` to `end`, with the marks that lie in it whole."""
        inside = tuple((a - start, b - start) for a, b in self.marks if start <= a and b <= end)
        mid_start = bool(self.text[:start].strip()) and not self.ends_at(start)
        mid_end = bool(self.text[end:].strip()) and not self.ends_at(end)
        return Passage(
            self.text[start:end],
            inside,
            self.cut_before or mid_start,
            self.cut_after or mid_end,
            tuple(border - start for border in self.paragraphs if start < border < end),
        )

    def ends_at(self, place: int) -> bool:
        """Whether a sentence or a paragraph ends at this place, whatever blanks stand there."""
        last = after = place
        while last and self.text[last - 1].isspace():
            last -= 1
        while after < len(self.text) and self.text[after].isspace():
            after += 1
        border = bisect_right(self.paragraphs, last)
        if border < len(self.paragraphs) and self.paragraphs[border] <= after:
            return True
        before = self.text[max(last - 10, 0) : last]
        return bool(_SENTENCE_END.search(before)) and not _NUMBER_OF_A_LIST.search(before)

    def without_opening(self) -> "Passage":
        """Without the opening formula of a question, which only repeats who is asked; what follows gets its capital."""
        end = _opening(self.text)
        if not end:
            return self
        rest = self.piece(end, len(self.text))
        return replace(rest, text=rest.text[:1].upper() + rest.text[1:], cut_before=False)

    def runs(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked; together they are the whole text."""
        at = 0
        for start, end in self.marks:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False

    def plain(self) -> str:
        """As plain text: `*marked*` words, and dots where it was cut."""
        marked = "".join(f"*{run}*" if is_marked else run for run, is_marked in self.runs())
        return f"{'...' if self.cut_before else ''}{marked.strip()}{'...' if self.cut_after else ''}"


@lru_cache(maxsize=KEPT // 4)
def _unmarked(text: str) -> Passage:
    """All of `text` with a blank for each line break or tab."""
    return Passage(_BLANKS.sub(" ", text), paragraphs=tuple(match.end() for match in _BLANKS.finditer(text)))


@lru_cache(maxsize=KEPT // 4)
def _words(text: str) -> int:
    return len(text.split())


@lru_cache(maxsize=KEPT // 4)
def _opening(text: str) -> int:
    """Where the opening formula of a question ends; 0 without one."""
    return next((match.end() for opening in _OPENINGS if (match := opening.match(text))), 0)
