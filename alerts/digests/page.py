"""The page of a digest: all of what its email tells, or what a reader chooses of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.digests.arrange import place
from alerts.digests.content import PAGE, DigestContent, content
from alerts.digests.facts import Fact, Told
from alerts.digests.gather import gathered
from alerts.digests.grouping import latest
from alerts.digests.render import not_relevant
from alerts.models import Digest
from alerts.models.choices import House, Kind

KINDS = {
    Kind.TABLED: "Tabled",
    Kind.HOLDING: "Holding answers",
    Kind.ANSWERED: "Answers",
    Kind.CORRECTED: "Corrected answers",
    Kind.WITHDRAWN: "Withdrawn",
    Kind.PUBLISHED: "Newsletters",
    Kind.REVISED: "Newsletters, updated",
}


@dataclass(frozen=True)
class Choice:
    """One way to narrow the page: the name of its field, its label, and what can be chosen, each value with its words.

    `chosen` is the value that is in force, or ''.
    """

    name: str
    label: str
    options: Mapping[str, str]
    chosen: str = ""


@dataclass(frozen=True)
class Page:
    """What the page shows (None where all of it was hidden), of how many results in all, and what can be chosen.

    `not_relevant` leads from each result, by its anchor, to where its reader says that it was not for them.
    """

    said: DigestContent | None
    in_all: int
    choices: tuple[Choice, ...]
    not_relevant: Mapping[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Whether only a part of the digest was asked for."""
        return any(choice.chosen for choice in self.choices)


def page(digest: Digest, asked: Mapping[str, str]) -> Page:
    """The page of a digest, also of alerts that ended since, narrowed to what is `asked` for by alert, House and kind.

    What was never offered narrows nothing.
    """
    told = gathered([digest], {}, ended_too=True)[digest.pk]
    choices = tuple(_in_force(choice, asked) for choice in _choices(told.told) if len(choice.options) > 1)
    placed = place(_narrowed(told.told, choices), told.partners)
    shown = content(placed, limits=PAGE) if any(part.told.facts for part in placed) else None
    in_all = content(place(told.told, told.partners), limits=PAGE).results if told.told else 0
    return Page(shown, in_all, choices, not_relevant(placed))


def _choices(told: Sequence[Told]) -> tuple[Choice, ...]:
    facts = [fact for section in told for fact in section.facts]
    houses, kinds = {fact.about.house for fact in facts}, {fact.kind for fact in latest(facts)}
    return (
        Choice("alert", "Alert", {str(n): section.title for n, section in enumerate(told, start=1)}),
        Choice("house", "House", {house: house for house in House.values if house in houses}),
        Choice("kind", "What happened", {kind: words for kind, words in KINDS.items() if kind in kinds}),
    )


def _in_force(choice: Choice, asked: Mapping[str, str]) -> Choice:
    wished = asked.get(choice.name, "")
    return replace(choice, chosen=wished) if wished in choice.options else choice


def _narrowed(told: Sequence[Told], choices: Iterable[Choice]) -> list[Told]:
    """The sections with what is chosen of them; what a later development replaced never comes back by it."""
    chosen = {choice.name: choice.chosen for choice in choices if choice.chosen}
    if not chosen:
        return list(told)
    sections = [told[int(chosen["alert"]) - 1]] if "alert" in chosen else told
    newest = {fact.event_id for fact in latest(fact for section in sections for fact in section.facts)}
    return _of_facts(sections, lambda fact: fact.event_id in newest and _fits(fact, chosen))


def _of_facts(told: Iterable[Told], wanted: Callable[[Fact], bool]) -> list[Told]:
    left = (replace(section, facts=tuple(filter(wanted, section.facts))) for section in told)
    return [section for section in left if section.facts]


def _fits(fact: Fact, chosen: Mapping[str, str]) -> bool:
    house, kind = chosen.get("house", fact.about.house), chosen.get("kind", fact.kind)
    return (fact.about.house, fact.kind) == (house, kind)
