"""Topics to match: what people would save, made from the words of documents and a seed."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from alerts.query import And, Cased, Document, Field, In, Near, Node, Not, Or, Phrase, Prefix, Term, canonical
from alerts.query.analysis import STOP_WORDS
from alerts.query.document import Paragraph

ANEW = 0.35
"""The share of subscriptions whose words nobody has saved before; the others are as a random earlier one."""
COMMON = 0.01
"""The share of documents that a word may be in for people to look for it alone: six questions on a busy day."""


class Searches:
    """Queries of the forms that people save, about what documents are about."""

    def __init__(self, documents: Sequence[Document], seed: int, common: float = COMMON):
        self._documents, self._chance = documents, Random(seed)
        self._common = _common(documents, common)
        forms = ((38, self._word), (18, self._both), (17, self._phrase), (10, self._any), (4, self._without))
        forms += ((2, self._beginning), (2, self._near), (2, self._capitals), (3, self._in_heading), (4, self._of))
        self._weights, self._forms = zip(*forms, strict=True)

    def distinct(self, count: int) -> Iterator[Node]:
        """So many queries that all differ."""
        seen: set[int] = set()
        while len(seen) < count:
            tree = self._one()
            if tree is not None and (key := hash(canonical(tree))) not in seen:
                seen.add(key)
                yield tree

    def saved(self, subscriptions: int) -> Iterator[Node]:
        """The distinct queries of so many subscriptions."""
        return self.distinct(sum(self._chance.random() < ANEW for _ in range(subscriptions)))

    def apart(self, subscriptions: int) -> Iterator[Node]:
        """The query of each of so many subscriptions, most of which somebody has saved before."""
        saved: list[Node] = []
        anew = self.distinct(subscriptions)
        for _ in range(subscriptions):
            heard = saved and self._chance.random() >= ANEW
            saved.append(self._chance.choice(saved) if heard else next(anew))
            yield saved[-1]

    def _one(self) -> Node | None:
        [form] = self._chance.choices(self._forms, self._weights)
        return form()

    def _paragraph(self) -> Paragraph:
        """A heading half of the time: there stands what things are about."""
        while True:
            document = self._chance.choice(self._documents)
            paragraphs = (document.zones[0] if self._chance.random() < 0.5 else document).paragraphs
            if paragraphs:
                return self._chance.choice(paragraphs)

    def _word(self) -> Node | None:
        word = self._chance.choice(self._paragraph().words)
        return Term(word) if len(word) > 2 and not word.isdigit() and word not in self._common else None

    def _run(self, lengths: Sequence[int]) -> tuple[str, ...] | None:
        """Words next to each other, with no stop word at either end."""
        words, length = self._paragraph().words, self._chance.choice(lengths)
        start = self._chance.randrange(len(words))
        run = words[start : start + length]
        usual = len(run) < length or {run[0], run[-1]} & STOP_WORDS or all(word in self._common for word in run)
        return None if usual else run

    def _phrase(self) -> Node | None:
        run = self._run((2, 2, 2, 3, 3, 4))
        return Phrase(run) if run else None

    def _joined(self, kind: Callable, parts: list[Node | None]) -> Node | None:
        different = list(dict.fromkeys(filter(None, parts)))
        return kind(tuple(different)) if len(different) > 1 else None

    def _both(self) -> Node | None:
        """Two or three words, one of which may be common, that go together."""
        words = [word for word in self._paragraph().words if word not in STOP_WORDS and len(word) > 2]
        chosen = self._chance.sample(words, min(len(words), self._chance.choice((2, 2, 2, 3))))
        rare = any(word not in self._common for word in chosen)
        return self._joined(And, list(map(Term, chosen))) if rare else None

    def _any(self) -> Node | None:
        words = [self._chance.choice((self._word, self._phrase))() for _ in range(self._chance.choice((2, 2, 3, 4, 6)))]
        return self._joined(Or, words)

    def _without(self) -> Node | None:
        found, left = self._chance.choice((self._word, self._phrase, self._both))(), self._word()
        return And((found, Not(left))) if found and left and found != left else None

    def _beginning(self) -> Node | None:
        word = self._word()
        return Prefix(word.word[: max(4, len(word.word) - 3)]) if word and len(word.word) > 4 else None

    def _near(self) -> Node | None:
        sides = self._word(), self._word()
        return Near(sides, self._chance.choice((5, 10))) if all(sides) and sides[0] != sides[1] else None

    def _capitals(self) -> Node | None:
        cased = [word for word in self._paragraph().cased if word[0].isupper() and len(word) > 1]
        word = self._chance.choice(cased) if cased else None
        return Cased((word,)) if word and word.lower() not in self._common else None

    def _in_heading(self) -> Node | None:
        found = self._chance.choice((self._word, self._phrase))()
        return In("heading", found) if found else None

    def _of(self) -> Node | None:
        """A word asked of one department, or by one member."""
        names = self._chance.choice(self._documents).about.names
        known = [(name, names[name][0]) for name in ("dept", "asked") if names[name]]
        word = self._chance.choice((self._word, self._phrase))()
        return And((word, Field(*self._chance.choice(known)))) if known and word else None


def _common(documents: Sequence[Document], share: float) -> frozenset[str]:
    sample = documents[:2_000]
    seen: dict[str, int] = {}
    for document in sample:
        for word in document.words:
            seen[word] = seen.get(word, 0) + 1
    return frozenset(word for word, times in seen.items() if times > share * len(sample)) | STOP_WORDS
