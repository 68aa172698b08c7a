"""Clauses: how a query becomes alternatives that fit the rows of an index, and what is left to the evaluator."""

import pytest
from hypothesis import given

from alerts.matching.clauses import MOST, Clause, clauses
from alerts.matching.scoped import Scoped
from alerts.query import In, Not, Or, Term, parse
from tests.matching.strategies import any_trees


def said(typed: str) -> list[str]:
    """The clauses of a query, in words."""
    return sorted(map(_said, clauses(parse(typed).tree, lambda feature: 1)))


def _said(clause: Clause) -> str:
    required, forbidden = (
        sorted(f"{scope}>{name}" if scope else name for scope, name in side)
        for side in (clause.required, clause.forbidden)
    )
    return " ".join([*required, *(f"-{name}" for name in forbidden), *([] if clause.exact else ["?"])])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("babies", ["babi"]),
        ('"Young People"', ['"young people']),
        ('"safety"', ["=safety"]),
        ("inequalit*", ["=inequalit*"]),
        ("=Reading", ["^Reading"]),
        ('="Care Act"', ['"care act ?']),
        ('"health inequalit*"', ["=health =inequalit* ?"]),
        ("heading:(baby OR mother)", ["heading>babi", "heading>mother"]),
        ('text:"young people" dept:transport', ['dept:transport text>"young people']),
        ('asked:"Ada Fenwick"', ["asked:ada fenwick"]),
        ("(baby OR mother) neonatal -ward", ["babi neonat -ward", "mother neonat -ward"]),
        ("baby -(mother OR ward)", ["babi -mother -ward"]),
        ("baby -(mother ward)", ["babi -mother", "babi -ward"]),
        ("baby NEAR/5 (mother OR ward)", ["babi mother ?", "babi ward ?"]),
        ('baby -"young peopl*"', ["babi ?"]),
        ("baby -baby", []),
    ],
)
def test_what_a_query_becomes(typed, expected):
    assert said(typed) == expected


def test_brackets_that_would_multiply_are_left_to_the_evaluator():
    brackets = [" OR ".join(f"{letter}{number}" for number in range(5)) for letter in "abc"]
    assert said(" ".join(f"({bracket})" for bracket in brackets)) == [f"a{number} ?" for number in range(5)]


def test_a_zone_within_a_zone_is_what_both_have_in_common():
    both = Or((In("text", In("answer", Term("baby"))), In("heading", In("answer", Term("mother")))))
    assert clauses(both, lambda feature: 1) == (Clause(frozenset([Scoped("answer", "babi")])),)
    assert clauses(Not(both), lambda feature: 1) == (Clause(forbidden=frozenset([Scoped("answer", "babi")])),)


@given(any_trees)
def test_there_are_never_many(tree):
    assert len(clauses(tree, lambda feature: 1)) <= 8 * MOST
