import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from config import clock
from config.clock import Clock, ClockError

MONDAY = datetime(2031, 1, 6, 8, tzinfo=UTC)


def write(path, **values):
    path.write_text(json.dumps({"real": 1000.0, "fictional": MONDAY.isoformat(), "rate": 60, "until": None} | values))
    return path


def test_fictional_time_starts_where_it_is_set_and_runs_at_its_rate():
    fast = Clock(real=1000.0, fictional=MONDAY, rate=3600)
    assert fast.at(1000.0) == MONDAY
    assert fast.at(1024.0) == MONDAY + timedelta(days=1)


def test_past_until_time_goes_on_from_there_at_the_normal_rate():
    until = MONDAY + timedelta(hours=2)
    fast = Clock(real=1000.0, fictional=MONDAY, rate=3600, until=until)
    assert fast.at(1002.0) == until
    assert fast.at(1005.0) == until + timedelta(seconds=3)


def test_an_until_that_is_already_past_means_the_normal_rate_from_the_start():
    late = Clock(real=1000.0, fictional=MONDAY, rate=3600, until=MONDAY - timedelta(days=1))
    assert late.at(1005.0) == MONDAY + timedelta(seconds=5)


def test_a_time_in_another_zone_is_told_in_utc():
    summer = Clock(real=0.0, fictional=datetime.fromisoformat("2031-07-07T09:00:00+01:00"))
    assert summer.at(0.0).isoformat() == "2031-07-07T08:00:00+00:00"


def test_without_the_variable_it_is_the_real_time(monkeypatch):
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_a_changed_file_is_read_again(monkeypatch, tmp_path):
    path = write(tmp_path / "clock.json", real=time.time())
    monkeypatch.setenv(clock.VARIABLE, str(path))
    assert clock.now() - MONDAY < timedelta(days=1)
    write(path, real=time.time(), fictional="2040-01-02T08:00:00+00:00")
    os.utime(path, ns=(1, 1))
    assert clock.now().year == 2040


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"fictional": "2031-01-06T08:00:00"}, "no zone"),
        ({"fictional": "soon"}, "soon"),
        ({"rate": 0}, "not above 0"),
        ({"real": None}, "NoneType"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_write(tmp_path, values, reason):
    path = write(tmp_path / "clock.json", **values)
    with pytest.raises(ClockError, match=reason) as refused:
        clock.read(path)
    assert str(path) in str(refused.value) and '"fictional"' in str(refused.value)


def test_a_missing_file_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv(clock.VARIABLE, str(tmp_path / "nowhere.json"))
    with pytest.raises(ClockError, match=r"nowhere\.json"):
        clock.now()
