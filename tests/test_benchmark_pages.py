"""The benchmark of the pages asks for every page there is; how long each takes, it says itself."""

import pytest

from benchmarks._pages_addresses import NOT_MEASURED
from tests import small_benchmark
from tests.web.test_safety import patterns


@pytest.mark.slow
def test_every_page_of_a_small_site_is_asked_for(tmp_path):
    few = ["--items", "1000", "--subscriptions", "400", "--count", "3"]
    said, result = small_benchmark.run(tmp_path, "pages", *few)
    measured = {name.partition(",")[0] for name in result["pages"]}
    assert measured | set(NOT_MEASURED) == set(patterns()), "a page is neither measured nor named in NOT_MEASURED"
    assert not measured & set(NOT_MEASURED)
    assert (result["items"], result["subscriptions"]) == (1_400, 400) and result["hits"] > 0
    for facts in result["pages"].values():
        assert facts["times"] > 0 and facts["all_max_ms"] >= facts["all_p50_ms"] > 0
    assert "| preview |" in said and "| my-alerts, of thirty |" in said
