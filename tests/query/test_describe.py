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
]


@pytest.mark.parametrize(("typed", "said", "ignored"), SAID)
def test_a_query_is_said_in_one_sentence(typed, said, ignored):
    assert describe(parse(typed)) == f"Finds items with {said}, in the heading, question or answer.{ignored}"
