"""Parliament's JSON is read for what it is, traps included, and never half believed."""

import json
from datetime import date

import pytest

from alerts.models.choices import Kind
from alerts.sources.question_json import PageError, RowError, read_detail, read_page, read_question
from alerts.sources.question_values import Partner, Person, tells_the_same
from rehearsal import Member
from rehearsal.shapes import detail, list_entry
from tests.shared_data import shared
from tests.sources.stories import ADA, BERT, LONG_ANSWER, LONG_QUESTION, THAT_DAY, answered, record

MEMBERS = {member.id: member for member in (ADA, BERT)}


def value(question=None, **changes):
    return list_entry(question or record(), MEMBERS)["value"] | changes


def read(question=None, **changes):
    return read_question(value(question, **changes))


def test_a_row_becomes_values():
    question = read(answered(record(heading="Foghorns"), THAT_DAY, "<p>Four.</p>"))
    assert (question.id, question.uin, question.house, question.heading) == (2000001, "10001", "Commons", "Foghorns")
    assert (question.tabled_on, question.due_on, question.answered_on) == (THAT_DAY, date(2031, 1, 10), THAT_DAY)
    assert question.asker == Person(ADA.id, ADA.name, ADA.list_as, ADA.party, "Harb", ADA.member_from)
    assert question.answerer.party_abbreviation == ""
    assert (question.department_id, question.department_name) == (9001, "Department for Rehearsals")


def test_states_go_by_the_flags_and_not_by_the_dates():
    question = record()
    held = question.held(THAT_DAY, "<p>Soon.</p>", by=BERT.id)
    final = answered(held, THAT_DAY)
    corrected = final.put_right(THAT_DAY, LONG_ANSWER, by=BERT.id)
    states = [read(one).state for one in (question, held, final, corrected)]
    assert states == [Kind.TABLED, Kind.HOLDING, Kind.ANSWERED, Kind.CORRECTED]
    assert read(final, isWithdrawn=True).state == Kind.WITHDRAWN
    assert read(final, answerIsCorrection=True).state == Kind.ANSWERED
    assert read(held, answerIsCorrection=True, dateAnswerCorrected="2031-01-07T00:00:00").state == Kind.HOLDING


CUTS = {
    "a whole question": ({"questionText": "x" * 254}, False),
    "a question of the full length": ({"questionText": "x" * 255}, True),
    "a cut question that ends in a blank": ({"questionText": "x" * 254 + " "}, True),
    "a whole answer": ({"answerText": "x" * 255}, False),
    "a cut answer": ({"answerText": "x" * 255 + "..."}, True),
    "a short answer that trails off": ({"answerText": "and so on..."}, False),
    "an answer of that length without dots": ({"answerText": "x" * 258}, False),
    "glued paragraphs": ({"answerText": "Done nationally.Based upon"}, True),
    "glued cells": ({"answerText": "CategoryTotal"}, True),
    "an abbreviation": ({"answerText": "the U.K. and e.g. others. Indeed"}, False),
}


@pytest.mark.parametrize(("changes", "is_cut"), CUTS.values(), ids=CUTS)
def test_a_cut_text_is_known_by_its_length_before_anything_is_stripped(changes, is_cut):
    assert read(**changes).is_cut is is_cut


TELLING = {
    "questionText": "other words",
    "answerText": "other words",
    "answeringBodyId": 9002,
    "dateTabled": "2031-01-03T00:00:00",
    "dateAnswered": "2031-01-07T00:00:00",
    "dateHoldingAnswer": "2031-01-07T00:00:00",
    "answerIsHolding": True,
    "answerIsCorrection": True,
    "dateAnswerCorrected": "2031-01-07T00:00:00",
    "isWithdrawn": True,
}
REST = {
    "heading": "Foghorns",
    "dateForAnswer": "2031-02-01T00:00:00",
    "memberHasInterest": True,
    "isNamedDay": True,
    "groupedQuestionsDates": [{"questionUin": "5", "dateTabled": "2031-01-06T00:00:00"}],
    "answeringMemberId": 990002,
    "answeringBodyName": "Another name",
}


@pytest.mark.parametrize(("name", "changed"), TELLING.items(), ids=TELLING)
def test_a_change_that_may_change_the_text_asks_for_a_detail(name, changed):
    assert not tells_the_same(read().list_hash, read(**{name: changed}).list_hash)


@pytest.mark.parametrize(("name", "changed"), REST.items(), ids=REST)
def test_any_other_change_is_noticed_and_asks_for_none(name, changed):
    before, after = read().list_hash, read(**{name: changed}).list_hash
    assert before != after
    assert tells_the_same(before, after)


def test_a_group_names_its_partners_with_their_days():
    grouped = [{"questionUin": "5", "dateTabled": "2031-01-03T00:00:00"}]
    assert read(groupedQuestionsDates=grouped).partners == (Partner("5", date(2031, 1, 3)),)
    assert read(groupedQuestionsDates="5, 6").partners == ()


def test_signs_no_database_takes_are_left_out():
    question = read(questionText="a\x00b\ud800c\tÉ", heading="x\x1by")
    assert (question.question, question.heading) == ("ab?c\tÉ", "xy")


def test_a_detail_has_the_whole_text_in_html():
    question = read_detail(
        json.dumps(detail(answered(record(question_text=LONG_QUESTION), THAT_DAY), MEMBERS)).encode()
    )
    assert (question.question, question.answer) == (LONG_QUESTION, LONG_ANSWER)


BAD_ROWS = [
    {"id": "12"},
    {"id": None},
    {"id": True},
    {"id": -1},
    {"house": "Attic"},
    {"dateTabled": None},
    {"dateTabled": "yesterday"},
    {"questionText": ""},
    {"questionText": ["a"]},
    {"uin": None},
    {"askingMemberId": None},
    {"answeringBodyId": "17"},
    {"answerIsHolding": "yes"},
    {"dateAnswered": "2031-99-99T00:00:00"},
]


@pytest.mark.parametrize("changes", BAD_ROWS, ids=str)
def test_a_row_without_what_it_needs_is_no_row(changes):
    with pytest.raises(RowError):
        read(**changes)


def test_a_row_may_lack_what_is_merely_nice():
    bare = {name: value()[name] for name in ("id", "uin", "house", "dateTabled", "questionText", "answeringBodyId")}
    question = read_question(bare | {"askingMemberId": 5, "answeringMember": "?", "attachments": None})
    assert (question.state, question.asker) == (Kind.TABLED, Person(5))


def page(*rows, total=None):
    return json.dumps({"totalResults": len(rows) if total is None else total, "results": rows}).encode()


def test_a_page_names_the_rows_it_cannot_read():
    good, bad = {"value": value()}, {"value": value(id=7, uin=None)}
    read_one = read_page(page(good, bad, total=102))
    assert (read_one.total, read_one.rows, len(read_one.questions)) == (102, 2, 1)
    assert read_one.unreadable[0].startswith("question 7: ")


BAD_PAGES = {
    "nothing": (b"", "an empty answer"),
    "a web page": (b"\n <!DOCTYPE html><html>", "a web page where data should be"),
    "half of it": (page({"value": value()})[:-40], "something that is not JSON"),
    "a number": (b"7", "JSON of another kind"),
    "an error dressed up": (b'{"status":500,"title":"An error"}', "without results (it says: An error)"),
    "no total": (b'{"results": []}', "without results"),
    "only bad rows": (page({"value": value(uin=None)}, "?"), "2 of 2 rows that cannot be read"),
    "many bad rows": (page({"value": value()}, *[{"value": None}] * 6), "6 of 7 rows that cannot be read"),
    "too deep": (b"[" * 100_000, "something that is not JSON"),
}


@pytest.mark.parametrize(("body", "words"), BAD_PAGES.values(), ids=BAD_PAGES)
def test_a_page_that_cannot_be_believed_is_refused_in_words(body, words):
    with pytest.raises(PageError) as refused:
        read_page(body)
    assert words in str(refused.value)


def test_a_detail_without_its_value_is_refused():
    with pytest.raises(PageError, match="without its value"):
        read_detail(b'{"results": []}')
    with pytest.raises(PageError, match="cannot be read"):
        read_detail(b'{"value": {"id": 5}}')


def test_a_member_without_a_party_abbreviation_has_none():
    members = {ADA.id: Member(ADA.id, "A", "A", party_abbreviation=None)}
    assert read_question(list_entry(record(), members)["value"]).asker.party_abbreviation == ""


@pytest.mark.shared_data
def test_every_real_row_of_both_houses_is_read():
    rows = 0
    for path in shared("written-questions/members").glob("fetch_[qa]*.json"):
        real = read_page(path.read_bytes())
        assert real.unreadable == ()
        assert all(question.asker.name for question in real.questions)
        rows += real.rows
    assert rows == 1046


@pytest.mark.shared_data
def test_every_real_detail_is_read():
    lines = shared("written-questions/detail-responses.jsonl").read_bytes().splitlines()
    assert len([read_detail(line) for line in lines]) == 90
