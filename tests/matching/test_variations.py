"""What is one press away from a query, and how much it finds."""

from datetime import timedelta

import pytest
from hypothesis import given

from alerts.matching import beside
from alerts.matching.percolate import percolate_due
from alerts.matching.preview import preview
from alerts.matching.variations import PROMINENT, Variation, forms, mentioned, only_in, prominent, without, zoned
from alerts.models import Event
from alerts.query import And, Not, highlight, matches, parse
from alerts.query.nodes import all_of, any_of, children
from tests.factories import NOW, make_department, make_event
from tests.matching.strategies import trees
from tests.query.grammar import documents

OLD = NOW.date() - timedelta(days=100)


def has_not(tree) -> bool:
    return isinstance(tree, Not) or any(map(has_not, children(tree)))


@given(trees.filter(lambda tree: not has_not(tree)), documents)
def test_what_is_mentioned_in_a_zone_is_what_is_marked_there(tree, document):
    marks = highlight(tree, document)
    for zones in (PROMINENT, ("answer",)):
        said = mentioned(tree, zones)
        assert (said is not None and matches(said, document)) == any(marks[zone] for zone in zones)


@given(trees, documents)
def test_a_query_asked_of_some_zones_alone_finds_nothing_else(tree, document):
    assert matches(tree, document) or not matches(only_in(tree, PROMINENT), document)


@given(trees, trees, documents)
def test_what_is_known_to_hold_need_not_be_asked_again(tree, other, document):
    known = tree.children if isinstance(tree, And) else (tree,)
    for narrower in (all_of((tree, other)), any_of((only_in(tree, PROMINENT), all_of((tree, other))))):
        rest = without(narrower, known)
        if matches(tree, document):
            assert matches(narrower, document) == (rest is None or matches(rest, document))


def typed(variations) -> dict[str, str]:
    return {one.label: one.typed for one in variations if one}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("maternity", "heading:maternity OR question:maternity OR maternity type:newsletter"),
        ("a1 b1", "a1 b1 (heading:(a1 OR b1) OR question:(a1 OR b1)) OR a1 b1 type:newsletter"),
        ("cancer -screening", "(heading:cancer OR question:cancer) -screening OR cancer -screening type:newsletter"),
        ("answer:cancer", None),
        ("cancer OR asked:marsh", None),
    ],
)
def test_how_the_prominent_part_is_typed(query, left):
    variation = prominent(parse(query))
    assert (variation and variation.typed) == left


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("babies", {"exactly “babies”": '"babies"'}),
        ('"babies"', {"any form of babies": "babies"}),
        ("young people", {"the phrase “young people”": '"young people"'}),
        ('"young people"', {"both words, anywhere": "young people"}),
        ('"of people"', {}),
        ("cancer OR flu", {}),
    ],
)
def test_the_forms_of_words_that_are_offered(query, expected):
    assert typed(forms(parse(query))) == expected


def test_a_query_that_asks_for_a_zone_can_be_asked_of_all():
    assert typed(zoned(parse("heading:(cancer flu) -answer:cold"))) == {"anywhere": "cancer flu -answer:cold"}
    narrowed = "heading:cancer OR question:cancer OR cancer type:newsletter"
    assert typed(zoned(parse(narrowed))) == {"anywhere": "cancer"}


# ---- counted


def found(words: str) -> dict[str, Variation]:
    return {one.label: one for one in preview(parse(words), NOW).beside.variations}


@pytest.fixture
def harbour(db):
    """Questions about foghorns to two departments, one of them only in its answer, and a newsletter."""
    lights, bells = make_department("Department for Lighthouses"), make_department("Ministry of Bells")
    for number, (heading, question) in enumerate(
        [("Foghorns: Repairs", "Why repairs?"), ("Foghorn: Repairs", "When?"), ("Foghorns: Paint", "Repairs?")]
    ):
        make_event(heading=heading, question=question, answer=f"{number}.", department=lights)
    make_event(heading="Bells", question="Bells?", answer="No foghorns.", department=bells, house="Lords")
    make_event("published", heading="News", text="The foghorns are back.")
    for number in range(30):
        make_event(heading="Paint", question="Paint?", answer=f"{number} pots.", department=bells)
    percolate_due(NOW)


def test_each_variation_says_how_much_it_finds(harbour):
    variations = found("foghorns")
    assert {label: one.results for label, one in variations.items()} == {
        "exactly “foghorns”": 4,
        "heading": 3,
        "questions": 4,
        "newsletters": 1,
        "Commons": 3,
        "Lords": 1,
        "Department for Lighthouses": 3,
        "Ministry of Bells": 1,
        "repairs": 3,
    }
    assert variations["repairs"].typed == "foghorns repairs"
    for one in variations.values():
        assert preview(parse(one.typed), NOW).last_90_days == one.results, one.typed


def test_what_only_mentions_the_words_in_the_answer_is_counted_and_can_be_left_out(harbour):
    whole = preview(parse("foghorns"), NOW)
    assert (whole.last_90_days, whole.beside.answer_only) == (5, 1)
    left = preview(parse(whole.beside.prominent.typed), NOW)
    assert (left.last_90_days, left.beside.answer_only) == (4, 0)


def test_widening_is_counted_too(harbour):
    assert found('"foghorns"')["any form of foghorns"].results == 5
    assert found('"foghorns repairs"')["both words, anywhere"].results == 3
    assert found("heading:foghorns")["anywhere"].results == 5


def test_what_is_added_to_alternatives_goes_after_brackets(harbour):
    assert found("foghorns OR pots")["Lords"].typed == "(foghorns OR pots) house:lords"


@pytest.mark.parametrize("is_much", [True, False])
@pytest.mark.parametrize("words", ["foghorns", "foghorns NEAR repairs", "foghorns house:commons", "foghorns OR mended"])
def test_what_corrects_an_answer_counts_with_it(harbour, words, is_much, monkeypatch):
    monkeypatch.setattr(beside, "MUCH", 0 if is_much else 1_000)
    answered = make_event(heading="Lamps", question="Lamps?", answer="Foghorns, after repairs.", happened_on=OLD)
    for heading, answer in (("Repairs", "No lamps."), ("Lamps", "Foghorns.")):
        make_event("corrected", item=answered.item, version=answer, heading=heading, question="?", answer=answer)
    percolate_due(NOW)
    for one in found(words).values():
        assert preview(parse(one.typed), NOW).last_90_days == one.results, one.typed


@pytest.mark.parametrize("words", ["foghorns", "foghorns NEAR repairs", "foghorns -repairs", "paint OR repairs"])
def test_before_anything_is_kept_of_the_events_the_counts_are_the_same(harbour, words):
    kept = found(words)
    Event.objects.update(features=None, same_key=None)
    assert found(words).keys() <= kept.keys()
    for label, one in found(words).items():
        assert one == kept[label]
