"""The two shapes of a question: the cut list and the whole detail, as the real service gives them."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

import rehearsal
from rehearsal import Attachment, FixedWorld, Member, Record
from rehearsal.nights import record_of
from rehearsal.shapes import cut_answer, cut_question, detail, list_entry
from tests.rehearsal.reading import QUESTIONS, ask, ids, listed, one
from tests.shared_data import shared

NOON = datetime(2031, 1, 17, 12, tzinfo=UTC)
ASKER = Member(990001, "Dame Ottoline Fenwick", "Fenwick, Dame Ottoline", member_from="Saltmarsh and Lowgate")
QUESTION = Record(
    id=1926001,
    uin="40121",
    date_tabled=date(2031, 1, 6),
    date_for_answer=date(2031, 1, 13),
    question_text="To ask the Minister how many bridges (<12 tonnes) " + "were inspected and by whom " * 20,
)
HTML = "<p>All of them &amp; more.</p><p>The “tally” is:</p><ul><li>six</li></ul>" + "<p>And so on.</p>" * 30
ANSWERED = QUESTION.answered(date(2031, 1, 13), HTML, by=990002)


@pytest.fixture
def server():
    with rehearsal.serve(FixedWorld([ANSWERED], [ASKER]), NOON) as running:
        yield running


def test_a_list_cuts_the_question_at_255_without_a_mark_and_loses_a_lone_bracket(server):
    text = listed(server)["results"][0]["value"]["questionText"]
    assert len(text) == 255
    assert "(12 tonnes)" in text and not text.endswith("...")


def test_a_list_strips_and_glues_the_answer_and_cuts_it_at_255_with_three_dots(server):
    text = listed(server)["results"][0]["value"]["answerText"]
    assert text.startswith("All of them &amp; more.The “tally” is:sixAnd so on.And")
    assert len(text) == 258 and text.endswith("...")


def test_a_short_answer_is_whole_in_the_list():
    assert cut_answer("<p>" + "x" * 255 + "</p>") == "x" * 255
    assert cut_answer(None) is None


def test_a_detail_holds_the_full_text_and_the_html(server):
    value = one(server, ANSWERED.id)
    assert value["questionText"] == QUESTION.question_text
    assert value["answerText"] == HTML
    assert one(server, "2031-01-06/40121") == value


def test_links_point_where_the_real_ones_do(server):
    (entry,) = listed(server)["results"]
    assert entry["links"] == [{"rel": "self", "href": "/Questions/1926001", "method": "GET"}]
    whole = json.loads(ask(server, f"{QUESTIONS}/1926001")[2])
    assert whole["links"] == [{"rel": "self", "href": "/Questions/2031-01-06/40121", "method": "GET"}]


def test_dates_are_midnight_without_a_zone_and_an_unanswered_question_is_null_all_over():
    value = list_entry(QUESTION, None)["value"]
    assert value["dateTabled"] == "2031-01-06T00:00:00"
    flags = ("answerIsHolding", "answerIsCorrection", "dateAnswered", "answerText", "dateHoldingAnswer")
    assert [value[flag] for flag in flags] == [None] * 5
    assert value["originalAnswerText"] == value["comparableAnswerText"] == ""


def test_members_are_objects_only_when_expanded(server):
    assert one(server, ANSWERED.id)["askingMember"] is None
    member = one(server, ANSWERED.id, expandMember="true")["askingMember"]
    assert member["name"] == "Dame Ottoline Fenwick" and member["memberFrom"] == "Saltmarsh and Lowgate"
    (entry,) = listed(server, expandMember="true")["results"]
    assert entry["value"]["askingMember"] == member and entry["value"]["correctingMember"] is None


def test_attachments_are_known_only_to_the_detail(server):
    sheet = Attachment("https://files.invalid/bridges.xlsx", "Bridges", "xlsx", 1234)
    server.world.put(replace(ANSWERED, attachments=(sheet,)))
    (entry,) = listed(server)["results"]
    assert (entry["value"]["attachmentCount"], entry["value"]["attachments"]) == (0, [])
    whole = one(server, ANSWERED.id)
    assert whole["attachmentCount"] == 1 and whole["attachments"][0]["title"] == "Bridges"


def test_an_unknown_or_withdrawn_question_answers_404_with_a_problem(server):
    server.world.put(replace(QUESTION, id=7, uin="7", is_withdrawn=True))
    for address in ("7", "8", "2031-01-06/7", "2031-01-07/40121"):
        status, headers, body = ask(server, f"{QUESTIONS}/{address}")
        assert status == json.loads(body)["status"] == 404
        assert headers["Content-Type"].startswith("application/problem+json")
    assert ask(server, f"{QUESTIONS}/seven")[0] == 400
    assert ask(server, f"{QUESTIONS}/yesterday/7")[0] == 400
    assert ask(server, "/api/writtenquestions/answers")[0] == 404


def test_paths_are_read_in_any_case_and_long_bodies_are_packed_for_those_who_can(server):
    server.world.put(*(replace(QUESTION, id=id, uin=str(id)) for id in range(10)))
    _, headers, body = ask(server, QUESTIONS.upper() + "/", headers={"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip" and headers["Cache-Control"] == "public,max-age=30"
    assert json.loads(body)["totalResults"] == len(ids(server)) == 11


@pytest.mark.shared_data
def test_the_thirty_fields_stand_as_in_real_responses():
    states = shared("written-questions/states")
    real_list = json.loads((states / "lords_list_expand_member.json").read_text())
    real_detail = json.loads((states / "detail_holding.json").read_text())
    ours = list_entry(ANSWERED, {990001: ASKER})
    assert list(ours) == list(real_list) and list(ours["value"]) == list(real_list["value"])
    assert len(ours["value"]) == 30
    assert list(ours["value"]["askingMember"]) == list(real_list["value"]["askingMember"])
    assert list(detail(ANSWERED, None)["value"]) == list(real_detail["value"])


@pytest.mark.shared_data
def test_a_real_record_comes_out_as_it_went_in():
    path = shared("written-questions/nights") / "2024-08__2024-11-28T0007Z.json.gz"
    with gzip.open(path, "rt") as file:
        real = json.load(file)
    assert [list_entry(record_of(entry["value"]), None) for entry in real] == real


@pytest.mark.shared_data
def test_full_texts_are_cut_to_what_the_real_list_showed():
    """Of 4,450 pairs only those edited since, reworded or transferred differ: 14 answers and 13 questions."""
    folder = shared("written-questions")
    last = {}
    for path in sorted((folder / "nights").glob("2024-0*.json.gz"), key=lambda path: path.name.split("__")[1]):
        with gzip.open(path, "rt") as file:
            last.update((entry["value"]["id"], entry["value"]) for entry in json.load(file))
    compared = wrong = 0
    for path in (folder / "details").glob("2024-0*.jsonl.gz"):
        with gzip.open(path, "rt") as file:
            for line in file:
                full = json.loads(line)
                value = last[full["id"]]
                if value["answerIsHolding"] is False:
                    compared += 1
                    wrong += (cut_question(full["question_text"]), cut_answer(full["answer_text"])) != (
                        value["questionText"],
                        value["answerText"],
                    )
    assert compared > 900 and wrong <= 6
