"""The first record of every scripted question, with its number and due date, and who shares an answer."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from rehearsal.days import sitting_day
from rehearsal.records import Partner, Record
from rehearsal.script import Question, Script

FIRST_ID = 9_000_001
FIRST_UIN = {"": 40_001, "HL": 5_001, "oral": 900_001}
DAYS_TO_ANSWER = {"named day": 3, "Commons": 5, "Lords": 10}


def cast(script: Script, start: date) -> dict[str, Record]:
    """By the question's key, as it is tabled; ids and UINs rise with the day tabled, then in the order of files."""
    records: dict[str, Record] = {}
    next_uin = dict(FIRST_UIN)
    for id_, question in enumerate(sorted(script.questions, key=lambda question: question.tabled), FIRST_ID):
        prefix = "HL" if question.house == "Lords" else ""
        series = "oral" if question.unreached_oral else prefix
        records[question.key] = _first(script, start, question, id_, f"{prefix}{next_uin[series]}")
        next_uin[series] += 1
    return records


def partners(script: Script, records: Mapping[str, Record]) -> dict[str, tuple[Partner, ...]]:
    """By the question's key, the OTHER questions given the same answer on the same day."""
    groups: dict[tuple, list[str]] = defaultdict(list)
    for question in script.questions:
        if question.answer:
            groups[question.answer, question.answered].append(question.key)
    for keys in groups.values():
        keys.sort(key=lambda key: records[key].id)
    return {
        key: tuple(records[other].partner for other in keys if other != key) for keys in groups.values() for key in keys
    }


def _first(script: Script, start: date, question: Question, id: int, uin: str) -> Record:
    department = script.departments[question.department]
    due = DAYS_TO_ANSWER["named day" if question.named_day else question.house]
    return Record(
        id=id,
        uin=uin,
        date_tabled=sitting_day(start, question.tabled),
        date_for_answer=sitting_day(start, question.tabled + due),
        question_text=question.text,
        asking_member_id=script.people[question.asker].id,
        answering_body_id=department.id,
        answering_body_name=department.name,
        house=question.house,
        member_has_interest=question.interest,
        is_named_day=question.named_day,
    )
