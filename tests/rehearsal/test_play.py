"""Everything that can happen to a scripted question, over two weeks of a tiny invented world."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

import rehearsal
from rehearsal import ScriptedWorld, ScriptError, load
from rehearsal.days import moment, sitting_day
from tests.rehearsal.reading import QUESTIONS, ask, ids, listed, one

MONDAY = date(2031, 1, 6)
LONDON = ZoneInfo("Europe/London")

PEOPLE = """
[[department]]
key = "lamps"
id = 9001
name = "Department for Lamps"
short = "Lamps"

[[department]]
key = "ferries"
id = 9002
name = "Department for Ferries"
short = "Ferries"

[[member]]
key = "fenwick"
id = 990001
name = "Dame Ottoline Fenwick"
list_as = "Fenwick, Dame Ottoline"
party = "Harbour"
party_abbreviation = "Hbr"
party_colour = "1d5c63"
member_from = "Saltmarsh and Lowgate"
house = "Commons"
gender = "f"

[[member]]
key = "quill"
id = 990002
name = "Lord Quill"
list_as = "Quill, L."
party = "Non-affiliated"
party_colour = "909090"
member_from = "Life peer"
house = "Lords"
gender = "m"
"""

LIVES = """
[[answer]]
key = "lit"
html = "<p>The lamps are lit.</p>"

[[answer]]
key = "both"
html = "<p>One answer for both.</p>"

[[question]]
key = "early"
asker = "fenwick"
department = "lamps"
tabled = -7
heading = "Street Lighting"
text = "To ask how many lamps there are."
answered = -4
answer = "lit"
answered_by = "fenwick"
corrected = 2
corrected_html = "<p>The lamps are not all lit.</p>"

[[question]]
key = "held"
asker = "fenwick"
department = "lamps"
tabled = 0
named_day = true
interest = true
heading = "Street Lighting: Costs"
text = "To ask what a lamp costs."
holding = 3
holding_html = "<p>Not yet.</p>"
answered = 5
answer = "lit"
answered_by = "fenwick"

[[question]]
key = "one"
asker = "fenwick"
department = "lamps"
tabled = 1
text = "To ask the first thing."
answered = 4
answer = "both"
answered_by = "fenwick"

[[question]]
key = "two"
house = "Lords"
asker = "quill"
department = "lamps"
tabled = 2
text = "To ask the second thing."
answered = 4
answer = "both"
answered_by = "fenwick"

[[question]]
key = "moved"
asker = "fenwick"
department = "lamps"
tabled = 1
text = "To ask the Secretary of State for Lamps about boats."
transferred = { day = 2, department = "ferries", text = "To ask the Secretary of State for Ferries about boats." }
reworded = { day = 3, text = "To ask the Secretary of State for Ferries about all boats." }

[[question]]
key = "oral"
asker = "fenwick"
department = "ferries"
tabled = 1
heading = "Ferries: Fares"
unreached_oral = true
text = "What steps she is taking to lower fares."
answered = 7
answer = "lit"
answered_by = "fenwick"

[[question]]
key = "gone"
asker = "fenwick"
department = "ferries"
tabled = 0
heading = "Piers"
heading_from = 4
text = "To ask about piers."
vanishes = 6
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "questions").mkdir()
    (tmp_path / "people.toml").write_text(PEOPLE)
    (tmp_path / "questions" / "lives.toml").write_text(LIVES)
    return tmp_path


@pytest.fixture
def world(folder):
    return ScriptedWorld(load(folder), MONDAY)


@pytest.fixture
def server(world):
    with rehearsal.serve(world, evening(-1)) as running:
        yield running


def evening(day):
    """The end of a sitting day, when everything of it is visible."""
    return datetime.combine(sitting_day(MONDAY, day), time(18, 1), LONDON).astimezone(UTC)


def at(server, day, uin):
    """A question as its detail shows it in the evening of a day, found by its UIN; None where it is not there."""
    server.now = evening(day)
    found = ids(server, uin=uin, includeWithdrawn="true")
    return one(server, found[0]) if found else None


def test_sitting_days_skip_week_ends_in_both_directions():
    assert [str(sitting_day(MONDAY, number))[5:] for number in (0, 4, 5, 9)] == ["01-06", "01-10", "01-13", "01-17"]
    assert [str(sitting_day(MONDAY, number)) for number in (-1, -5, -6)] == ["2031-01-03", "2030-12-30", "2030-12-27"]
    assert all(sitting_day(MONDAY, number).weekday() < 5 for number in range(-64, 10))


def test_everything_happens_between_nine_and_six_in_london_and_always_at_the_same_time(folder, world):
    for development in world.developments:
        local = development.moment.astimezone(LONDON)
        assert time(9) <= local.time() < time(18) and local.weekday() < 5
    assert ScriptedWorld(load(folder), MONDAY).developments == world.developments
    assert moment(date(2031, 7, 7), "x").astimezone(LONDON).hour == moment(date(2031, 1, 6), "x").hour


def test_a_play_starts_on_a_monday(folder):
    with pytest.raises(ValueError, match="Tuesday"):
        ScriptedWorld(load(folder), MONDAY + timedelta(days=1))


def test_numbers_rise_with_the_day_tabled_and_stay_the_same_from_run_to_run(world):
    numbers = {development.key: development.id - 9_000_001 for development in world.developments}
    assert numbers == {"early": 0, "held": 1, "gone": 2, "one": 3, "moved": 4, "oral": 5, "two": 6}


def test_the_back_fill_is_there_before_the_play_begins(server):
    assert [entry["value"]["uin"] for entry in listed(server)["results"]] == ["40001"]
    early = at(server, -1, "40001")
    assert early["heading"] == "Street Lighting" and early["dateAnswered"] == "2030-12-31T00:00:00"


def test_a_question_is_seen_from_its_moment_on(server, world):
    (tabled,) = [d for d in world.developments if (d.key, d.kind) == ("held", "tabled")]
    server.now = tabled.moment - timedelta(seconds=1)
    assert one(server, tabled.id) is None
    server.now = tabled.moment
    value = one(server, tabled.id)
    assert value["answerIsHolding"] is None and value["heading"] is None
    assert value["isNamedDay"] is value["memberHasInterest"] is True
    assert value["dateForAnswer"] == "2031-01-09T00:00:00"


def test_a_heading_arrives_two_days_later_or_on_its_day(server):
    assert at(server, 1, "40002")["heading"] is None
    assert at(server, 2, "40002")["heading"] == "Street Lighting: Costs"
    assert at(server, 3, "40003")["heading"] is None
    assert at(server, 4, "40003")["heading"] == "Piers"


def test_a_holding_answer_looks_answered_and_the_final_one_moves_the_date(server):
    held = at(server, 3, "40002")
    assert (held["answerIsHolding"], held["answerText"]) == (True, "<p>Not yet.</p>")
    assert held["dateAnswered"] == held["dateHoldingAnswer"] == "2031-01-09T00:00:00"
    final = at(server, 5, "40002")
    assert (final["answerIsHolding"], final["answerText"]) == (False, "<p>The lamps are lit.</p>")
    assert (final["dateAnswered"], final["dateHoldingAnswer"]) == ("2031-01-13T00:00:00", "2031-01-09T00:00:00")


def test_a_group_is_answered_in_one_moment_and_each_names_the_others(server, world):
    assert at(server, 3, "40004")["groupedQuestions"] == []
    assert at(server, 4, "40004")["groupedQuestionsDates"] == [
        {"questionUin": "HL5001", "dateTabled": "2031-01-08T00:00:00"}
    ]
    lords = at(server, 4, "HL5001")
    assert lords["groupedQuestions"] == ["40004"] and lords["house"] == "Lords"
    assert len({d.moment for d in world.developments if d.key in ("one", "two") and d.kind == "answered"}) == 1
    assert at(server, 9, "40002")["groupedQuestions"] == [], "the same answer on another day is no group"


def test_a_transferred_question_changes_department_and_words_and_may_be_reworded(server):
    before, after, reworded = (at(server, day, "40005") for day in (1, 2, 3))
    assert (before["answeringBodyId"], after["answeringBodyId"]) == (9001, 9002)
    assert after["questionText"].endswith("Ferries about boats.")
    assert reworded["questionText"].endswith("about all boats.")
    assert reworded["dateTabled"] == before["dateTabled"]


def test_a_corrected_answer_keeps_its_first_date(server):
    value = at(server, 2, "40001")
    assert value["answerIsCorrection"] is True and value["answerText"] == "<p>The lamps are not all lit.</p>"
    assert value["dateAnswered"] == "2030-12-31T00:00:00"
    assert value["dateAnswerCorrected"] == "2031-01-08T00:00:00"
    assert value["correctingMemberId"] == 990001
    assert ids(server, correctedWhenFrom="2031-01-08") == [value["id"]]


def test_an_unreached_oral_question_is_first_seen_answered(server):
    assert at(server, 6, "900001") is None
    value = at(server, 7, "900001")
    assert value["dateTabled"] == "2031-01-07T00:00:00" and value["dateAnswered"] == "2031-01-15T00:00:00"
    assert value["heading"] == "Ferries: Fares"


def test_a_vanished_question_is_gone_but_for_those_who_ask_for_the_withdrawn(server):
    assert at(server, 5, "40003")["isWithdrawn"] is False
    server.now = evening(6)
    assert ids(server, uin="40003") == []
    (entry,) = listed(server, uin="40003", includeWithdrawn="true")["results"]
    assert entry["value"]["isWithdrawn"] is True
    assert ask(server, f"{QUESTIONS}/{entry['value']['id']}")[0] == 404


def test_members_are_those_of_the_script(server):
    server.now = evening(9)
    entry = listed(server, house="Lords", expandMember="true")["results"][0]["value"]
    assert entry["askingMember"]["name"] == "Lord Quill" and entry["askingMember"]["partyAbbreviation"] is None
    assert entry["answeringMember"]["listAs"] == "Fenwick, Dame Ottoline"


@pytest.mark.parametrize(
    ("find", "put", "complaint"),
    [
        ("tabled = -7", "tabled = -65", "'early': 'tabled' must lie from -64 to 9"),
        ("tabled = -7", "", "'early': 'tabled' is missing"),
        ("tabled = -7", 'tabled = "soon"', "'early': 'tabled' cannot be 'soon'"),
        ("tabled = -7", "tabled = true", "'early': 'tabled' cannot be True"),
        ("tabled = -7", "tabeld = -7", "'early': there is no 'tabeld'"),
        ("answered = -4", "answered = -7", "'answered' must lie after 'tabled'"),
        ("corrected = 2", "corrected = -4", "'corrected' must lie after 'answered'"),
        ("corrected = 2\n", "", "'corrected_html' is given, so 'corrected' must be too"),
        ("holding = 3", "holding = 5", "'holding' must lie before the day it is answered"),
        ('answer = "lit"', 'answer = "dim"', "there is no answer 'dim'"),
        ('asker = "quill"', 'asker = "fenwick"', "'fenwick' sits in the Commons"),
        ('asker = "quill"', 'asker = "nobody"', "there is no member 'nobody'"),
        ('department = "lamps"', 'department = "lambs"', "there is no department 'lambs'"),
        ('department = "ferries", text', 'department = "fairies", text', "there is no department 'fairies'"),
        ("day = 2, ", "", "'moved', transferred: 'day' is missing"),
        ("vanishes = 6", 'vanishes = 6\nholding = 4\nholding_html = "x"\nanswered_by = "fenwick"', "that vanishes"),
        ('key = "two"', 'key = "one"', "question 'one' is there twice"),
        ('key = "both"', 'key = "lit"', "answer 'lit' is there twice"),
        ('html = "<p>The', 'text = "<p>The', "answer 'lit': an answer has a key and html"),
        ("[[answer]]", "[[reply]]", "there is no table [[reply]]"),
        ("tabled = -7", "tabled =", "Invalid value"),
    ],
)
def test_content_that_cannot_be_played_is_refused_with_its_file_and_key(folder, find, put, complaint):
    assert find in LIVES
    (folder / "questions" / "lives.toml").write_text(LIVES.replace(find, put, 1))
    with pytest.raises(ScriptError) as refused:
        load(folder)
    assert "lives.toml" in str(refused.value) and complaint in str(refused.value)


@pytest.mark.parametrize(
    ("find", "put", "complaint"),
    [
        ("id = 9002", "id = 17", "department 'ferries': id 17 must be at least 9000"),
        ("id = 990002", "id = 990001", "member 'quill': id 990001 is given twice"),
        ('house = "Lords"\n', "", "member 'quill': 'house' is missing"),
        ('house = "Lords"', 'house = "Senate"', "member 'quill': 'house' cannot be 'Senate'"),
    ],
)
def test_people_that_cannot_be_played_are_refused(folder, find, put, complaint):
    (folder / "people.toml").write_text(PEOPLE.replace(find, put, 1))
    with pytest.raises(ScriptError) as refused:
        load(folder)
    assert "people.toml" in str(refused.value) and complaint in str(refused.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ScriptError, match=r"people\.toml"):
        load(tmp_path)
