"""What we know of a written question: frozen values that no longer depend on how Parliament's API writes them.

Dates are London dates without a time. Texts are kept as they came, cut as the list cuts them; `Question.is_cut` is
measured on them before anything is stripped.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from alerts.models.choices import Kind

QUESTION_CUT = 255
ANSWER_CUT = 258
# The list drops the tags of an answer without a blank, which glues its paragraphs: "nationally.Based upon".
GLUED = re.compile(r"""[a-z0-9%)”’"'][.:;?!][)”’"']?[A-Z]|[a-z][)”’]?[A-Z]""")


@dataclass(frozen=True, slots=True)
class Person:
    """A member as `expandMember=true` shows one; only the id is sure."""

    id: int
    name: str = ""
    list_as: str = ""
    party: str = ""
    party_abbreviation: str = ""
    member_from: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """Another question with the same answer: a UIN alone is not unique, with the day tabled it is."""

    uin: str
    tabled_on: date


@dataclass(frozen=True, slots=True)
class Question:
    """One written question as a list or a detail shows it."""

    id: int
    uin: str
    house: str
    tabled_on: date
    question: str
    department_id: int
    department_name: str
    asker: Person
    due_on: date | None = None
    heading: str = ""
    has_interest: bool = False
    is_named_day: bool = False
    is_withdrawn: bool = False
    holding: bool | None = None
    correction: bool | None = None
    answerer: Person | None = None
    corrector: Person | None = None
    answer: str = ""
    answered_on: date | None = None
    holding_on: date | None = None
    marked_corrected_on: date | None = None
    partners: tuple[Partner, ...] = ()
    attachments: tuple[dict, ...] = ()

    @property
    def state(self) -> Kind:
        """Where the question stands, by the flags alone: a holding answer has a date and a text too."""
        if self.is_withdrawn:
            return Kind.WITHDRAWN
        if self.holding is None:
            return Kind.TABLED
        if self.holding:
            return Kind.HOLDING
        return Kind.CORRECTED if self.corrected_on else Kind.ANSWERED

    @property
    def corrected_on(self) -> date | None:
        """The day a final answer was put right."""
        return self.marked_corrected_on if self.holding is False and self.correction else None

    @property
    def is_cut(self) -> bool:
        """Whether a list shows less than the whole text, or a text in which paragraphs are glued together."""
        return (
            len(self.question) >= QUESTION_CUT
            or (len(self.answer) >= ANSWER_CUT and self.answer.endswith("..."))
            or GLUED.search(self.answer) is not None
        )

    @property
    def list_hash(self) -> str:
        """Two hashes in one: the first half over what asks for a new detail, the second over all the rest."""
        return _hash(self._telling()) + _hash(self._rest())

    def _telling(self) -> list:
        days = (self.tabled_on, self.answered_on, self.holding_on, self.marked_corrected_on)
        flags = (self.holding, self.correction, self.is_withdrawn)
        return [self.question, self.answer, self.department_id, [day and str(day) for day in days], flags]

    def _rest(self) -> list:
        people = [(p.id, p.name, p.party, p.member_from) for p in (self.asker, self.answerer, self.corrector) if p]
        partners = [(partner.uin, str(partner.tabled_on)) for partner in self.partners]
        plain = (self.uin, self.heading, self.has_interest, self.is_named_day, self.department_name)
        return [plain, str(self.due_on), people, partners]


def tells_the_same(one: str, other: str) -> bool:
    """Whether two list hashes agree in the half that asks for a new detail."""
    return one[:32] == other[:32]


def _hash(values: object) -> str:
    return blake2b(json.dumps(values).encode(), digest_size=16).hexdigest()
