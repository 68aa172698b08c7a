"""A tree kept as bytes is the same tree."""

from hypothesis import given

from alerts.matching.trees import packed, unpacked
from tests.matching.strategies import any_trees


@given(any_trees)
def test_what_is_packed_comes_back(tree):
    assert unpacked(packed(tree)) == tree
