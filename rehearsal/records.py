"""One written question as it stands at one moment, and the values it is made of.

A record is never changed: a development makes a new one (`held`, `answered`, `put_right`, ...), so a page that
is being served cannot shift under its own feet.
"""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Member:
    """A member of either House as `expandMember=true` shows one."""

    id: int
    name: str
    list_as: str
    party: str = "Independent"
    party_colour: str = "909090"
    party_abbreviation: str | None = "Ind"
    member_from: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an answer; only the detail knows of it."""

    url: str
    title: str
    file_type: str
    file_size_bytes: int


@dataclass(frozen=True, slots=True)
class Partner:
    """Another question that got the same answer."""

    uin: str
    date_tabled: date


@dataclass(frozen=True, slots=True)
class Record:
    """The whole of a question: `question_text` is full plain text, `answer_text` full HTML.

    `listed` holds the two texts of the list where they were captured as the list gave them; otherwise the list
    cuts the full ones.
    """

    id: int
    uin: str
    date_tabled: date
    date_for_answer: date
    question_text: str
    asking_member_id: int = 990001
    answering_body_id: int = 9001
    answering_body_name: str = "Department for Rehearsals"
    house: str = "Commons"
    member_has_interest: bool = False
    is_named_day: bool = False
    is_withdrawn: bool = False
    heading: str | None = None
    answer_is_holding: bool | None = None
    answer_is_correction: bool | None = None
    answering_member_id: int | None = None
    correcting_member_id: int | None = None
    date_answered: date | None = None
    date_holding_answer: date | None = None
    date_answer_corrected: date | None = None
    answer_text: str | None = None
    grouped: tuple[Partner, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    listed: tuple[str, str | None] | None = None

    @property
    def partner(self) -> Partner:
        """This question as it stands among the grouped questions of another."""
        return Partner(self.uin, self.date_tabled)

    @property
    def last_activity(self) -> date:
        """The latest of the three dates by which lists are ordered."""
        days = (self.date_tabled, self.date_answered, self.date_answer_corrected)
        return max(day for day in days if day)

    def held(self, day: date, html: str, by: int) -> "Record":
        """With a holding answer, which looks like an answer but for the flag."""
        return replace(
            self,
            answer_is_holding=True,
            answer_is_correction=False,
            answering_member_id=by,
            date_answered=day,
            date_holding_answer=day,
            answer_text=html,
        )

    def answered(self, day: date, html: str, by: int, grouped: tuple[Partner, ...] = ()) -> "Record":
        """With a final answer; the date of a holding answer stays."""
        return replace(
            self,
            answer_is_holding=False,
            answer_is_correction=False,
            answering_member_id=by,
            date_answered=day,
            answer_text=html,
            grouped=grouped,
        )

    def put_right(self, day: date, html: str, by: int) -> "Record":
        """With a corrected answer; `date_answered` stays the first date."""
        return replace(
            self,
            answer_is_correction=True,
            correcting_member_id=by,
            date_answer_corrected=day,
            answer_text=html,
        )
