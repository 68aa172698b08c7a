"""Queries that mean the same are one topic, under one text that can be read again."""

import sys

import pytest

from alerts.query import And, Cased, In, Near, Not, Or, Phrase, Term, canonical, parse, topic_key

SAME = [
    ("flu", ["Flu", "FLU, the", "(flu)", "flu AND flu", "flu OR flu", "NOT NOT flu", "‘flu’"]),
    ("flu measles", ["measles AND flu", "the flu, measles", "(flu) (measles)", "flu measles FLU", "measles & flu"]),
    ("flu OR measles", ["measles OR flu", "(measles OR (flu OR measles))"]),
    ("(flu OR measles) mumps", ["mumps AND (measles OR flu)", "mumps (flu OR flu OR measles) AND mumps"]),
    ("flu measles OR mumps", ["mumps OR (measles flu)", "mumps OR measles AND flu"]),
    ("cancer -screening", ["-screening cancer", "cancer NOT screening", "cancer AND NOT NOT NOT Screening"]),
    ("cancer -(bowel screening)", ["NOT (screening AND bowel) cancer", "cancer -(bowel (screening bowel))"]),
    ('"long term"', ["long-term", "“Long  Term”", "long/term", '"long, term"']),
    ('"a and e"', ["A&E", '"A and E"', "a-and-e"]),
    ('"flu"', ["“Flu”", '"flu" "flu!"']),
    ("1000 cafe", ["café 1,000"]),
    ("vaccin*", ["Vaccin*", '"VACCIN*"', "vaccin* vaccin**"]),
    ('"flu vaccin*"', ['"Flu  Vaccin*"', "flu-vaccin*"]),
    ("flu NEAR/10 measles", ["measles NEAR flu", "(Measles) NEAR/10 flu", "flu NEAR measles AND measles NEAR flu"]),
    ("(flu OR measles) NEAR/5 mumps", ["mumps NEAR/5 (measles OR (flu OR measles))"]),
    ("=SEND", ["==SEND", '="SEND"', "(=SEND =SEND)"]),
    ('="A and E"', ["=A&E", '="A  and E"']),
    ("heading:flu", ["title:Flu", "HEADING:(flu)", "heading:(flu flu)"]),
    ("heading:(flu measles)", ["title:(measles AND flu)"]),
    ("heading:flu NEAR/5 measles", ["heading:(measles NEAR/5 flu)"]),
    ('heading:"flu measles"', ["heading:flu-measles"]),
    ("flu text:measles asked:blake house:lords -mumps", ["-mumps house:Lords asked:Blake (text:measles flu)"]),
    ("dept:health OR dept:justice", ["dept:(justice OR health)", 'dept:("Ministry of Justice" OR health)']),
    ('dept:"health and social care"', ['dept:"Department of Health & Social Care"']),
    ('flu -asked:"olivia blake"', ["flu NOT asked:Olivia-Blake"]),
]


@pytest.mark.parametrize(("text", "others"), SAME)
def test_one_topic_has_one_text(text, others):
    for other in [text, *others]:
        assert canonical(parse(other).tree) == text


@pytest.mark.parametrize(("text", "others"), SAME)
def test_one_topic_has_one_key(text, others):
    assert {topic_key(parse(other).tree) for other in others} == {topic_key(parse(text).tree)}


def test_different_topics_have_different_keys():
    assert len({topic_key(parse(text).tree) for text, _ in SAME}) == len(SAME)
    assert topic_key(parse("inequality").tree) != topic_key(parse("inequalities").tree)
    assert topic_key(parse("flu").tree) != topic_key(parse('"flu"').tree)


def test_the_key_is_short_stable_hexadecimal():
    assert topic_key(Term("flu")) == "074c23c8b10e1d07f4545bfe4fdd9fe7"


def test_the_key_carries_the_version_of_the_analysis(monkeypatch):
    before = topic_key(Term("flu"))
    monkeypatch.setattr(sys.modules["alerts.query.canonical"], "ANALYSIS_VERSION", 2)
    assert topic_key(Term("flu")) != before


def test_a_tree_put_together_by_hand_has_the_same_form():
    flu, mumps = Term("flu"), Term("mumps")
    tree = And((And((mumps, flu)), Not(Not(Or((flu, And((mumps, mumps)))))), Phrase(("a", "b"))))

    assert canonical(tree) == '"a b" flu (flu OR mumps) mumps'


def test_near_and_zones_put_together_by_hand_have_the_same_form():
    tree = Near((Term("mumps"), Or((Term("flu"), Term("flu")))), 5)

    assert canonical(In("heading", And((tree, tree)))) == "heading:flu NEAR/5 mumps"
    assert canonical(In("text", Not(Not(Cased(("Bath",)))))) == "text:=Bath"


def test_absorption_is_not_tried():
    assert canonical(parse("flu OR (flu measles)").tree) == "flu OR flu measles"
