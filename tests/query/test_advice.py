"""A valid query that may have been meant differently gets advice, the most pressing first."""

import pytest

from alerts.query import parse

IN_QUOTES = "Inside quotation marks {} is read as a word, so this finds only the exact text “{}”."

ADVICE = [
    ("flu", []),
    ("flu AND measles", []),
    ("flu measles mumps", []),
    ('"young people" cancer', []),
    ('"mothers AND babies"', [(IN_QUOTES.format("AND", "mothers AND babies"), '"mothers" AND "babies"')]),
    ('flu "mothers OR babies"', [(IN_QUOTES.format("OR", "mothers OR babies"), 'flu ("mothers" OR "babies")')]),
    (
        'flu -"cancer AND NOT screening"',
        [(IN_QUOTES.format("AND", "cancer AND NOT screening"), 'flu -("cancer" AND NOT "screening")')],
    ),
    ('"AND babies"', []),
    ("flu or measles", [("“or” in small letters is ignored, so this finds items with both words.", "flu OR measles")]),
    (
        "flu or measles or mumps",
        [("“or” in small letters is ignored, so this finds items with all the words.", "flu OR measles OR mumps")],
    ),
    ("cancer not screening", [("“not” in small letters is ignored.", "cancer NOT screening")]),
    (
        "flu or cancer not screening",
        [
            (
                "“or” in small letters is ignored, so this finds items with all the words.",
                "flu OR cancer not screening",
            ),
            ("“not” in small letters is ignored.", "flu or cancer NOT screening"),
        ],
    ),
    ("not screening", []),
    ("flu and measles", []),
    ("Secretary of State", [("Ignored: of.", '"Secretary of State"')]),
    ("the  flu of the year", [("Ignored: the, of.", '"the flu of the year"')]),
    ("flu OR the measles", []),
    ("flu AND measles OR mumps", [("We read this as (flu AND measles) OR mumps.", "flu AND (measles OR mumps)")]),
    ("flu measles OR mumps", [("We read this as (flu measles) OR mumps.", "flu (measles OR mumps)")]),
    ("flu OR measles mumps", [("We read this as flu OR (measles mumps).", "(flu OR measles) mumps")]),
    ("flu NOT measles OR mumps", [("We read this as (flu NOT measles) OR mumps.", "flu NOT (measles OR mumps)")]),
    ("flu OR mumps -measles", [("We read this as flu OR (mumps -measles).", "(flu OR mumps) -measles")]),
    ("NOT measles flu OR mumps", [("We read this as (NOT measles flu) OR mumps.", "NOT measles (flu OR mumps)")]),
    (
        "NOT NOT flu measles OR mumps",
        [("We read this as (NOT NOT flu measles) OR mumps.", "NOT NOT flu (measles OR mumps)")],
    ),
    (
        "flu NOT measles OR mumps rubella",
        [("We read this as (flu NOT measles) OR (mumps rubella).", "flu NOT (measles OR mumps) rubella")],
    ),
    ("(flu AND measles) OR mumps", []),
    (
        "mumps AND (flu AND measles OR rubella)",
        [("We read this as mumps AND ((flu AND measles) OR rubella).", "mumps AND (flu AND (measles OR rubella))")],
    ),
    ("flu, measles", [("Commas are ignored.", "flu OR measles")]),
    ("lung cancer, skin cancer, and flu,", [("Commas are ignored.", "lung cancer OR skin cancer OR flu")]),
    (
        "lung, skin, or flu",
        [
            ("“or” in small letters is ignored, so this finds items with all the words.", "lung, skin, OR flu"),
            ("Commas are ignored.", "lung OR skin OR flu"),
        ],
    ),
    ('"young people" , babies', [("Commas are ignored.", '"young people" OR babies')]),
    ("flu,measles", [("Words joined by a comma without a blank are an exact phrase.", "flu OR measles")]),
    ("flu, AND measles", []),
    ("flu,", []),
    ('"flu, measles"', []),
    ("health inequalities", [("Finds both words anywhere.", '"health inequalities"')]),
    ("1,000 beds", [("Finds both words anywhere.", '"1,000 beds"')]),
    ("long-term plan", []),
    (
        '"maternity NEAR/5 safety"',
        [(IN_QUOTES.format("NEAR/5", "maternity NEAR/5 safety"), '"maternity" NEAR/5 "safety"')],
    ),
    ('heading:"flu AND jab"', [(IN_QUOTES.format("AND", "flu AND jab"), 'heading:("flu" AND "jab")')]),
    ('dept:"Work AND Pensions"', []),
    ('flu ="Work OR Pensions"', []),
    ("flu near/5 measles", [("“near/5” without capitals is read as words, not as NEAR.", "flu NEAR/5 measles")]),
    ("flu near measles", []),
    (
        "heading: flu mumps",
        [("“heading:” is read as a word, because a blank comes after the colon.", "heading:flu mumps")],
    ),
    (
        'Asked: "Olivia Blake"',
        [("“Asked:” is read as a word, because a blank comes after the colon.", 'Asked:"Olivia Blake"')],
    ),
    ("Services: (safety)", []),
    ("\u0483dept:(safety)", []),
    ("flu AND question:", []),
    ("WHO", [("“WHO” finds “who” too, because capitals make no difference.", "=WHO")]),
    (
        "flu IT Reading",
        [
            ("“IT” is ignored, because capitals make no difference.", "flu =IT =Reading"),
            ("Ignored: IT.", '"flu IT Reading"'),
        ],
    ),
    ("Reading OR Bath", [("“Reading” finds “reading” too, because capitals make no difference.", "=Reading OR =Bath")]),
    ("who OR reading OR READING", []),
    ('"WHO" =WHO', []),
    ("flu asked:Street", []),
    (
        "flu or heading:measles",
        [("“or” in small letters is ignored, so this finds items with both words.", "flu OR heading:measles")],
    ),
    (
        "flu heading:jab NEAR/2 plan OR mumps",
        [
            (
                "We read this as (flu heading:jab NEAR/2 plan) OR mumps.",
                "flu (heading:jab NEAR/2 plan OR mumps)",
            )
        ],
    ),
    (
        "flu OR heading:(jab plan) -mumps",
        [("We read this as flu OR (heading:(jab plan) -mumps).", "(flu OR heading:(jab plan)) -mumps")],
    ),
    ("flu NEAR/2 mumps", []),
    ("heading:flu mumps", []),
    ("inequalit* mumps", []),
    ("“health inequalities”", []),
]


@pytest.mark.parametrize(("typed", "expected"), ADVICE)
def test_advice_says_what_a_query_does_and_what_else_could_be_meant(typed, expected):
    assert [(advice.message, advice.repaired) for advice in parse(typed).advice] == expected


@pytest.mark.parametrize(("typed", "expected"), ADVICE)
def test_taking_the_advice_gives_a_valid_query_without_that_advice(typed, expected):
    for advice in parse(typed).advice:
        assert advice.kind not in {other.kind for other in parse(advice.repaired).advice}


def test_advice_that_would_need_more_brackets_than_allowed_offers_no_repair():
    deep = "(" * 10 + "flu AND measles OR mumps" + ")" * 10

    [advice] = parse(deep).advice

    assert advice.kind == "mixed"
    assert advice.repaired is None
