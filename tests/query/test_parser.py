"""What was typed becomes a tree, or an error that points at a character and says what to do."""

import pytest

from alerts.query import And, Not, Or, Phrase, QueryError, Term, parse

A, B, C, D = Term("flu"), Term("measles"), Term("mumps"), Term("rubella")

TREES = [
    ("flu", A),
    ("Flu, ", A),
    ('"Flu"', Phrase(("flu",))),
    ("flu measles mumps", And((A, B, C))),
    ("flu AND measles mumps", And((A, B, C))),
    ("flu AND (measles AND mumps)", And((A, B, C))),
    ("flu OR measles OR mumps", Or((A, B, C))),
    ("flu OR (measles OR mumps)", Or((A, B, C))),
    ("flu measles OR mumps", Or((And((A, B)), C))),
    ("flu OR measles AND mumps", Or((A, And((B, C))))),
    ("flu AND (measles OR mumps)", And((A, Or((B, C))))),
    ("flu NOT measles OR mumps", Or((And((A, Not(B))), C))),
    ("flu AND NOT measles mumps", And((A, Not(B), C))),
    ("flu -(measles mumps)", And((A, Not(And((B, C)))))),
    ("flu NOT (measles NOT mumps)", And((A, Not(And((B, Not(C))))))),
    ("flu NOT (measles OR NOT mumps)", And((A, Not(Or((B, Not(C))))))),
    ("NOT (flu OR -measles)", Not(Or((A, Not(B))))),
    ("NOT NOT flu", A),
    ("NOT -flu", A),
    ("flu NOT NOT NOT measles", And((A, Not(B)))),
    ("flu NOT NOT (measles mumps)", And((A, B, C))),
    ("((flu))", A),
    ("(flu)(measles)", And((A, B))),
    ("flu(measles)", And((A, B))),
    ('flu"measles"', And((A, Phrase(("measles",))))),
    ('"flu"-measles', And((Phrase(("flu",)), B))),
    ("-flu measles", And((Not(A), B))),
    ("measles (-flu mumps)", And((B, Not(A), C))),
    ("flu - measles", And((A, B))),
    ("flu -", A),
    ("flu -- measles", And((A, B))),
    ("flu -, measles", And((A, B))),
    ("flu -the measles", And((A, B))),
    ("flu NOT the measles", And((A, Not(B)))),
    ("flu -AND measles", And((A, B))),
    ("flu –measles", And((A, B))),
    ("the flu of measles", And((A, B))),
    ("flu and measles or mumps", And((A, B, C))),
    ("And flu", A),
    ("long-term", Phrase(("long", "term"))),
    ("A&E", Phrase(("a", "and", "e"))),
    ("U.K.", Phrase(("u", "k"))),
    ("10:30", Phrase(("10", "30"))),
    ("and/or", Phrase(("and", "or"))),
    ("flu&measles", Phrase(("flu", "and", "measles"))),
    ("flu & measles", And((A, B))),
    ('"the flu"', Phrase(("the", "flu"))),
    ('"flu" ""', Phrase(("flu",))),
    ("“flu measles”", Phrase(("flu", "measles"))),
    ("«flu measles„", Phrase(("flu", "measles"))),
    ("Measles: flu", And((B, A))),
    ("(measles:)", B),
    ("flu * measles", And((A, B))),
    ('"* flu"', Phrase(("flu",))),
    ("flu = measles", And((A, B))),
    ("flu=measles", Phrase(("flu", "measles"))),
    ("near flu", And((Term("near"), A))),
    ("\ufeff-flu\u00a0measles", And((Not(A), B))),
    ("flu\u200b A\u00adND measles", And((A, B))),
    ("flu\tOR\nmeasles", Or((A, B))),
    ("flu\x00measles", And((A, B))),
    ("flu \ud800measles", And((A, B))),
]


@pytest.mark.parametrize(("typed", "tree"), TREES)
def test_a_query_becomes_a_tree(typed, tree):
    assert parse(typed).tree == tree


@pytest.mark.parametrize(
    ("typed", "ignored"),
    [
        ("flu", ()),
        ("the Secretary of State, of course", ("the", "of")),
        ("Health & Social – Care", ("&", "–")),
        ("flu OR (The measles)", ("The",)),
        ("flu -the measles", ("the",)),
        ('"the flu"', ()),
        ("flu \x00 \ud800 measles", ()),
    ],
)
def test_a_query_says_what_it_ignores_as_it_was_typed(typed, ignored):
    assert parse(typed).ignored == ignored


# typed, position, what the message says, the repaired query
ERRORS = [
    ("", 0, "Enter a word or phrase to follow.", None),
    ("   ", 0, "Enter a word or phrase to follow.", None),
    ('cancer AND "young people', 11, "This quotation mark is never closed.", 'cancer AND "young people"'),
    ('flu "', 4, "This quotation mark is never closed. Remove it.", "flu"),
    ('("flu', 1, "This quotation mark is never closed.", '("flu"'),
    ("“flu", 0, "This quotation mark is never closed.", '“flu"'),
    ("(flu AND measles", 0, "This bracket has no partner. Add ) at the end.", "(flu AND measles)"),
    ("(flu (measles) mumps", 0, "This bracket has no partner.", "(flu (measles) mumps)"),
    ("flu (measles (mumps", 13, "This bracket has no partner.", "flu (measles (mumps))"),
    ("flu (", 4, "This bracket has no partner.", "flu"),
    ("flu) measles", 3, "This bracket has no partner. Remove it.", "flu measles"),
    ("flu )", 4, "This bracket has no partner. Remove it.", "flu"),
    ("flu ()", 4, "nothing to look for inside these brackets", "flu"),
    ("flu (of the) measles", 4, "nothing to look for inside these brackets", "flu measles"),
    ("the of", 0, "only ignored words and signs", '"the of"'),
    ("the", 0, "only ignored words and signs", None),
    (" – !", 1, "only ignored words and signs", None),
    ('""', 0, "only ignored words and signs", None),
    ("flu AND", 4, "AND has nothing after it.", "flu"),
    ("OR flu", 0, "OR has nothing before it.", "flu"),
    ("flu (AND measles)", 5, "AND has nothing before it.", "flu (measles)"),
    ("(flu OR) measles", 5, "OR has nothing after it.", "(flu) measles"),
    ("flu NOT", 4, "NOT has nothing after it.", "flu"),
    ("flu OR AND measles", 7, "AND stands directly after OR.", "flu OR measles"),
    ("flu NOT AND measles", 8, "AND stands directly after NOT.", "flu NOT measles"),
    ("IT AND flu", 3, "AND has only “IT” before it", '"IT" AND flu'),
    ("flu OR the", 4, "OR has only “the” after it", 'flu OR "the"'),
    ("flu AND –", 4, "AND has nothing after it.", "flu –"),
    ("AND", 0, "AND has nothing before it.", None),
    ("NOT flu", 0, "This only says what to leave out.", None),
    ("-flu -measles", 0, "This only says what to leave out.", None),
    ("NOT (flu OR measles)", 0, "This only says what to leave out.", None),
    ("NOT (flu -measles)", 0, "This only says what to leave out.", None),
    ("flu AND (measles OR NOT mumps)", 20, "Each side of OR needs a word", "flu AND (measles NOT mumps)"),
    ("flu OR -measles", 7, "Each side of OR needs a word", "flu -measles"),
    ("-flu OR measles", 0, "Each side of OR needs a word", None),
    ("flu OR NOT measles NOT mumps", 7, "Each side of OR needs a word", "flu NOT measles NOT mumps"),
    ("inequalit*", 9, "The star is not understood yet. Type the word in full.", None),
    ('"health inequalit*"', 17, "The star is not understood yet.", None),
    ("flu *measles", 4, "The star is not understood yet.", None),
    ("flu NEAR/5 measles", 4, "NEAR is not understood yet. Type AND", "flu AND measles"),
    ("flu NEAR measles", 4, "NEAR is not understood yet.", "flu AND measles"),
    ("NEAR misses", 0, "NEAR is not understood yet.", '"NEAR" misses'),
    ("flu =SEND", 4, "The sign = is not understood yet. Type the word without it.", "flu SEND"),
    ('="Care Act"', 0, "The sign = is not understood yet.", '"Care Act"'),
    ("flu -==measles", 5, "The sign = is not understood yet.", "flu -measles"),
    ("heading:flu", 0, "“heading:” is not understood yet. If it is text", '"heading:flu"'),
    ('flu asked:"Olivia Blake"', 4, "“asked:” is not understood yet.", None),
    ("question:(flu OR measles)", 0, "“question:” is not understood yet.", None),
    ("Services:Safety", 0, "If it is text, put it in quotation marks.", '"Services:Safety"'),
    ("flu https://example.org/a", 4, "If it is text, put it in quotation marks.", 'flu "https://example.org/a"'),
    ("\u200bflu\u200b )", 6, "This bracket has no partner.", "\u200bflu\u200b"),
    ("flu " * 250 + "x", 1000, "1,000 characters at most", None),
    ("x " * 50 + "flu", 100, "50 words and phrases at most", None),
    ("(" * 11 + "flu" + ")" * 11, 10, "10 levels deep at most", None),
    ("&" * 999, 999, "Written out, this query has more than 1,000 characters.", None),
]


@pytest.mark.parametrize(("typed", "position", "message", "repaired"), ERRORS)
def test_a_mistake_is_pointed_at_and_where_possible_repaired(typed, position, message, repaired):
    with pytest.raises(QueryError) as caught:
        parse(typed)

    assert caught.value.position == position
    assert message in caught.value.message
    assert caught.value.repaired == repaired


def test_an_error_reads_as_a_sentence_with_the_character_counted_from_one():
    with pytest.raises(QueryError, match=r"^This quotation mark is never closed\. .+ \(character 12\)$"):
        parse('cancer AND "young people')


@pytest.mark.parametrize("typed", [("x " * 50), "(" * 10 + "flu" + ")" * 10, "long-term " * 50, "flu" + " " * 997])
def test_what_is_just_within_the_limits_is_read(typed):
    assert parse(typed).tree


def test_a_query_is_a_value():
    assert parse("flu OR measles") == parse("flu OR measles")
    assert hash(parse("flu OR measles")) == hash(parse("flu OR measles"))
    with pytest.raises(AttributeError):
        parse("flu").typed = "measles"
