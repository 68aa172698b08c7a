"""What each kind of node finds, by trees put together by hand."""

import sys

import pytest

from alerts.query import About, Cased, Document, Field, In, Near, Not, Or, Phrase, Prefix, Term, highlight, matches
from alerts.query.analysis import cased_words, fold, words

QUESTION = Document.from_zones(
    heading="Health Inequalities: Reading",
    question="What steps he is taking on maternity\nsafety in care. The Care Act.",
    answer="Maternal health, reading and the MP'S view.",
    about=About(
        type="question",
        house="commons",
        source="Written questions",
        status="corrected",
        departments=("Department of Health and Social Care", "DHSC", "Department of Health"),
        asked="Olivia Blake",
        answered="Maria Caulfield",
        party=("Labour", "Lab"),
    ),
)

FINDS = [
    (Prefix("inequalit"), True),
    (Prefix("equalit"), False),
    (Prefix("inequaliti"), True),
    (Prefix("inequality"), False),
    (Phrase(("health", Prefix("inequ"))), True),
    (Phrase((Prefix("heal"), "inequalities")), True),
    (Phrase(("health", Prefix("equ"))), False),
    (Cased(("Reading",)), True),
    (Cased(("reading",)), True),
    (Cased(("READING",)), False),
    (Cased(("Care", "Act")), True),
    (Cased(("MP",)), True),
    (Cased(("care", "act")), False),
    (Near((Term("steps"), Term("maternity")), 5), True),
    (Near((Term("maternity"), Term("steps")), 5), True),
    (Near((Term("steps"), Term("maternity")), 4), False),
    (Near((Term("maternity"), Term("safety")), 50), False),
    (Near((Term("care"), Term("care")), 2), True),
    (Near((Term("steps"), Term("steps")), 50), False),
    (Near((Phrase(("the", "care")), Term("act")), 1), True),
    (Near((Phrase(("care", "act")), Term("act")), 50), False),
    (Near((Or((Term("flu"), Prefix("safe"))), Cased(("Care", "Act"))), 4), True),
    (Near((Or((Term("flu"), Prefix("safe"))), Cased(("Care", "Act"))), 3), False),
    (In("heading", Term("reading")), True),
    (In("heading", Term("maternity")), False),
    (In("question", Term("maternity")), True),
    (In("answer", Cased(("Reading",))), False),
    (In("text", Term("safety")), True),
    (In("text", Term("inequalities")), False),
    (In("heading", Not(Term("maternity"))), True),
    (Field("type", ("question",)), True),
    (Field("type", ("newsletter",)), False),
    (Field("house", ("commons",)), True),
    (Field("house", ("lords",)), False),
    (Field("status", ("corrected",)), True),
    (Field("status", ("answered",)), True),
    (Field("status", ("tabled",)), False),
    (Field("source", ("questions",)), True),
    (Field("dept", ("dhsc",)), True),
    (Field("dept", ("health",)), True),
    (Field("dept", ("health", "and", "social", "care")), True),
    (Field("dept", ("social", "care")), False),
    (Field("asked", ("blake",)), True),
    (Field("asked", ("olivia", "blake")), True),
    (Field("asked", ("blake", "olivia")), False),
    (Field("asked", ("oliv",)), False),
    (Field("answered", ("maria", "caulfield")), True),
    (Field("answered", ("olivia",)), False),
    (Field("party", ("lab",)), True),
    (Field("party", ("labour",)), True),
    (Field("party", ("conservative",)), False),
]


@pytest.mark.parametrize(("tree", "finds"), FINDS, ids=repr)
def test_a_node_finds_what_it_says(tree, finds):
    assert matches(tree, QUESTION) is finds
    assert matches(Not(tree), QUESTION) is not finds


@pytest.mark.parametrize("field", ["type", "house", "source", "status", "dept", "asked", "answered", "party"])
def test_of_a_text_of_which_nothing_is_known_no_field_holds(field):
    assert not matches(Field(field, ("question",)), Document.from_zones(text="A question."))


@pytest.mark.parametrize("status", ["answered", "corrected", "withdrawn"])
def test_what_came_after_an_answer_counts_as_answered(status):
    document = Document.from_zones(text="Tides.", about=About(status=status))

    assert matches(Field("status", ("answered",)), document)
    assert matches(Field("status", (status,)), document)
    assert not matches(Field("status", ("holding",)), document)


def test_a_newsletter_has_neither_question_nor_answer():
    item = Document.from_zones(heading="Flu", text="Jabs.", about=About(type="newsletter"))

    assert matches(In("text", Term("jabs")), item)
    assert matches(In("heading", Term("flu")), item)
    assert not any(matches(In(zone, Term(word)), item) for zone in ("question", "answer") for word in ("flu", "jabs"))


def test_a_document_narrowed_twice_to_a_zone_is_analysed_once():
    assert QUESTION.only("heading") is QUESTION.only("heading")
    assert QUESTION.only("heading").paragraphs[0] is QUESTION.paragraphs[0]
    assert [zone.name for zone in QUESTION.only("text").zones] == ["question", "answer"]


def test_near_marks_its_sides_only_where_they_are_near_and_a_zone_only_its_own_words():
    text = "Safety. Much later on there is maternity safety."
    document = Document.from_zones(heading=text, answer=text)
    near = Near((Term("maternity"), Term("safety")), 5)

    marked = highlight(near, document)
    assert [text[start:end] for start, end in marked["heading"]] == ["maternity", "safety"]
    assert highlight(In("answer", near), document) == {**marked, "heading": []}


def test_the_capitals_of_any_character_keep_its_place_and_its_folding():
    capitals = [sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isupper() or sign.istitle()]
    for character in capitals:
        text = f"x{character}y {character}"
        assert tuple(map(fold, cased_words(text))) == words(text), ascii(character)
        again = " ".join(cased_words(text))
        assert cased_words(again) == cased_words(text), ascii(character)
