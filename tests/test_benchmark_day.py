"""The benchmark of a day runs on servers of its own and counts what it did; how fast, it says itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_small_day_is_percolated_twice_filled_and_rung(tmp_path):
    few = ["--subscriptions", "400", "--past", "300", "--events", "40"]
    written = tmp_path / "numbers.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HARK_")}
    said = subprocess.run(
        [sys.executable, "-m", "config.run", "bench", "day", *few, "--json", str(written)],
        env=environment | {"HARK_SHARED_DATA": str(tmp_path / "nothing")},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert "300 questions made up from a seed of the past, 400 subscriptions" in said
    result = json.loads(written.read_text())
    assert [result[way]["events"] for way in ("lump", "stream")] == [40, 40]
    assert result["table"]["hits"] == result["lump"]["hits"] > 0
    assert (result["lump"]["transactions"], result["stream"]["transactions"]) == (1, 20)
    assert result["ring"]["events"] == 40
    assert set(result["stream"]["parts"]) >= {"matching", "numbering", "inserting hits", "foreign keys", "commit"}
    assert result["costs"]["foreign keys"] > 0
