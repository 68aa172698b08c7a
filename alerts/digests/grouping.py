"""Groups: what is shown once, several questions with one answer or one text in several newsletters. Pure."""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache

from alerts.digests.facts import KEPT, Fact, Reply
from alerts.digests.kept import kept
from alerts.models.same import LONG_ENOUGH, address, joined, normalised


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """One fact for each item: its latest event, in the order of the facts given."""
    newest: dict[int, Fact] = {}
    for fact in facts:
        known = newest.get(fact.item_id)
        if known is None or fact.seq > known.seq:
            newest[fact.item_id] = fact
    return list(newest.values())


def groups(facts: Iterable[Fact]) -> list[tuple[Fact, ...]]:
    """Facts that are told together: answered together as Parliament says, with the same answer, or one text.

    Only answers of one kind, from one answering body on one day, are joined; of newsletters what has the same link, or
    the same title and text. Each group is in the order of the facts, and so are the groups by their first.
    """
    facts = list(facts)
    shared = _links_of_several(facts)
    joined_facts = joined([_signs(fact, shared) for fact in facts])
    return [tuple(facts[n] for n in group) for group in joined_facts]


def _signs(fact: Fact, shared: set[str]) -> Iterable[Hashable]:
    """What this fact has in common with every other fact of its group."""
    if not fact.from_parliament:
        return _signs_of_a_text(fact, shared)
    return _signs_of_an_answer(fact) if fact.answer else ()


def _signs_of_a_text(fact: Fact, shared: set[str]) -> Iterator[Hashable]:
    """The link and the words of an item of a newsletter."""
    link = address(fact.own_link)
    if fact.own_link and link not in shared:
        yield "link", link
    title, text = normalised(fact.heading), normalised(fact.text)
    if text:
        yield "text", title, text


def _links_of_several(facts: Iterable[Fact]) -> set[str]:
    """Links under which one source has several items: they say nothing of which text stands there."""
    used = Counter((fact.source, address(fact.own_link)) for fact in facts if fact.own_link)
    return {link for (_, link), number in used.items() if number > 1}


@kept
def _signs_of_an_answer(fact: Fact) -> tuple[Hashable, ...]:
    """Those it was answered together with, and its answer."""
    same = (fact.kind, fact.body, fact.happened_on)
    together = [("together", same, question) for question in fact.partners | {fact.address}]
    long = reply(fact.body, fact.happened_on, fact.answer)
    if long:
        return *together, ("answer", fact.kind, long)
    return *together, ("stock reply", same, normalised(fact.answer), fact.asker, fact.heading)


@lru_cache(maxsize=KEPT)
def reply(body: str, day: datetime.date, answer: str) -> Reply | None:
    """An answer by which alone questions belong together; None where it is too short for that."""
    words = normalised(answer)
    return (body, day, words) if len(words.split()) >= LONG_ENOUGH else None
