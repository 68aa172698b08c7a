"""The rows of ninety days of questions, and queries of every form about them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from random import Random

from alerts.matching.kept import kept
from alerts.models import Counter as Numbers
from alerts.models import Event, Item
from alerts.models.choices import Kind
from alerts.query import And, Document, Field, In, Near, Node, Not, Or, Phrase, Prefix, Query, Term, canonical, parse
from alerts.query.analysis import STOP_WORDS
from benchmarks._day_rows import DAYS, NOW, happen
from benchmarks._topics import Searches

BROAD = 40
"""Words that stand in most texts, from which broad queries are made."""
LONG_BEFORE = 14
"""Days from which a question waits for its answer, at most."""


def ninety_days(documents: Sequence[Document], seed: int) -> None:
    """Each question tabled, and answered if it is, spread over the days; equal answers come together."""
    chance = Random(seed)
    groups = defaultdict(list)
    for number, document in enumerate(documents):
        groups[_answer(document) or number].append(document)
    shuffled = list(groups.values())
    chance.shuffle(shuffled)
    happen([document for group in shuffled for document in group], released=True)
    _answered_together()
    _tabled(chance)


def _answer(document: Document) -> str:
    return next((zone.text for zone in document.zones if zone.name == "answer"), "")


def _answered_together() -> None:
    """Those with one answer know of each other, as Parliament's do."""
    groups = defaultdict(list)
    for item in Item.objects.only("id", "answer", "department", "tabled_on", "external_key"):
        item.uin = item.external_key.removeprefix("past-")
        groups[item.answer and (item.answer, item.department_id, item.tabled_on)].append(item)
    for answer, items in groups.items():
        for item in items if answer and len(items) > 1 else ():
            others = [one for one in items if one is not item][:50]
            item.grouped_with = [{"uin": one.uin, "tabled": one.tabled_on.isoformat()} for one in others]
    Item.objects.bulk_update([item for items in groups.values() for item in items], ["uin", "grouped_with"], 500)


def _tabled(chance: Random) -> None:
    """The development before each answer."""
    answered = Event.objects.filter(kind=Kind.ANSWERED).readable().order_by("id")
    events = []
    for number, event in enumerate(answered.iterator(chunk_size=1_000), start=Numbers.current_seq() + 1):
        event.pk, event.kind, event.answer, event.seq = None, Kind.TABLED, "", number
        event.happened_on = max(event.happened_on - timedelta(days=chance.randint(1, LONG_BEFORE)), _first_day())
        event._state.adding = True
        for name, value in kept(event, event.document).items():
            setattr(event, name, value)
        events.append(event)
    Event.objects.bulk_create(events, batch_size=500)
    Numbers.objects.update(seq=Numbers.current_seq() + len(events))


def _first_day():
    return NOW.date() - timedelta(days=DAYS)


class Queries:
    """So many queries of each form, about what documents are about."""

    def __init__(self, documents: Sequence[Document], seed: int):
        self._documents, self._chance = documents, Random(seed)
        counts = Counter(word for document in documents[:5_000] for word in document.words)
        words = [
            word for word, _ in counts.most_common() if word not in STOP_WORDS and len(word) > 3 and word.isalpha()
        ]
        self._broad, self._words = words[:BROAD], words[BROAD:6_000]
        self._saved = Searches(documents, seed).distinct(10_000)

    def forms(self, count: int) -> dict[str, list[Query]]:
        """The name of each form, with its queries; all of them can be typed."""
        made: dict[str, Callable[[], Node]] = {
            "a broad word": lambda: Term(self._pick(self._broad)),
            "a word": lambda: Term(self._pick(self._words)),
            "two words": lambda: And((Term(self._pick(self._broad)), Term(self._pick(self._words)))),
            "OR of 50 words": lambda: Or(tuple(map(Term, self._chance.sample(self._words, 50)))),
            "a prefix": lambda: Prefix(self._pick(self._broad + self._words)[: self._chance.randint(3, 5)]),
            "a phrase of two": lambda: Phrase(self._run(2)),
            "a phrase of three to five": lambda: Phrase(self._run(self._chance.randint(3, 5))),
            "NEAR": lambda: Near((Term(self._pick(self._broad)), Term(self._pick(self._words))), 5),
            "in the heading or question": lambda: self._zoned(Term(self._pick(self._broad))),
            "a name": self._named,
            "a word without another": lambda: And((Term(self._pick(self._broad)), Not(Term(self._pick(self._words))))),
            "as people save": lambda: next(self._saved),
        }
        return {name: list(self._typed(make, count)) for name, make in made.items()}

    def _typed(self, make: Callable[[], Node], count: int) -> Iterable[Query]:
        found: dict[str, Query] = {}
        for _ in range(count * 20):
            text = canonical(make())
            if len(found) == count:
                break
            if len(text) <= 1_000:
                found.setdefault(text, parse(text))
        return found.values()

    def _pick(self, words: Sequence[str]) -> str:
        return self._chance.choice(words)

    def _run(self, length: int) -> tuple[str, ...]:
        """Words next to each other, with no stop word at either end."""
        while True:
            words = self._chance.choice(self._chance.choice(self._documents).paragraphs).words
            start = self._chance.randrange(len(words))
            run = words[start : start + length]
            if len(run) == length and not STOP_WORDS & {run[0], run[-1]}:
                return run

    def _zoned(self, word: Term) -> Node:
        return Or((In("heading", word), In("question", word)))

    def _named(self) -> Node:
        """What one body or one member was asked, or one party asks, about a broad word or at all."""
        names = self._chance.choice(self._documents).about.names
        known = [(name, names[name][0]) for name in ("dept", "asked", "party") if names[name]]
        name, words = self._chance.choice(known)
        if name == "party" or self._chance.random() < 0.5:
            return And((Term(self._pick(self._broad)), Field(name, words)))
        return Field(name, words)


def in_turn(forms: dict[str, list[Query]]) -> Iterator[tuple[str, Query]]:
    """Every query with the name of its form, the forms in turn."""
    for turn in zip(*([(name, query) for query in queries] for name, queries in forms.items()), strict=False):
        yield from turn
