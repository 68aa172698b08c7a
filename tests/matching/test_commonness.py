"""Of all that a query requires, a topic waits for what is rarest in what was percolated lately."""

import pytest

from alerts.matching.commonness import Commonness
from alerts.matching.known import KnownTopics
from alerts.matching.percolate import percolate_due
from alerts.query import Document, parse
from tests.factories import NOW, make_department, make_event, make_member

COMMON = Commonness({"=foghorn": 3, "=foghorns": 4, "=fog": 9, "=forge": 50, "foghorn": 6, "dept:bells": 2})


def test_a_rare_feature_costs_less_than_a_common_one():
    assert COMMON.cost("dept:bells") < COMMON.cost("=foghorns") < COMMON.cost("foghorn")


def test_of_equally_common_features_the_longer_one_costs_less():
    assert COMMON.cost("asked:fenwick") < COMMON.cost("asked:fen")


def test_a_beginning_costs_as_much_as_all_words_that_begin_so():
    assert int(COMMON.cost("=foghorn*")) == 7
    assert int(COMMON.cost("=fo*")) == 66
    assert int(COMMON.cost("=horn*")) == 0


@pytest.mark.django_db
def test_names_are_counted_as_words_are():
    for number in range(3):
        make_event(department=make_department("Ministry of Bells"), asking_member=make_member(f"Ada Weir{number}"))
    percolate_due(NOW)
    index = KnownTopics().index._overlay
    index.add(1, parse("foghorns dept:bells asked:weir1").tree)
    assert list(index._waiting) == ["asked:weir1"]
    index.add(2, parse("foghorns -sirens (asked:weir1 OR horns*)").tree)
    assert index.matching(Document.from_zones(text="Foghorns and horns.")) == {2}
