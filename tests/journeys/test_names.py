"""Saved searches by names: who asks and who is asked, as Parliament calls them now and as it called them then."""

import pytest

from alerts.matching.fill import fill
from alerts.matching.percolate import percolate_due
from alerts.matching.preview import preview
from alerts.query import parse
from tests.factories import make_topic
from tests.sources.stories import ADA, DAY, answered, parliament, record

pytestmark = pytest.mark.django_db

HEALTH = 17


@pytest.fixture
def stage(settings):
    with parliament(settings) as stage:
        yield stage


def ask(stage, number: int, body: str, **fields) -> str:
    """A question to the body of health under this name is tabled, polled and percolated; gives its UIN."""
    question = record(2000000 + number, **{"answering_body_id": HEALTH, "answering_body_name": body} | fields)
    stage.world.put(question)
    stage.poll(DAY)
    percolate_due(stage.now)
    return question.uin


def hits(topic) -> list[str]:
    return list(topic.hits.order_by("seq").values_list("event__item__uin", flat=True))


def test_a_department_is_found_by_its_old_name_after_it_was_renamed(stage):
    saved = make_topic('dept:"Department of Health"', stage.now)
    before = ask(stage, 1, "Department of Health")
    after = ask(stage, 2, "Department of Health and Social Care")
    ask(stage, 3, "Ministry of Foghorns", answering_body_id=18)
    assert hits(saved) == [before, after]


def test_a_department_is_found_by_its_new_name_in_what_it_was_asked_before(stage):
    before = ask(stage, 1, "Department of Health")
    after = ask(stage, 2, "Department of Health and Social Care")
    for words in ('dept:"Health and Social Care"', 'dept:"Department of Health"', "dept:dhsc", "dept:Health"):
        topic = make_topic(words, stage.now)
        fill(stage.now)
        assert hits(topic) == [before, after], words
        assert preview(parse(words), stage.now).last_90_days == 2, words


def test_people_are_found_by_whole_words_of_their_names(stage):
    saved = {words: make_topic(words, stage.now) for words in ("asked:fenwick", 'asked:"Ada Fenwick"', "asked:fen")}
    answerer = make_topic("answered:oakley -type:newsletter", stage.now)
    party = make_topic("foghorns party:harb", stage.now)
    question = record(2000001, asking_member_id=ADA.id)
    stage.world.put(question)
    stage.poll(DAY)
    stage.world.put(answered(question, stage.now.date()))
    stage.poll(DAY)
    percolate_due(stage.now)
    assert {words: len(hits(topic)) for words, topic in saved.items()} == {
        "asked:fenwick": 2,
        'asked:"Ada Fenwick"': 2,
        "asked:fen": 0,
    }
    assert len(hits(answerer)) == 1
    assert len(hits(party)) == 2
