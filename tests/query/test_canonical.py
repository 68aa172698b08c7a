"""Queries that mean the same are one topic, under one text that can be read again."""

import sys

import pytest

from alerts.query import And, Not, Or, Phrase, Term, canonical, parse, topic_key

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


def test_absorption_is_not_tried():
    assert canonical(parse("flu OR (flu measles)").tree) == "flu OR flu measles"
