"""What is added to an index after it was compiled waits for its rarest feature in a small index of its own."""

from alerts.matching.commonness import Commonness
from alerts.matching.overlay import Overlay
from alerts.query import About, Document, parse


def index_of(*queries: str, sample: dict[str, int] | None = None) -> Overlay:
    index = Overlay(Commonness(sample or {}))
    for topic, typed in enumerate(queries, start=1):
        index.add(topic, parse(typed).tree)
    return index


def test_a_topic_waits_for_its_rarest_word_and_needs_its_other_words_too():
    index = index_of("maternity health", sample={"health": 900, "matern": 3})
    assert index.candidates(Document.from_zones(heading="Health")) == set()
    assert index.candidates(Document.from_zones(heading="Maternity")) == set()
    assert index.candidates(Document.from_zones(heading="Maternity", answer="Health")) == {1}


def test_of_a_phrase_every_word_must_be_there_before_the_evaluator_is_asked():
    index = index_of('"young people"')
    assert index.candidates(Document.from_zones(text="Young foxes")) == set()
    assert index.candidates(Document.from_zones(text="People who are young")) == {1}
    assert index.matching(Document.from_zones(text="People who are young")) == set()
    assert index.matching(Document.from_zones(text="Young people")) == {1}


def test_a_bracket_of_alternatives_does_not_multiply():
    index = index_of("(a1 OR a2 OR a3) (b1 OR b2 OR b3) (c1 OR c2 OR c3)")
    assert index.matching(Document.from_zones(text="a2 b3 c1")) == {1}
    assert sum(len(rows) for topics in index._waiting.values() for rows in topics.values()) == 3


def test_a_beginning_nobody_asks_for_any_more_is_looked_out_for_no_longer():
    index = index_of("fogh*", "hor* OR sirens")
    assert index._prefixes.met({"foghorn", "horns"}) == {"=fogh*", "=hor*"}
    index.drop([1])
    assert index._prefixes.met({"foghorn", "horns"}) == {"=hor*"}


def test_a_topic_that_asks_for_a_name_alone_waits_for_the_name():
    index = index_of('asked:"Ada Fenwick"', "dept:DfL", "source:gazette")
    assert index.candidates(Document.from_zones(text="Ada Fenwick of the DfL wrote in the Gazette")) == set()
    assert index.matching(Document.from_zones(about=About(asked="Ms Ada Fenwick"))) == {1}
    assert index.matching(Document.from_zones(about=About(departments=("Department for Lighthouses", "DfL")))) == {2}
    assert index.matching(Document.from_zones(about=About(source="Harbour Gazette"))) == {3}
