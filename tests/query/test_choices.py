"""Filters: what they say of a query, and what is typed when another one is chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.query import QueryError, canonical, parse
from alerts.query.choices import CHOOSABLE, choices, chosen
from tests.query.grammar import queries

VALUES = {
    "source": ["", "The Lamp Room"],
    "type": ["", "question", "newsletter"],
    "dept": ["", "Health and Social Care", "Transport"],
    "asked": ["", "Olivia Blake", "O’Brien"],
    "house": ["", "commons", "lords"],
    "where": ["", "prominent", "heading"],
}


def shown(typed: str) -> dict[str, str]:
    now = choices(parse(typed).tree)
    return {**now.values, **({"where": now.where} if now.where else {})}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("maternity", {}),
        ("maternity house:lords", {"house": "lords"}),
        ('DEPT:"Department of Health and Social Care" maternity', {"dept": "health and social care"}),
        ("(cancer OR lung) type:question asked:blake", {"type": "question", "asked": "blake"}),
        ("house:lords (a1 house:lords OR b2)", {}),
        ("heading:maternity", {"where": "heading"}),
        ("heading:maternity house:lords", {"where": "heading", "house": "lords"}),
        ("heading:maternity OR question:maternity OR maternity type:newsletter", {"where": "prominent"}),
        ("(heading:maternity OR question:maternity) type:question", {"where": "prominent", "type": "question"}),
        (
            "(heading:baby OR question:baby OR baby type:newsletter) type:question",
            {"where": "prominent", "type": "question"},
        ),
        ("(heading:baby OR question:baby OR baby type:newsletter) type:newsletter OR pram", {}),
        ("heading:maternity safety", {}),
    ],
)
def test_what_is_typed_as_a_field_shows_as_chosen(typed, said):
    assert shown(typed) == said


@pytest.mark.parametrize(
    ("typed", "elsewhere"),
    [
        ("maternity NOT house:lords", {"house"}),
        ("maternity (house:lords OR dept:health)", {"house", "dept"}),
        ("maternity dept:health dept:transport", {"dept"}),
        ("maternity answer:safety", {"where"}),
        ("maternity status:answered party:labour", set()),
    ],
)
def test_what_a_filter_cannot_show_is_said_to_be_typed(typed, elsewhere):
    assert choices(parse(typed).tree).elsewhere == elsewhere


@pytest.mark.parametrize(
    ("typed", "name", "value", "text"),
    [
        ("Maternity", "house", "lords", "Maternity house:lords"),
        ("Lungs OR Hearts", "house", "lords", "(Lungs OR Hearts) house:lords"),
        ("Maternity House:Commons Safety", "house", "lords", "Maternity Safety house:lords"),
        ("Maternity AND house:lords AND Safety", "house", "", "Maternity AND Safety"),
        ("Maternity AND house:lords", "house", "", "Maternity"),
        ('Maternity dept:"Health and Social Care" "Young People"', "dept", "", 'Maternity "Young People"'),
        ("Maternity dept:(transport)", "dept", "", "Maternity"),
        ("Maternity", "dept", "Department for Transport", "Maternity dept:transport"),
        ("Maternity", "asked", "Olivia Blake", 'Maternity asked:"olivia blake"'),
        ('"dept:x" dept:transport', "dept", "", '"dept:x"'),
        ("dept:transport", "dept", "", ""),
        ("dept:transport house:lords", "dept", "", "house:lords"),
        ("Maternity", "where", "heading", "heading:maternity"),
        ("heading:maternity house:lords", "where", "", "maternity house:lords"),
        ("Maternity", "where", "prominent", "heading:maternity OR question:maternity OR maternity type:newsletter"),
        ("heading:maternity OR question:maternity OR maternity type:newsletter", "where", "", "maternity"),
        ("heading:cot OR question:cot", "house", "lords", "(heading:cot OR question:cot) house:lords"),
        ("(heading:cot OR question:cot) house:lords", "house", "", "(heading:cot OR question:cot)"),
    ],
)
def test_the_text_says_what_was_chosen_and_keeps_the_rest_as_typed(typed, name, value, text):
    assert chosen(typed, name, value) == text


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("maternity NOT house:lords", "house", "commons"),
        ("maternity", "house", "mars"),
        ("maternity", "dept", "—"),
        ("maternity answer:safety", "where", "heading"),
        ("maternity", "where", "nowhere"),
        ("dept:transport", "where", "heading"),
        ("maternity House:Lords", "house", "lords"),
        (" OR ".join(f"word{number}" for number in range(40)), "where", "prominent"),
    ],
)
def test_what_cannot_be_chosen_changes_nothing(typed, name, value):
    assert chosen(typed, name, value) == typed


@given(queries, st.sampled_from([(name, value) for name in VALUES for value in VALUES[name]]))
def test_a_choice_shows_and_taking_it_back_leaves_what_there_was(typed, choice):
    try:
        before = parse(typed).tree
    except QueryError:
        return
    name, value = choice
    text = chosen(typed, name, value)
    try:
        parse(text)
    except QueryError:
        assert not value, "only what is left without a choice may be nothing to ask for"
        return
    if text == typed:
        return
    assert bool(shown(text).get(name)) == bool(value)
    others = {key: kept for key, kept in shown(typed).items() if key != name}
    assert {key: kept for key, kept in shown(text).items() if key != name} == others
    if name not in shown(typed):
        back = chosen(text, name, "")
        assert canonical(parse(back).tree) == canonical(before)


def test_every_field_that_can_be_chosen_is_tried_here():
    assert set(VALUES) == {*CHOOSABLE, "where"}
