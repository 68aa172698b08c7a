"""Every rule of the language keeps its word, wherever the text stands."""

import pytest

from alerts.query import Document, canonical, matches, parse
from alerts.query.rules import RULES

EXAMPLES = [example for rule in RULES for example in rule.examples]


def documents(example):
    """The text where it has to stand, else in the first zone and in the last, beside a text that has nothing of it."""
    if example.zone:
        return [Document.from_zones(**{example.zone: example.text}, about=example.about)]
    return [
        Document.from_zones(answer=example.text, about=example.about),
        Document.from_zones(heading="Fisheries", text=example.text, about=example.about),
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.typed)
def test_a_query_finds_what_its_rule_says(example):
    tree = parse(example.typed).tree

    assert [matches(tree, document) for document in documents(example)] == [example.finds] * len(documents(example))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.typed)
def test_the_canonical_form_finds_the_same(example):
    tree = parse(canonical(parse(example.typed).tree)).tree

    assert {matches(tree, document) for document in documents(example)} == {example.finds}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.typed)
def test_what_a_rule_says_to_type_can_be_typed(rule):
    assert parse(rule.typed).tree


def test_words_may_lie_in_different_zones_but_a_phrase_lies_in_one():
    apart = Document.from_zones(heading="Maternity", question="On safety.", answer="Young\npeople")

    assert matches(parse("maternity safety").tree, apart)
    assert matches(parse("young people").tree, apart)
    assert not matches(parse('"maternity on"').tree, apart)
    assert not matches(parse('"young people"').tree, apart)
    assert not matches(parse("maternity NEAR/50 safety").tree, apart)
