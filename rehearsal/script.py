"""What is played in the scripted world: people, departments, the whole life of each question, and feeds.

Days are sitting days: 0 is the first day of the play, negative days lie before it.
"""

from dataclasses import dataclass

from rehearsal.press import Press
from rehearsal.records import Member


class ScriptError(Exception):
    """Content that cannot be played; the message names the file, the key and what is wrong."""


@dataclass(frozen=True)
class Department:
    """A body that is asked."""

    key: str
    id: int
    name: str
    short: str


@dataclass(frozen=True)
class Person:
    """A member of either House."""

    key: str
    id: int
    name: str
    list_as: str
    party: str
    party_colour: str
    member_from: str
    house: str
    gender: str
    party_abbreviation: str | None = None

    @property
    def member(self) -> Member:
        """The member as the API shows one."""
        return Member(
            self.id,
            self.name,
            self.list_as,
            self.party,
            self.party_colour,
            self.party_abbreviation,
            self.member_from,
        )


@dataclass(frozen=True)
class Transfer:
    """A question handed to another department, its wording following."""

    day: int
    department: str
    text: str


@dataclass(frozen=True)
class Rewording:
    """A question put in other words."""

    day: int
    text: str


@dataclass(frozen=True)
class Question:
    """The whole life of one question."""

    key: str
    asker: str
    department: str
    tabled: int
    text: str
    house: str = "Commons"
    heading: str | None = None
    heading_from: int | None = None
    named_day: bool = False
    interest: bool = False
    unreached_oral: bool = False
    answered: int | None = None
    answer: str | None = None
    answered_by: str | None = None
    holding: int | None = None
    holding_html: str | None = None
    corrected: int | None = None
    corrected_html: str | None = None
    corrected_by: str | None = None
    transferred: Transfer | None = None
    reworded: Rewording | None = None
    vanishes: int | None = None


@dataclass(frozen=True)
class Script:
    """Everything that is played; the mappings are by key, `questions` and `presses` in the order of the files."""

    departments: dict[str, Department]
    people: dict[str, Person]
    answers: dict[str, str]
    questions: tuple[Question, ...]
    presses: tuple[Press, ...] = ()
