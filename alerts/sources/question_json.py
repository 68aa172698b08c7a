"""Parliament's JSON made into values: the border, tolerant of a bad row and strict with a bad page.

`PageError` means that the body as a whole cannot be believed and the fetch has to be done again.
"""

import json
from dataclasses import dataclass
from datetime import date

from alerts.models.choices import House
from alerts.sources.question_values import Partner, Person, Question

MOST_UNREADABLE = 5
CONTROL = {code: None for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}


class PageError(Exception):
    """A body that is not what the API promises; the message finishes "it sent ..."."""


class RowError(Exception):
    """One record that cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `unreadable` are the rows that could not be read, in words."""

    total: int
    questions: tuple[Question, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the page had."""
        return len(self.questions) + len(self.unreadable)


def read_page(body: bytes) -> Page:
    """A list page; raises PageError. A single bad row is left out and named; many bad rows are a bad page."""
    content = _json(body)
    total, results = content.get("totalResults"), content.get("results")
    if not isinstance(results, list) or not isinstance(total, int) or total < 0:
        raise PageError(f"an answer without results{_its_words(content)}")
    questions, unreadable = [], []
    for row in results:
        try:
            questions.append(read_question(row.get("value") if isinstance(row, dict) else None))
        except RowError as error:
            unreadable.append(str(error))
    if len(unreadable) > MOST_UNREADABLE or (unreadable and not questions):
        raise PageError(f"{len(unreadable)} of {len(results)} rows that cannot be read ({unreadable[0]})")
    return Page(total, tuple(questions), tuple(unreadable))


def read_detail(body: bytes) -> Question:
    """One question in full; raises PageError."""
    content = _json(body)
    if not isinstance(content.get("value"), dict):
        raise PageError(f"a detail without its value{_its_words(content)}")
    try:
        return read_question(content["value"])
    except RowError as error:
        raise PageError(f"a detail that cannot be read ({error})") from error


def read_question(value: object) -> Question:
    """The question in a `value`; raises RowError where what it cannot do without is missing or of another kind."""
    if not isinstance(value, dict):
        raise RowError("a row without its value")
    id_ = value.get("id")
    if not isinstance(id_, int) or isinstance(id_, bool) or not 0 < id_ < 2**63:
        raise RowError(f"a row whose id is {id_!r}")
    try:
        return _question(id_, value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RowError(f"question {id_}: {error!r}"[:200]) from error


def _question(id_: int, value: dict) -> Question:
    return Question(
        id=id_,
        uin=_needed(value, "uin", 20),
        house=House(value["house"]).value,
        tabled_on=date.fromisoformat(value["dateTabled"][:10]),
        question=_needed(value, "questionText"),
        department_id=_number(value["answeringBodyId"]),
        department_name=_text(value, "answeringBodyName", 200),
        asker=_person(value, "askingMember") or _missing("askingMemberId"),
        due_on=_day(value, "dateForAnswer"),
        heading=_text(value, "heading", 500).strip(),
        has_interest=value.get("memberHasInterest") is True,
        is_named_day=value.get("isNamedDay") is True,
        is_withdrawn=value.get("isWithdrawn") is True,
        holding=_flag(value, "answerIsHolding"),
        correction=_flag(value, "answerIsCorrection"),
        answerer=_person(value, "answeringMember"),
        corrector=_person(value, "correctingMember"),
        answer=_text(value, "answerText"),
        answered_on=_day(value, "dateAnswered"),
        holding_on=_day(value, "dateHoldingAnswer"),
        marked_corrected_on=_day(value, "dateAnswerCorrected"),
        partners=tuple(_partners(value.get("groupedQuestionsDates"))),
        attachments=tuple(_attachments(value.get("attachments"))),
    )


def _json(body: bytes) -> dict:
    start = body.lstrip()[:1]
    if start == b"<":
        raise PageError("a web page where data should be")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise PageError("something that is not JSON" if start else "an empty answer") from None
    if not isinstance(content, dict):
        raise PageError("JSON of another kind than promised")
    return content


def _its_words(content: dict) -> str:
    title = content.get("title")
    return f" (it says: {_clean(title)[:120]})" if isinstance(title, str) and title else ""


def _clean(text: str) -> str:
    """Without what no database takes: control signs and halves of surrogate pairs."""
    if text.isascii():
        return text.translate(CONTROL)
    return text.encode("utf-8", "replace").decode().translate(CONTROL)


def _text(value: dict, name: str, longest: int | None = None) -> str:
    text = value.get(name)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise TypeError(f"{name} is no text")
    return _clean(text)[:longest]


def _needed(value: dict, name: str, longest: int | None = None) -> str:
    return _text(value, name, longest) or _missing(name)


def _missing(name: str):
    raise ValueError(f"{name} is missing")


def _number(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise TypeError(f"{value!r} is no id")
    return value


def _flag(value: dict, name: str) -> bool | None:
    flag = value.get(name)
    if flag not in (None, True, False):
        raise TypeError(f"{name} is {flag!r}")
    return flag


def _day(value: dict, name: str) -> date | None:
    day = value.get(name)
    return date.fromisoformat(day[:10]) if day else None


def _person(value: dict, name: str) -> Person | None:
    id_ = value.get(f"{name}Id")
    if id_ is None:
        return None
    shown = value.get(name)
    if not isinstance(shown, dict):
        return Person(_number(id_))
    fields = [("name", 200), ("listAs", 200), ("party", 100), ("partyAbbreviation", 20), ("memberFrom", 200)]
    return Person(_number(id_), *(_text(shown, field, longest).strip() for field, longest in fields))


def _partners(grouped: object):
    for partner in grouped if isinstance(grouped, list) else []:
        if isinstance(partner, dict) and isinstance(partner.get("questionUin"), str) and partner.get("dateTabled"):
            yield Partner(_clean(partner["questionUin"]), date.fromisoformat(partner["dateTabled"][:10]))


def _attachments(attachments: object):
    for one in attachments if isinstance(attachments, list) else []:
        if isinstance(one, dict) and _text(one, "url").startswith(("https://", "http://")):
            size = one.get("fileSizeBytes")
            yield {
                "url": _text(one, "url", 1000),
                "title": _text(one, "title", 300).strip(),
                "file_type": _text(one, "fileType", 100),
                "bytes": size if isinstance(size, int) else None,
            }
