"""The benchmark of digests runs on servers of its own and makes every digest; how fast, it says itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_few_digests_of_twenty_results_are_composed_and_rendered(tmp_path):
    few = ["--people", "6", "--events", "300", "--topics", "3000"]
    written = tmp_path / "numbers.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HARK_")}
    said = subprocess.run(
        [sys.executable, "-m", "config.run", "bench", "digests", *few, "--json", str(written)],
        env=environment | {"HARK_SHARED_DATA": str(tmp_path / "nothing")},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert "300 questions made up from a seed, answered; 6 people" in said
    result = json.loads(written.read_text())
    assert (result["digests"], result["results"]) == (6, 20)
    assert result["statements"] > 6
    assert sum(result["parts"].values()) > 0 and result["bytes"] > 10_000
