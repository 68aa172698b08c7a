"""What a list shows for which parameters."""

import json
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

import rehearsal
from rehearsal import FixedWorld, Record
from rehearsal.worlds import State, newest_first, wobbles
from tests.rehearsal.reading import QUESTIONS, ask, ids, listed

NOON = datetime(2031, 1, 17, 12, tzinfo=UTC)


def question(id, tabled, **values):
    day = date(2031, 1, tabled)
    return Record(id, str(id), day, date(2031, 1, tabled + 5), "To ask what a lamplighter earns.", **values)


LAMPS = question(1, 6, heading="Street Lighting: Pay")
FERRIES = question(2, 7, asking_member_id=990002, answering_body_id=9002, house="Lords")
HELD = question(3, 8).held(date(2031, 1, 13), "<p>Not yet.</p>", by=990009)
ANSWERED = question(4, 9).answered(date(2031, 1, 14), "<p>A lamplighter earns enough.</p>", by=990008)
CORRECTED = (
    question(5, 10)
    .answered(date(2031, 1, 15), "<p>Ten.</p>", by=990008)
    .put_right(date(2031, 1, 16), "<p>Eleven.</p>", by=990009)
)
WITHDRAWN = question(6, 13, is_withdrawn=True)


@pytest.fixture(scope="module")
def server():
    world = FixedWorld([LAMPS, FERRIES, HELD, ANSWERED, CORRECTED, WITHDRAWN])
    with rehearsal.serve(world, NOON) as running:
        yield running


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {1, 2, 3, 4, 5}),
        ({"tabledWhenFrom": "2031-01-08", "tabledWhenTo": "2031-01-09"}, {3, 4}),
        ({"answeredWhenFrom": "2031-01-13", "answeredWhenTo": "2031-01-14"}, {3, 4}),
        ({"correctedWhenFrom": "2031-01-16"}, {5}),
        ({"correctedWhenFrom": "2031-01-17"}, set()),
        ({"dateForAnswerWhenTo": "2031-01-12T00:00:00"}, {1, 2}),
        ({"answered": "Answered"}, {3, 4, 5}),
        ({"answered": "unanswered"}, {1, 2}),
        ({"questionStatus": "NotAnswered"}, {1, 2}),
        ({"house": "Lords"}, {2}),
        ({"house": "Bicameral"}, {1, 2, 3, 4, 5}),
        ({"includeWithdrawn": "true"}, {1, 2, 3, 4, 5, 6}),
        ({"askingMemberId": "990002"}, {2}),
        ({"answeringMemberId": "990008"}, {4, 5}),
        ({"members": ["990002", "990009"]}, {2, 3}),
        ({"answeringBodies": ["9002", "9003"]}, {2}),
        ({"answeringBodies": ["9001", "9002"]}, {1, 2, 3, 4, 5}),
        ({"uin": "4"}, {4}),
        ({"uIN": "4"}, {4}),
        ({"searchTerm": "earns enough"}, {4}),
        ({"TABLEDWHENFROM": "2031-01-10"}, {5}),
        ({"tabledSince": "2031-01-10", "orderBy": "uin"}, {1, 2, 3, 4, 5}),
        ({"tabledWhenFrom": ""}, {1, 2, 3, 4, 5}),
    ],
)
def test_a_list_shows_what_its_parameters_say(server, parameters, expected):
    assert set(ids(server, **parameters)) == expected


@pytest.mark.parametrize(
    "parameters",
    [
        {"take": "-1"},
        {"take": "many"},
        {"skip": "2147483648"},
        {"tabledWhenFrom": "yesterday"},
        {"house": "Senate"},
        {"askingMemberId": "0"},
        {"answeringBodies": "1,2"},
        {"expandMember": "perhaps"},
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_name(server, parameters):
    status, headers, body = ask(server, QUESTIONS, **parameters)
    problem = json.loads(body)
    assert status == problem["status"] == 400
    assert headers["Content-Type"].startswith("application/problem+json")
    assert list(problem["errors"]) == list(parameters)


def test_the_newest_activity_comes_first_whatever_kind_it_is(server):
    assert ids(server) == [5, 4, 3, 2, 1]


def test_pages_are_of_twenty_unless_asked_otherwise_and_end_in_an_empty_one():
    with rehearsal.serve(FixedWorld(question(number, 6) for number in range(1, 46)), NOON) as server:
        assert [len(listed(server, skip=skip)["results"]) for skip in (0, 20, 40, 60)] == [20, 20, 5, 0]
        assert listed(server, take=100)["totalResults"] == listed(server, skip=60)["totalResults"] == 45
        assert ids(server, take=0) == []
        assert len(ids(server, take=1000)) == 45


def test_only_the_current_session_is_shown_where_it_is_asked_for():
    class Sessions:
        description = "two sessions"

        def at(self, now):
            return State([LAMPS, ANSWERED], {}, session_began=date(2031, 1, 8))

    with rehearsal.serve(Sessions(), NOON) as server:
        assert ids(server) == ids(server, sessionStatus="Any") == [4, 1]
        assert ids(server, sessionStatus="Current") == [4]
        assert ask(server, f"{QUESTIONS}/1", sessionStatus="Current")[0] == 404
        assert ask(server, f"{QUESTIONS}/1")[0] == 200


def test_about_one_answered_record_in_nine_hundred_stands_out_of_order():
    records = [question(id, 6).answered(date(2031, 1, 7 + id % 10), "<p>Yes.</p>", by=1) for id in range(1, 20_001)]
    days = [record.last_activity for record in sorted(records, key=newest_first)]
    inversions = sum(later > earlier for earlier, later in pairwise(days))
    assert 5 < sum(wobbles(record.id) for record in records) < 50
    assert 5 < inversions < 100
