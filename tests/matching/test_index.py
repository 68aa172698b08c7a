"""The index of topics answers what the evaluator says, topic by topic, whatever happened to it before."""

from collections import Counter
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from alerts.matching.commonness import Commonness
from alerts.matching.compiled import CompiledIndex
from alerts.matching.compiler import compiled
from alerts.matching.features import features
from alerts.matching.index import TopicIndex
from alerts.query import Document, Node, Term, matches
from tests.matching.strategies import any_trees
from tests.query.grammar import documents

ids = st.integers(1, 5)
changes = st.lists(st.tuples(st.just("add"), ids, any_trees) | st.tuples(st.just("drop"), ids, st.none()), max_size=12)
samples = st.lists(documents, max_size=1).map(lambda read: Counter(chain.from_iterable(map(features, read))))
topics = st.dictionaries(st.integers(1, 9), any_trees, max_size=9)


def index_of(topics: dict[int, Node], sample: dict[str, int]) -> TopicIndex:
    commonness = Commonness(sample)
    return TopicIndex(commonness, CompiledIndex(compiled(sorted(topics.items()), commonness)))


@given(samples, topics, st.lists(documents, min_size=1, max_size=4))
def test_a_compiled_index_finds_exactly_what_the_evaluator_finds(sample, topics, read):
    index = index_of(topics, sample)
    assert index.topics == topics.keys()
    for document in read:
        assert index.matching(document) == {topic for topic in topics if matches(topics[topic], document)}


@given(samples, topics, changes, st.lists(documents, min_size=1, max_size=3))
def test_it_still_does_after_any_additions_and_removals(sample, topics, changes, read):
    index, alive = index_of(topics, sample), dict(topics)
    for change, topic, tree in changes:
        if change == "add":
            index.add(topic, tree)
            alive[topic] = tree
        else:
            index.drop([topic])
            alive.pop(topic, None)
        for document in read:
            assert index.matching(document) == {topic for topic in alive if matches(alive[topic], document)}
    assert index.topics == alive.keys()


def test_ids_may_be_larger_than_32_bits():
    index = index_of({1: Term("fog"), 1 << 40: Term("fog")}, {})
    assert index.matching(Document.from_zones(text="Fog")) == {1, 1 << 40}
    index.add(1 << 40, Term("horn"))
    index.drop([1])
    assert index.matching(Document.from_zones(text="Fog")) == set()
