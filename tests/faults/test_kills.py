"""Processes that are killed, three hundred times, while questions stream in: all is told, in one digest each."""

import logging
import os

import pytest

from tests.digests.sink import Sink
from tests.faults.killing import run_by_smtp

KILLS = int(os.environ.get("HARK_TEST_KILLS", "300"))
SEED = int(os.environ.get("HARK_TEST_SEED", "20260302"))

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sink():
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = Sink()
    server.start()
    yield server
    server.stop()


def test_three_hundred_kills_lose_nothing_and_double_nothing_but_in_the_window(child_environment, sink, tmp_path):
    report = run_by_smtp(child_environment, sink, tmp_path, SEED, KILLS, print)
    print(report.as_json())
    assert report.wrong == []
    assert report.killed >= KILLS
