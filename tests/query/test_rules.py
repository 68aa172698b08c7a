"""Every rule of the language keeps its word, in the first zone and in the last."""

import pytest

from alerts.query import Document, canonical, matches, parse
from alerts.query.rules import RULES

EXAMPLES = [example for rule in RULES for example in rule.examples]


@pytest.mark.parametrize(("typed", "text", "finds"), EXAMPLES)
def test_a_query_finds_what_its_rule_says(typed, text, finds):
    tree = parse(typed).tree

    assert matches(tree, Document.from_zones(answer=text)) is finds
    assert matches(tree, Document.from_zones(heading="Fisheries", text=text)) is finds


@pytest.mark.parametrize(("typed", "text", "finds"), EXAMPLES)
def test_the_canonical_form_finds_the_same(typed, text, finds):
    tree = parse(canonical(parse(typed).tree)).tree

    assert matches(tree, Document.from_zones(answer=text)) is finds


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.typed)
def test_what_a_rule_says_to_type_can_be_typed(rule):
    assert parse(rule.typed).tree


def test_words_may_lie_in_different_zones_but_a_phrase_lies_in_one():
    apart = Document.from_zones(heading="Maternity", question="On safety.", answer="Young\npeople")

    assert matches(parse("maternity safety").tree, apart)
    assert matches(parse("young people").tree, apart)
    assert not matches(parse('"maternity on"').tree, apart)
    assert not matches(parse('"young people"').tree, apart)
