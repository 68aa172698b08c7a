"""The engines of the race find what the evaluator finds, for every kind of query that all of them understand."""

import pytest

from alerts.query import Document, matches, parse
from benchmarks import _race
from benchmarks._sets import keep_commonness
from benchmarks._turns import Turn
from benchmarks.peers import HARK, NAMES, SHARING, Absent, opened
from benchmarks.peers.shared import expressible, fits

DOCUMENTS = [
    Document.from_zones(
        heading="Maternity Services: Safety",
        question="To ask what steps she is taking to reduce inequalities among young people.",
        answer="Over 1,000 midwives joined.\nPeople are our priority; the young are not forgotten.",
    ),
    Document.from_zones(
        heading="Young: People", question="Siân Berry asked about A&E waits of 4.5 hours at its worst."
    ),
    Document.from_zones(heading="Railways", question="How safe are trains? Young\npeople ask."),
    Document.from_zones(heading="Café opening times", question="Écoles, naïve \u00df and \u01c5 letters."),
    Document.from_zones(question="?"),
]
TYPED = (
    *("inequality", '"inequality"', '"inequalities"', '"young people"', "safety", '"safety"', "safe", "1000", "4.5"),
    *("A&E", '"a and e waits"', "Sian", "cafe", "\u00e9coles", "stra\u00dfe", "\u00df", "dz letters", "absent"),
    *("maternity safety", "maternity OR trains", "young NOT maternity", 'people -"young people" -trains'),
    *("(maternity OR trains) AND (safe OR midwives)", "young AND (people OR steps) NOT (asked OR caf\u00e9)"),
    *('"its worst"', '"the young are not"', '"priority the"', "(train -rail) OR (waits -midwives)"),
)
TREES = [parse(typed).tree for typed in TYPED]


def asked(engine, documents):
    """What the engine finds in each of the documents."""
    return list(map(set, engine.matching(engine.prepared(documents))))


@pytest.fixture(params=[HARK, SHARING, *NAMES])
def engine(request, tmp_path, running_servers):
    keep_commonness(tmp_path, DOCUMENTS)
    try:
        engine = opened(request.param, tmp_path)
    except Absent as reason:
        pytest.skip(str(reason))
    yield engine
    engine.close()


def expected(trees, first=1):
    return [
        {topic for topic, tree in enumerate(trees, start=first) if matches(tree, document)} for document in DOCUMENTS
    ]


def test_every_engine_finds_what_the_evaluator_finds(engine):
    assert all(map(expressible, TREES)) and all(map(fits, DOCUMENTS))
    engine.build(enumerate(TREES * 2, start=1))
    engine.load()
    assert asked(engine, DOCUMENTS) == expected(TREES * 2)
    assert asked(engine, DOCUMENTS[::-1]) == expected(TREES * 2)[::-1]


def test_what_is_added_is_found_until_it_is_dropped(engine):
    engine.build(enumerate(TREES[:5], start=1))
    engine.load()
    engine.add(list(enumerate(TREES[5:], start=6)))
    assert asked(engine, DOCUMENTS) == expected(TREES)
    engine.drop(range(6, len(TREES) + 1))
    assert asked(engine, DOCUMENTS) == expected(TREES[:5])


@pytest.mark.parametrize("typed", ["matern*", "=IT", "heading:safety", "a1 NEAR/5 b1", "a1 dept:DHSC", '"young peo*"'])
def test_what_only_hark_understands_takes_no_part(typed):
    assert not expressible(parse(typed).tree)


def test_a_document_with_a_word_too_often_for_postgresql_takes_no_part():
    assert fits(Document.from_zones(question="health " * 255))
    assert not fits(Document.from_zones(question="health " * 256))


def test_engines_that_differ_stop_the_race():
    def contestant(title, *prints):
        facts = {"reads": True}
        return _race._Contestant(None, title, facts, len(prints), [Turn(1.0, 0.0, 1.0, list(prints))])

    _race._agree([contestant("one", (2, 7), (1, 5)), contestant("other", (2, 7))])
    with pytest.raises(SystemExit, match="one and other differ on document 1 of round 1: 1 and 2 topics"):
        _race._agree([contestant("one", (2, 7), (1, 5)), contestant("other", (2, 7), (2, 6))])
