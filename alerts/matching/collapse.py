"""Collapsing: which of the events found are one result, by the rule that digests follow.

An item is shown once, as its latest event that was found. Questions answered together as Parliament says, or with the
same answer, are one result; so are newsletters' items with the same link, or the same title and text.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np

from alerts.matching import items
from alerts.matching.columns import KINDS, are_among
from alerts.models import Item
from alerts.models.choices import Kind
from alerts.models.original import own_link
from alerts.models.same import address, joined

_NONE = np.empty(0, np.int64)
_LINK = ("source_id", "url", "issue__url", "issue__rule")
_NEWSLETTERS = [KINDS.index(Kind.PUBLISHED), KINDS.index(Kind.REVISED)]


@dataclass(frozen=True)
class Results:
    """Places of rows, one for each item, in their order, and for each of them the number of its result, from 0."""

    places: np.ndarray
    numbers: np.ndarray

    def __len__(self) -> int:
        return int(self.numbers.max()) + 1 if len(self.numbers) else 0

    @property
    def firsts(self) -> np.ndarray:
        """For each result the place of its first row."""
        return self.places[_are_first(self.numbers)]

    def of(self, number: int) -> list[int]:
        """The places of the rows of one result."""
        return self.places[self.numbers == number].tolist()


class Collapse:
    """The rows found, newest first, ready to be collapsed: all of them, or any part of them."""

    def __init__(self, rows: np.ndarray):
        self.rows = rows
        self._by_item = np.lexsort((rows["id"], rows["day"], rows["seq"], rows["item"]))
        self._is_text = np.isin(rows["kind"], _NEWSLETTERS)
        self._sign = _signs(rows, self._is_text)
        self._together = _together(rows, self._sign, ~self._is_text & (rows["same"] != 0))
        self._links = _links(rows, self._is_text)
        self._tied = np.zeros(len(rows), bool)
        self._tied[[*self._together, *self._links]] = True

    def results(self, part: np.ndarray | None = None) -> Results:
        """The results of all rows, or of those where `part` is true as if nothing else had been found."""
        places = self._latest(part)
        sign = self._merged(places)[self._sign[places]]
        number = np.empty(len(self.rows) + 1, np.int64)
        firsts = sign[_are_first(sign)]
        number[firsts] = np.arange(len(firsts))
        return Results(places, number[sign])

    def _latest(self, part: np.ndarray | None) -> np.ndarray:
        order = self._by_item if part is None else self._by_item[part[self._by_item]]
        items = self.rows["item"][order]
        is_last = np.append(items[1:] != items[:-1], True)[: len(items)]
        return np.sort(order[is_last])

    def _merged(self, places: np.ndarray) -> np.ndarray:
        """For each sign the one that stands for it, and for all that these places join with it."""
        stands_for = np.arange(len(self.rows) + 1)
        tied = places[self._tied[places]].tolist()
        used = Counter(self._links[place] for place in tied if place in self._links)
        shared = {link for (_, link), number in used.items() if number > 1}
        signs = [[("own", self._sign[place]), *self._ties(place, shared)] for place in tied]
        for group in joined(signs):
            stands_for[[self._sign[tied[number]] for number in group]] = self._sign[tied[group[0]]]
        return stands_for

    def _ties(self, place: int, shared: set[str]) -> Iterator[Hashable]:
        """A link under which one source has several items says nothing of which text stands there."""
        yield from self._together.get(place, ())
        _, link = self._links.get(place, (0, ""))
        if link and link not in shared:
            yield "link", link


def _are_first(numbers: np.ndarray) -> np.ndarray:
    """Where a number, of those from 0, stands for the first time."""
    places = np.arange(len(numbers))
    first = np.empty(numbers.max(initial=0) + 1, np.int64)
    first[numbers[::-1]] = places[::-1]
    return first[numbers] == places


def _signs(rows: np.ndarray, is_text: np.ndarray) -> np.ndarray:
    """A number below that of the rows for each; those that have the same answer, or the same text, share theirs."""
    if not len(rows):
        return rows["id"]
    same = rows["same"]
    context = [np.where(is_text, -1, rows["kind"]), same]
    context += [np.where(is_text, 0, rows[name]) for name in ("department", "day")]
    context += [np.where(same < 0, rows["asker"], 0)]
    alone = np.where(same == 0, np.arange(1, len(rows) + 1), 0)
    first, short = _numbered(*context, alone), same < 0
    repeated = short & (np.bincount(first)[first] > 1)
    return _numbered(first, _headings(rows, repeated))


def _numbered(*columns: np.ndarray) -> np.ndarray:
    """One number for each different combination of values."""
    order = np.lexsort(columns)
    changes = np.zeros(len(order), bool)
    for column in columns:
        ordered = column[order]
        changes[1:] |= ordered[1:] != ordered[:-1]
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(changes)
    return numbers


def _headings(rows: np.ndarray, where: np.ndarray) -> np.ndarray:
    """A number for each different heading, where it matters; an event without one has its item's."""
    numbers = np.where(where, rows["heading"], 0)
    unnamed = where & (rows["heading"] == 0)
    if unnamed.any():
        headings = items.headings(np.unique(rows["item"][unnamed]))
        numbers[unnamed] = [headings[item] for item in rows["item"][unnamed].tolist()]
    return numbers


def _together(rows: np.ndarray, sign: np.ndarray, has_answer: np.ndarray) -> dict[int, list[Hashable]]:
    """For each place: what it shares with those that Parliament says were answered together with it.

    What only those share that have one sign in any case is left out.
    """
    places = np.flatnonzero(has_answer)
    answers = _numbered(*(rows[name][places] for name in ("kind", "department", "day")))
    apart = _stands_with_several(answers, sign[places])
    places, ties = _addressed(rows, places[apart], answers[apart])
    joining = _stands_with_several(ties, sign[places])
    together = defaultdict(list)
    for place, tie in zip(places[joining].tolist(), ties[joining].tolist(), strict=True):
        together[place].append(("together", tie))
    return together


def _addressed(rows: np.ndarray, places: np.ndarray, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places, some of them several times, and for each a number for an address that it shares, and for its answer."""
    known = items.together(np.unique(rows["item"][places]))
    is_known = are_among(rows["item"][places], list(known))
    places, answers = places[is_known], answers[is_known]
    shared = [known[item] for item in rows["item"][places].tolist()]
    lengths = np.fromiter(map(len, shared), np.int64, len(shared))
    return np.repeat(places, lengths), _numbered(np.repeat(answers, lengths), np.concatenate([_NONE, *shared]))


def _stands_with_several(numbers: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Where a number, of those that `_numbered` gives, stands that has another sign elsewhere."""
    one = np.zeros(len(numbers), np.int64)
    one[numbers] = signs
    return (np.bincount(numbers, signs != one[numbers]) > 0)[numbers]


def _links(rows: np.ndarray, is_text: np.ndarray) -> dict[int, tuple[int, str]]:
    """For each place of a newsletter's item with a link of its own: its source and that link."""
    places = np.flatnonzero(is_text).tolist()
    told = Item.objects.filter(pk__in=set(rows["item"][places].tolist())).select_related("issue").only(*_LINK)
    links = {item.pk: (item.source_id, address(link)) for item in told if (link := own_link(item))}
    return {place: links[item] for place in places if (item := int(rows["item"][place])) in links}
