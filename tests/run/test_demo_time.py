"""The demo's days pass quickly, and go on at the next start where they stopped."""

from datetime import UTC, datetime, timedelta

import pytest

from config import clock
from config.demo import DAY_SECONDS, DemoTime, explanation, first_morning

SATURDAY = datetime(2026, 7, 18, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (SATURDAY, "2026-07-13T06:30:00+01:00"),
        (datetime(2026, 11, 16, 0, 0, tzinfo=UTC), "2026-11-16T06:30:00+00:00"),
        (datetime(2026, 7, 12, 23, 30, tzinfo=UTC), "2026-07-13T06:30:00+01:00"),  # Monday already in London
    ],
)
def test_it_begins_at_half_past_six_in_london_on_the_monday_of_this_week(now, morning):
    assert first_morning(now).isoformat() == morning


def shown(demo, now):
    return clock.read(demo.clock).at(now.timestamp())


def test_a_day_passes_in_half_a_minute_from_the_moment_the_play_begins(tmp_path):
    demo = DemoTime(tmp_path)
    demo.prepare(SATURDAY)
    ready = SATURDAY + timedelta(seconds=20)
    demo.go(ready)
    assert shown(demo, ready) == demo.start + timedelta(seconds=20)
    assert shown(demo, ready + timedelta(seconds=DAY_SECONDS)) == demo.start + timedelta(days=1, seconds=20)


def test_a_later_start_goes_on_where_the_last_note_was_made(tmp_path):
    first = DemoTime(tmp_path)
    first.prepare(SATURDAY)
    first.go(SATURDAY)
    first.note(SATURDAY + timedelta(seconds=DAY_SECONDS * 2))
    later = SATURDAY + timedelta(days=40)
    second = DemoTime(tmp_path)
    second.prepare(later)
    assert shown(second, later) == second.start + timedelta(days=2)
    assert second.start == first_morning(SATURDAY)
    assert second.until == second.start + timedelta(days=14)


def test_after_two_weeks_time_is_normal_again_and_the_start_says_so(tmp_path):
    demo = DemoTime(tmp_path)
    demo.prepare(SATURDAY)
    demo.go(SATURDAY)
    assert "a day passes in 30 seconds, from Monday 13 July, 06:30" in explanation(demo)
    demo.note(SATURDAY + timedelta(seconds=14 * DAY_SECONDS + 5))
    assert demo.reached == demo.until + timedelta(seconds=5)
    assert "./run demo --fresh" in explanation(demo)
    assert demo.is_over


def test_the_back_fill_is_done_once(tmp_path):
    demo = DemoTime(tmp_path)
    demo.prepare(SATURDAY)
    assert not demo.is_filled
    demo.mark_filled()
    demo.prepare(SATURDAY)
    assert DemoTime(tmp_path).is_filled
