"""The counter is the judge of the replay, so each of its rules is shown on a few invented nights."""

import gzip
import json

from tests.replay.count import Event, count

UNANSWERED = {
    "answerIsHolding": None,
    "answerIsCorrection": None,
    "dateAnswered": None,
    "dateHoldingAnswer": None,
}


def question(id, tabled="2024-11-04", **values):
    dates = {"dateAnswerCorrected": None, **UNANSWERED, **values, "dateTabled": tabled}
    return {"id": id, **{k: f"{v}T00:00:00" if k.startswith("date") and v else v for k, v in dates.items()}}


def held(day):
    return {
        "answerIsHolding": True,
        "answerIsCorrection": False,
        "dateAnswered": day,
        "dateHoldingAnswer": day,
    }


def final(day, corrected=None):
    return {
        "answerIsHolding": False,
        "answerIsCorrection": corrected is not None,
        "dateAnswered": day,
        "dateAnswerCorrected": corrected,
    }


def counted(folder, *nights):
    """The live events of a play whose first night is empty; each night is (captured_at, month, records)."""
    folder.mkdir(exist_ok=True)
    lines = ["month_tabled\tcaptured_at\trecords\tfile"]
    for number, (at, month, records) in enumerate([("2024-11-01T00:07:00+00:00", "2024-10", []), *nights]):
        name = f"{number}.json.gz"
        with gzip.open(folder / name, "wt") as file:
            json.dump([{"value": record, "links": []} for record in records], file)
        lines.append(f"{month}\t{at}\t{len(records)}\t{name}")
    (folder / "INDEX.tsv").write_text("\n".join(lines) + "\n")
    events = count(folder)
    assert all(times == 1 for times in events.values())
    return {(event.id, event.kind, event.version) for event in events if not event.baseline}


def night(day, *records, month="2024-11"):
    return f"2024-11-{day:02}T00:07:00+00:00", month, list(records)


def test_a_question_goes_from_tabled_over_holding_to_answered_and_corrected(tmp_path):
    assert counted(
        tmp_path,
        night(5, question(1)),
        night(6, question(1, **held("2024-11-05"))),
        night(7, question(1, **final("2024-11-06"))),
        night(8, question(1, **final("2024-11-06", corrected="2024-11-07"))),
        night(9, question(1, **final("2024-11-06", corrected="2024-11-07"))),
    ) == {
        (1, "tabled", ""),
        (1, "holding", "2024-11-05"),
        (1, "answered", ""),
        (1, "corrected", "2024-11-07"),
    }


def test_what_is_first_seen_answered_or_held_or_corrected_is_one_event(tmp_path):
    assert counted(
        tmp_path,
        night(
            6,
            question(1, **final("2024-11-05")),
            question(2, **held("2024-11-05")),
            question(3, **final("2024-11-05", corrected="2024-11-05")),
        ),
    ) == {(1, "answered", ""), (2, "holding", "2024-11-05"), (3, "answered", "")}


def test_an_answer_already_corrected_when_it_arrives_is_answered_alone(tmp_path):
    later = question(1, **final("2024-11-06", corrected="2024-11-06"))
    assert counted(tmp_path, night(5, question(1)), night(7, later)) == {
        (1, "tabled", ""),
        (1, "answered", ""),
    }


def test_a_further_correction_is_told_and_an_answer_taken_back_is_not_told_twice(tmp_path):
    assert counted(
        tmp_path,
        night(5, question(1, **final("2024-11-05"))),
        night(6, question(1, **final("2024-11-05", corrected="2024-11-05"))),
        night(7, question(1, **final("2024-11-05", corrected="2024-11-06"))),
        night(8, question(1)),
        night(9, question(1, **final("2024-11-08"))),
    ) == {(1, "answered", ""), (1, "corrected", "2024-11-05"), (1, "corrected", "2024-11-06")}


def test_a_holding_answer_edited_or_dated_anew_or_put_in_place_of_an_answer_is_no_event(tmp_path):
    assert counted(
        tmp_path,
        night(5, question(1, **held("2024-11-04"))),
        night(6, question(1, **held("2024-11-05"))),
        night(7, question(1, **final("2024-11-06"))),
        night(8, question(1, **held("2024-11-07"))),
    ) == {(1, "holding", "2024-11-04"), (1, "answered", "")}


def test_a_question_missing_on_two_nights_running_is_withdrawn(tmp_path):
    gone = [night(6), night(7), night(8)]
    assert (1, "withdrawn", "") not in counted(tmp_path / "one", night(5, question(1)), *gone[:1])
    assert (1, "withdrawn", "") in counted(tmp_path / "two", night(5, question(1)), *gone[:2])
    back = counted(tmp_path / "back", night(5, question(1)), gone[0], night(7, question(1)), gone[2])
    assert back == {(1, "tabled", "")}


def test_a_held_question_or_one_whose_detail_is_still_there_is_not_withdrawn(tmp_path):
    moved = question(2, tabled="2024-08-01")
    assert counted(
        tmp_path, night(5, question(1, **held("2024-11-04")), question(2)), night(6, moved), night(7, moved)
    ) == {(1, "holding", "2024-11-04"), (2, "tabled", "")}


def test_records_outside_all_windows_are_not_there(tmp_path):
    old = question(1, tabled="2024-09-17")
    older = question(2, tabled="2024-09-16")
    assert counted(tmp_path, night(1, old, older, month="2024-09")) == set()
    assert counted(tmp_path, night(2, old, older, month="2024-09")) == {(1, "tabled", "")}


def test_the_window_reaches_back_to_the_last_night_and_months_keep_their_latest_capture(tmp_path):
    answered = question(1, tabled="2024-08-01", **final("2024-10-28"))
    assert counted(tmp_path, night(30, answered, month="2024-08")) == {(1, "answered", "")}


def test_events_of_the_first_night_are_baseline(tmp_path):
    assert counted(tmp_path, night(1, question(1), month="2024-09")) == set()
    assert count(tmp_path)[Event(1, "tabled", "", baseline=True)] == 1
