"""The benchmark of digests runs on servers of its own and makes every digest; how fast, it says itself."""

import pytest

from tests import small_benchmark


@pytest.mark.slow
def test_a_few_digests_of_twenty_results_are_composed_and_rendered(tmp_path):
    few = ["--people", "6", "--events", "300", "--topics", "3000"]
    said, result = small_benchmark.run(tmp_path, "digests", *few)
    assert "300 questions made up from a seed, answered; 6 people" in said
    assert (result["digests"], result["results"]) == (6, 20)
    assert result["statements"] > 6
    assert sum(result["parts"].values()) > 0 and result["bytes"] > 10_000
