"""Every valid query can be said in plain English, in the person's own words."""

import pytest

from alerts.query import describe, parse

SAID = [
    ("maternity AND (inequalities OR safety)", "maternity and (inequalities or safety)", ""),
    ("maternity (inequalities OR safety)", "maternity and (inequalities or safety)", ""),
    ('"young people" OR babies', '"young people" or babies', ""),
    ("“young   people”", '"young people"', ""),
    ("long-term A&E U.K. plan.", "long-term and A&E and U.K. and plan", ""),
    ("NHS, Sheffield; Siân's", "NHS and Sheffield and Siân's", ""),
    ("cancer -screening", "cancer but not screening", ""),
    ("-screening cancer NOT (lung OR skin) care", "cancer and care but not screening and not (lung or skin)", ""),
    ("cancer NOT NOT screening", "cancer and screening", ""),
    ("NHS (flu OR nhs)", "NHS and (flu or NHS)", ""),
    ("flu AND measles OR mumps", "(flu and measles) or mumps", ""),
    ("Secretary of the State", "Secretary and State", " Ignored: of, the."),
    ("flu or measles", "flu and measles", " Ignored: or."),
    ("flu – measles", "flu and measles", " Ignored: –."),
    ("Health & Social Care", "Health and Social and Care", ""),
    ("flu and measles , mumps", "flu and measles and mumps", ""),
    ("inequalit*", "inequalit* (any ending)", ""),
    ('"health inequalit*"', '"health inequalit*"', ""),
    ("maternity NEAR/5 safety", "maternity within 5 words of safety", ""),
    ("flu maternity NEAR/1 safety", "flu and (maternity within 1 word of safety)", ""),
    ('(baby OR babies) NEAR "young people"', '(baby or babies) within 10 words of "young people"', ""),
    ("=SEND flu", "SEND (in these capitals) and flu", ""),
    ('="Care Act"', '"Care Act" (in these capitals)', ""),
]


@pytest.mark.parametrize(("typed", "said", "ignored"), SAID)
def test_a_query_is_said_in_one_sentence(typed, said, ignored):
    assert describe(parse(typed)) == f"Finds items with {said}, in the heading, question or answer.{ignored}"


ELSEWHERE = [
    ("heading:maternity", "with maternity, in the heading"),
    ("title:(maternity OR baby)", "with maternity or baby, in the heading"),
    ("text:flu", "with flu, in the text below the heading"),
    ("heading:maternity NEAR/5 safety", "with maternity within 5 words of safety, in the heading"),
    ("question:flu answer:(jab -tablet)", "with (in the question: flu) and (in the answer: jab but not tablet)"),
    (
        "flu heading:measles",
        "with flu and (in the heading: measles), other words in the heading, question or answer",
    ),
    (
        "flu -answer:measles",
        "with flu but not (in the answer: measles), other words in the heading, question or answer",
    ),
    ('asked:"Olivia Blake"', "asked by Olivia Blake"),
    ('asked:"Olivia Blake" dept:DHSC house:commons', "asked by Olivia Blake, to the department DHSC, from the Commons"),
    ('dept:"Department of Health"', "to the Department of Health"),
    ("dept:(health OR justice)", "to the department health or to the department justice"),
    (
        "flu answered:Caulfield -party:Labour",
        "with flu, in the heading, question or answer, answered by Caulfield, not from the party Labour",
    ),
    ("heading:flu type:newsletter", "with flu, in the heading, of the type newsletter"),
    (
        "heading:flu status:answered -status:tabled",
        "with flu, in the heading, with the status answered, corrected or withdrawn, not with the status tabled",
    ),
    ("source:Gazette OR heading:flu", "with (from the source Gazette) or (in the heading: flu)"),
    (
        "flu NOT dept:(health OR justice)",
        "with flu, in the heading, question or answer, not (to the department health or to the department justice)",
    ),
]


@pytest.mark.parametrize(("typed", "said"), ELSEWHERE)
def test_places_and_people_are_said_with_the_words(typed, said):
    assert describe(parse(typed)) == f"Finds items {said}."
