from dataclasses import replace
from datetime import date
from itertools import count

from alerts.digests.facts import Fact, Who
from alerts.digests.grouping import groups, latest, normalised

LONG = " ".join(f"word{n}" for n in range(50))
STOCK = "The information requested will be placed in the Library."
ADA, TOM = Who("Ada Fenwick", "Ind", "Sandholm"), Who("Tom Perrin", "Coast", "Wickby")
_number = count(1)


def fact(answer: str = LONG, **fields) -> Fact:
    """An answered question of its own, on the usual day to the usual department."""
    number = next(_number)
    usual = Fact(
        event_id=number,
        item_id=number,
        seq=number,
        kind="answered",
        heading="Foghorns: Repairs",
        question="How many?",
        answer=answer,
        text="",
        body="Department for Lighthouses",
        asker=ADA,
        answerer=None,
        happened_on=date(2026, 3, 10),
        days_late=0,
        address=(str(number), date(2026, 3, 1)),
        due_on=None,
        holding_on=None,
        answered_on=date(2026, 3, 10),
        partners=frozenset(),
        url=f"https://example.org/q/{number}",
        source="Written questions",
    )
    return replace(usual, **fields)


def sizes(*facts: Fact) -> list[int]:
    return [len(group) for group in groups(facts)]


def test_equal_long_answers_are_one_answer_whoever_asked():
    assert sizes(fact(asker=ADA), fact(asker=TOM, heading="Sirens")) == [2]


def test_signs_tags_and_blanks_make_no_difference():
    assert sizes(fact(f"It’s – “so” {LONG}"), fact(f'<p>It\'s - "so"</p>\n\n{LONG} ')) == [2]
    assert normalised("A‐B  c") == normalised("a-b c")


def test_another_body_day_or_kind_is_another_answer():
    assert sizes(fact(), fact(body="Department for Sirens")) == [1, 1]
    assert sizes(fact(), fact(happened_on=date(2026, 3, 9))) == [1, 1]
    assert sizes(fact(), fact(kind="corrected")) == [1, 1]


def test_a_stock_reply_joins_only_what_one_member_asked_under_one_heading():
    assert sizes(fact(STOCK), fact(STOCK)) == [2]
    assert sizes(fact(STOCK), fact(STOCK, asker=TOM)) == [1, 1]
    assert sizes(fact(STOCK), fact(STOCK, heading="Sirens")) == [1, 1]


def test_forty_words_are_enough():
    words = [f"w{n}" for n in range(40)]
    assert sizes(fact(" ".join(words)), fact(" ".join(words), asker=TOM)) == [2]
    assert sizes(fact(" ".join(words[:39])), fact(" ".join(words[:39]), asker=TOM)) == [1, 1]


def test_what_parliament_says_was_answered_together_is_together():
    first, second = fact("One answer."), fact("The other half of it.", asker=TOM)
    assert sizes(replace(first, partners=frozenset({second.address})), second) == [2]


def test_groups_that_share_a_member_are_one_group():
    a, b, c = fact("a"), fact("b", asker=TOM), fact("c", heading="Sirens")
    chain = replace(b, partners=frozenset({a.address, c.address}))
    assert sizes(a, chain, c) == [3]


def test_questions_without_an_answer_stand_alone():
    assert sizes(fact("", kind="tabled"), fact("", kind="tabled")) == [1, 1]


def test_of_several_developments_of_one_item_the_latest_is_told():
    holding = fact("Later.", kind="holding")
    answered = replace(holding, event_id=0, seq=holding.seq + 1000, kind="answered", answer=LONG)
    assert latest([holding, answered]) == [answered]
    assert latest([answered, holding]) == [answered]
