"""Captured nights replayed: first on a small folder written here, then on the real ones."""

import gzip
import json
from datetime import UTC, date, datetime, timedelta

import pytest

import rehearsal
from rehearsal import NightsError, NightsWorld, Record
from rehearsal.shapes import list_entry
from tests.rehearsal.reading import ids, listed, one
from tests.shared_data import shared

FIRST = datetime(2031, 1, 8, 0, 7, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
CUT = "To ask the Minister what is done about the marsh, " + "x" * 205
FULL = CUT + " and the rest of it."
LATER = FULL.replace("marsh", "great marsh")
ANSWER = "<p>" + "The marsh is looked after. " * 20 + "</p>"


def question(id, tabled=date(2031, 1, 6)):
    return Record(id, str(id), tabled, date(2031, 1, 13), FULL)


def capture(folder, month, at, *records):
    name = f"{month}__{at:%Y-%m-%dT%H%MZ}.json.gz"
    with gzip.open(folder / name, "wt") as file:
        json.dump([list_entry(record, None) for record in records], file)
    with (folder / "INDEX.tsv").open("a") as index:
        index.write(f"{month}\t{at.isoformat()}\t{len(records)}\t{name}\n")


@pytest.fixture
def nights(tmp_path):
    """December is captured once; in January, 2 vanishes, 3 is answered and 4 held."""
    folder = tmp_path / "nights"
    folder.mkdir()
    (folder / "INDEX.tsv").write_text("month_tabled\tcaptured_at\trecords\tfile\n")
    three, four = question(3), question(4)
    capture(
        folder, "2031-01", SECOND, three.answered(date(2031, 1, 8), ANSWER, 9), four.held(date(2031, 1, 8), ANSWER, 9)
    )
    capture(folder, "2030-12", FIRST, question(1, date(2030, 12, 18)))
    capture(folder, "2031-01", FIRST, question(2), three, four)
    details = tmp_path / "details"
    details.mkdir()
    with gzip.open(details / "2031-01.jsonl.gz", "wt") as file:
        for id_ in (3, 4):
            file.write(json.dumps({"id": id_, "question_text": LATER, "answer_text": ANSWER}) + "\n")
    return folder


def test_each_month_stands_as_it_was_last_captured(nights):
    with rehearsal.serve(NightsWorld(nights), FIRST - timedelta(minutes=1)) as server:
        assert listed(server)["totalResults"] == 0
        server.now = FIRST
        assert set(ids(server)) == {1, 2, 3, 4}
        server.now = SECOND - timedelta(seconds=1)
        assert set(ids(server)) == {1, 2, 3, 4}
        server.now = SECOND
        assert set(ids(server)) == {1, 3, 4}
        assert one(server, 2) is None
        server.now = FIRST
        assert one(server, 2)["uin"] == "2"


def test_list_texts_are_served_as_they_were_captured(nights):
    with rehearsal.serve(NightsWorld(nights, nights.parent / "details"), SECOND) as server:
        rows = {entry["value"]["id"]: entry["value"] for entry in listed(server)["results"]}
    assert rows[3]["questionText"] == CUT
    assert len(rows[3]["answerText"]) == 258 and rows[3]["answerText"].endswith("...")


def test_full_texts_are_served_only_with_a_final_answer(nights):
    with rehearsal.serve(NightsWorld(nights, nights.parent / "details"), SECOND) as server:
        assert (one(server, 3)["questionText"], one(server, 3)["answerText"]) == (LATER, ANSWER)
        assert one(server, 4)["questionText"] == CUT and one(server, 4)["answerText"].endswith("...")
        server.now = FIRST
        assert (one(server, 3)["questionText"], one(server, 3)["answerText"]) == (CUT, None)


def test_without_full_texts_a_detail_shows_the_list_text(nights):
    with rehearsal.serve(NightsWorld(nights), SECOND) as server:
        assert one(server, 3)["answerText"].endswith("...")


def test_members_of_whom_only_the_number_is_known_are_still_objects(nights):
    with rehearsal.serve(NightsWorld(nights), SECOND) as server:
        value = one(server, 3, expandMember="true")
        assert value["askingMember"]["id"] == value["askingMemberId"]
        assert value["answeringMember"]["name"] == "Member 9"
        assert value["correctingMember"] is None


def test_a_folder_without_nights_is_refused(tmp_path):
    with pytest.raises(NightsError, match=r"INDEX\.tsv"):
        NightsWorld(tmp_path)


@pytest.mark.shared_data
def test_the_real_nights_can_be_played_to_their_end():
    world = NightsWorld(shared("written-questions/nights"), shared("written-questions/details"))
    assert len(world.times) == 82
    with rehearsal.serve(world, world.times[0]) as server:
        assert listed(server, take=1)["totalResults"] == 2989 + 2707 + 1004 + 2185
        server.now = world.times[-1]
        assert listed(server, take=1)["totalResults"] == 34523
        assert listed(server, take=1, correctedWhenFrom="2023-12-01")["totalResults"] == 29
        assert "</p>" in one(server, 1679012)["answerText"]
        assert one(server, 1740470) is None
        rows = [row for skip in range(0, 9000, 1000) for row in ids(server, take=1000, skip=skip)]
        assert len(rows) == len(set(rows)) == 9000
