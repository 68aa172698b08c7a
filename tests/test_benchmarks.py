"""The benchmarks run, and check what they measure; how fast, they say themselves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_matching_is_measured_without_real_questions_and_agrees_with_the_evaluator(tmp_path):
    command = [sys.executable, "-m", "benchmarks.matching", "--sizes", "300", "--distinct", "200"]
    environment = os.environ | {"HARK_SHARED_DATA": str(tmp_path / "nothing")}
    written = tmp_path / "numbers.json"
    said = subprocess.run(
        [*command, "--json", str(written)], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert "questions made up from a seed" in said
    assert "agrees with the evaluator" in said
    sets = json.loads(written.read_text())["sets"]
    assert list(sets) == ["300 subscriptions", "200 distinct queries"]
    assert sets["200 distinct queries"]["topics"] == 200
    assert all(result["mean_ms"] > 0 and result["private_mb"] > 0 for result in sets.values())
