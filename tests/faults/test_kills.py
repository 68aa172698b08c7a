"""Processes that are killed, three hundred times, while questions stream in: all is told, in one digest each."""

import os

import pytest

from tests.digests.provider import Provider
from tests.faults.killing import run_by_smtp, run_with_keys

WITH_KEYS = 100
KILLS = int(os.environ.get("HARK_TEST_KILLS", "300"))
SEED = int(os.environ.get("HARK_TEST_SEED", "20260302"))

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_three_hundred_kills_lose_nothing_and_double_nothing_but_in_the_window(child_environment, sink, tmp_path):
    report = run_by_smtp(child_environment, sink, tmp_path, SEED, KILLS, print)
    print(report.as_json())
    assert report.wrong == []
    assert report.killed >= KILLS
    assert report.hits_told == report.hits_expected >= KILLS


def test_with_keys_against_doubles_a_hundred_kills_double_nothing_at_all(child_environment, tmp_path):
    with Provider() as provider:
        report = run_with_keys(child_environment, provider, tmp_path, SEED, WITH_KEYS, print)
    print(report.as_json())
    assert report.wrong == []
    assert report.kills_in_the_window >= 1
    assert (report.duplicates, report.uncertain_for_good) == ({}, 0)
    assert report.hits_told == report.hits_expected >= WITH_KEYS
    assert report.mails <= report.messages
