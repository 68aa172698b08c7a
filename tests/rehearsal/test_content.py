"""The content that the demonstration plays."""

from datetime import UTC, date, datetime

from rehearsal import ScriptedWorld, load

MONDAY = date(2031, 1, 6)
EVERYTHING = {"tabled", "heading", "holding", "answered", "corrected", "transferred", "reworded", "vanishes"}


def test_the_content_can_be_played_and_shows_everything_that_can_happen():
    script = load()
    world = ScriptedWorld(script, MONDAY)
    assert {development.kind for development in world.developments} == EVERYTHING
    assert {question.house for question in script.questions} == {"Commons", "Lords"}
    assert any(question.unreached_oral for question in script.questions)


def test_groups_and_texts_longer_than_a_list_shows_are_among_it():
    records = ScriptedWorld(load(), MONDAY).at(datetime(2031, 1, 18, tzinfo=UTC)).records
    assert max(len(record.grouped) for record in records) >= 1
    assert any(len(record.question_text) > 255 for record in records)
    assert any(len(record.answer_text or "") > 1000 for record in records)


def test_ids_lie_beyond_those_of_the_real_service():
    script = load()
    assert min(department.id for department in script.departments.values()) >= 9000
    assert min(person.id for person in script.people.values()) >= 990000
    assert all(d.id > 9_000_000 for d in ScriptedWorld(script, MONDAY).developments)
