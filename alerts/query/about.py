"""What is known about an item besides its text: what kind of thing it is, and who has to do with it."""

from dataclasses import dataclass
from functools import cached_property

from alerts.query import analysis

Names = tuple[tuple[str, ...], ...]

#: What each of the closed fields can be asked for.
VALUES = {
    "type": ("question", "newsletter"),
    "house": ("commons", "lords"),
    "status": ("tabled", "holding", "answered", "corrected", "withdrawn"),
}
_OPENINGS = (("department", "for", "the"), ("department", "of", "the"), ("department", "for"), ("department", "of"))
_OPENINGS += (("ministry", "of"),)


@dataclass(frozen=True)
class About:
    """What fields of a query are held against; "" or () where it is not known.

    `type` is question or newsletter, `house` commons or lords, `status` the kind of the event. `departments` are all
    names and short names of the body that was asked, `party` name and abbreviation of the asking member's party.
    """

    type: str = ""
    house: str = ""
    source: str = ""
    status: str = ""
    departments: tuple[str, ...] = ()
    asked: str = ""
    answered: str = ""
    party: tuple[str, ...] = ()

    @cached_property
    def names(self) -> dict[str, Names]:
        """The folded words of every name under which each field knows the item."""
        given = {
            "type": (self.type,),
            "house": (self.house,),
            "status": self._statuses,
            "source": (self.source,),
            "dept": self.departments,
            "asked": (self.asked,),
            "answered": (self.answered,),
            "party": self.party,
        }
        words = {field: tuple(filter(None, map(analysis.words, names))) for field, names in given.items()}
        return words | {"dept": tuple(map(without_opening, words["dept"]))}

    @property
    def _statuses(self) -> tuple[str, ...]:
        """What was corrected or withdrawn was answered too, for whoever looks for answers."""
        return (self.status, "answered") if self.status in ("corrected", "withdrawn") else (self.status,)


NOTHING_KNOWN = About()


def without_opening(words: tuple[str, ...]) -> tuple[str, ...]:
    """The name of a department without its `Department of`, as long as something is left."""
    for opening in _OPENINGS:
        if words[: len(opening)] == opening and len(words) > len(opening):
            return without_opening(words[len(opening) :])
    return words
