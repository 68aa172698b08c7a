"""The benchmark of a day runs on servers of its own and counts what it did; how fast, it says itself."""

import pytest

from tests import small_benchmark


@pytest.mark.slow
def test_a_small_day_is_percolated_twice_filled_and_rung(tmp_path):
    few = ["--subscriptions", "400", "--past", "300", "--events", "40"]
    said, result = small_benchmark.run(tmp_path, "day", *few)
    assert "300 questions made up from a seed of the past, 400 subscriptions" in said
    assert [result[way]["events"] for way in ("lump", "stream")] == [40, 40]
    assert result["table"]["hits"] == result["lump"]["hits"] > 0
    assert (result["lump"]["transactions"], result["stream"]["transactions"]) == (1, 20)
    assert result["ring"]["events"] == 40
    assert set(result["stream"]["parts"]) >= {"matching", "numbering", "inserting hits", "foreign keys", "commit"}
    assert result["costs"]["foreign keys"] > 0
