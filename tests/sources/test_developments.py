"""Which change between two sights of a question is which event, and which is none."""

from dataclasses import replace
from datetime import date

import pytest

from alerts.sources.developments import Sight, development, is_behind, version
from alerts.sources.question_json import read_question
from rehearsal.shapes import list_entry
from tests.sources.stories import THAT_DAY, answered, record

FIRST, LATER = date(2031, 1, 7), date(2031, 1, 9)


def seen(question):
    return read_question(list_entry(question, {})["value"])


OPEN = record()
HELD = OPEN.held(THAT_DAY, "<p>Soon.</p>", by=1)
FINAL = answered(OPEN, THAT_DAY)
CORRECTED = FINAL.put_right(FIRST, "<p>Right.</p>", by=1)
AGAIN = FINAL.put_right(LATER, "<p>Right at last.</p>", by=1)
NOW = {"open": OPEN, "held": HELD, "final": FINAL, "corrected": CORRECTED, "again": AGAIN}
BEFORE = {
    "never": None,
    "tabled": Sight("tabled"),
    "withdrawn": Sight("withdrawn"),
    "holding": Sight("holding"),
    "answered": Sight("answered"),
    "corrected": Sight("corrected", FIRST),
}
TABLE = """
            open    held     final     corrected  again
never       tabled  holding  answered  answered   answered
tabled      -       holding  answered  answered   answered
withdrawn   -       holding  answered  answered   answered
holding     -       -        answered  answered   answered
answered    -       -        -         corrected  corrected
corrected   -       -        -         -          corrected
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [(line[0], now, kind) for line in LINES for now, kind in zip(HEAD, line[1:], strict=True)]


@pytest.mark.parametrize(("before", "now", "kind"), CASES)
def test_each_change_is_the_event_of_the_table(before, now, kind):
    assert (development(BEFORE[before], seen(NOW[now])) or "-") == kind


@pytest.mark.parametrize("before", ["tabled", "holding", "answered"])
def test_a_question_marked_withdrawn_is_withdrawn_once(before):
    gone = seen(replace(OPEN, is_withdrawn=True))
    assert development(BEFORE[before], gone) == "withdrawn"
    assert development(BEFORE["withdrawn"], gone) is None
    assert development(None, gone) is None


def test_a_detail_is_behind_when_its_list_was_further():
    assert is_behind(seen(OPEN), "answered")
    assert is_behind(seen(FINAL), "corrected")
    assert not is_behind(seen(FINAL), "tabled")
    assert not is_behind(seen(HELD), "holding")


def test_a_version_is_the_day_of_the_development():
    assert version("holding", FIRST, None) == "2031-01-07"
    assert version("corrected", FIRST, LATER) == "2031-01-09"
    assert {version(kind, FIRST, LATER) for kind in ("tabled", "answered", "withdrawn")} == {""}
