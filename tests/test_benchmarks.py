"""The benchmarks run, and check what they measure; how fast, they say themselves."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import _documents, preview
from benchmarks._day_rows import NOW
from benchmarks._preview_rows import Queries, in_turn, ninety_days
from benchmarks._served import set_the_clock

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_matching_is_measured_without_real_questions_and_agrees_with_the_evaluator(tmp_path):
    command = [sys.executable, "-m", "benchmarks.matching", "--sizes", "300", "--apart", "150"]
    command += ["--distinct", "200", "--often", "100", "--rounds", "2", "--batch", "10"]
    command += ["--peers", "sqlite", "evaluator"]
    environment = os.environ | {"HARK_SHARED_DATA": str(tmp_path / "nothing")}
    written = tmp_path / "numbers.json"
    drawn = tmp_path / "chart.svg"
    said = subprocess.run(
        [*command, "--json", str(written), "--chart", str(drawn)],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert "Questions made up from a seed" in said
    assert "| SQLite FTS5 | 10 | all |" in said
    sets = json.loads(written.read_text())["sets"]
    apart = sets.pop("150 subscriptions, each with a query of its own")["race"]
    assert apart["engines"]["Hark"]["matches"] == apart["engines"]["evaluator"]["matches"] > 0
    assert list(sets) == ["300 subscriptions", "200 distinct queries", "100 subscriptions, to common words too"]
    assert sets["300 subscriptions"]["agreed"] > 0
    assert sets["200 distinct queries"]["whole"]["topics"] == 200
    for each in sets.values():
        assert each["whole"]["mean_ms"] > 0 and each["whole"]["private_mb"] > 0
        assert set(each["race"]["engines"]) == {"Hark", "SQLite FTS5", "evaluator"}
        assert len({engine["matches"] for engine in each["race"]["engines"].values()}) == 1
    names = {label.text for label in ElementTree.parse(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert {"Hark", "SQLite FTS5, 10 at once", "evaluator"} <= names


@pytest.mark.slow
@pytest.mark.django_db
def test_previews_of_every_form_are_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(_documents, "SHARED", tmp_path / "nothing")
    monkeypatch.setenv("HARK_CLOCK", str(tmp_path / "clock.json"))
    _, found = _documents.documents(1)
    ninety_days(found[:200], 1)
    set_the_clock(tmp_path / "clock.json", NOW)
    forms = Queries(found[:200], 1).forms(1)
    measured = preview.measure(in_turn(forms))
    assert set(measured) == {*forms, "all"} and measured["all"]["queries"] == len(forms)
    assert measured["a broad word"]["results_max"] > 0 and measured["all"]["preview_p50_ms"] > 0
