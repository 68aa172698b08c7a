"""`python -m rehearsal` as one starts it by hand."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.shared_data import shared

ROOT = Path(__file__).parents[2]


@contextmanager
def running(*arguments):
    """A started server: its port and its first line."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("HARK_CLOCK")}
    process = subprocess.Popen(
        [sys.executable, "-m", "rehearsal", *map(str, arguments)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        yield int(re.search(r"http://127\.0\.0\.1:(\d+)", line)[1]), line
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def refused(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "rehearsal", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def fetch(port, path, method="GET", body=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_the_play_runs_by_the_clock_it_is_given(tmp_path):
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"real": time.time(), "fictional": "2031-01-06T20:00:00+00:00", "rate": 1}))
    with running("--clock", clock, "--start", "2031-01-06") as (port, line):
        assert "6 January 2031" in line
        assert "Everything in it is invented" in fetch(port, "/")
        listed = json.loads(fetch(port, "/api/writtenquestions/questions?take=1"))
        assert listed["totalResults"] > 0
        clock.write_text(json.dumps({"real": time.time(), "fictional": "2031-01-17T20:00:00+00:00", "rate": 1}))
        os.utime(clock, ns=(1, 1))
        later = json.loads(fetch(port, "/api/writtenquestions/questions?take=1"))
        assert later["totalResults"] > listed["totalResults"]


@pytest.mark.shared_data
def test_nights_stand_still_at_the_first_until_they_are_moved():
    nights = shared("written-questions/nights")
    with running("--nights", nights) as (port, line):
        assert "30 October 2024" in line
        assert fetch(port, "/rehearsal/now", "POST", "2024-11-02T00:08:41+00:00").startswith("2024-11-02")


def test_what_cannot_start_says_why(tmp_path):
    code, said = refused("--start", "2031-01-07")
    assert (code, "starts on a Monday" in said) == (2, True)
    code, said = refused("--nights", tmp_path)
    assert (code, "INDEX.tsv" in said) == (2, True)
    code, said = refused("--clock", tmp_path / "none.json", "--start", "2031-01-06")
    assert (code, "none.json" in said) == (2, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = refused("--port", taken.getsockname()[1], "--start", "2031-01-06")
    assert (code, "Choose another --port" in said) == (2, True)
