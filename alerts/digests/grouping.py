"""Groups: several questions with one answer, to be shown once. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from alerts.digests.facts import Fact

LONG_ENOUGH = 40
"""Equal answers of so many words are one answer; shorter stock replies must also share member and heading."""

_TAG = re.compile(r"<[^>]+>")
_SIGNS = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″", '"') | dict.fromkeys("‐‑‒–—―−", "-"))


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """One fact for each item: its latest event, in the order of the facts given."""
    newest: dict[int, Fact] = {}
    for fact in facts:
        known = newest.get(fact.item_id)
        if known is None or fact.seq > known.seq:
            newest[fact.item_id] = fact
    return list(newest.values())


def normalised(answer: str) -> str:
    """An answer for comparing: without tags, with one kind of blank, quotation mark and dash."""
    folded = unicodedata.normalize("NFKC", _TAG.sub(" ", answer)).translate(_SIGNS)
    return " ".join(folded.split()).casefold()


def groups(facts: Iterable[Fact]) -> list[tuple[Fact, ...]]:
    """Facts that are told together: answered together as Parliament says, or with the same answer.

    Only answers of one kind, from one answering body on one day, are joined. Each group is in the order of the facts,
    and so are the groups by their first.
    """
    facts = list(facts)
    parent = list(range(len(facts)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = n = parent[parent[n]]
        return n

    first_with: dict[Hashable, int] = {}
    for n, fact in enumerate(facts):
        for sign in _signs(fact):
            parent[root(n)] = root(first_with.setdefault(sign, n))
    joined = defaultdict(list)
    for n, fact in enumerate(facts):
        joined[root(n)].append(fact)
    return [tuple(group) for group in joined.values()]


def _signs(fact: Fact) -> Iterator[Hashable]:
    """What this fact has in common with every other fact of its group."""
    if not fact.answer:
        return
    same = (fact.kind, fact.body, fact.happened_on)
    for address in fact.partners | {fact.address}:
        yield "together", same, address
    answer = normalised(fact.answer)
    if len(answer.split()) >= LONG_ENOUGH:
        yield "answer", same, answer
    else:
        yield "stock reply", same, answer, fact.asker, fact.heading
