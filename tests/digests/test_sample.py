"""The first sample page (ten questions, five distinct answers), told in one email."""

from collections import Counter

import pytest

from alerts.digests.compose import compose_due
from alerts.digests.grouping import normalised
from alerts.digests.mail import Letter
from alerts.digests.render import letter
from alerts.models import Digest
from tests.digests.seeds import events, questions
from tests.digests.told import MORNING, percolate
from tests.factories import make_person, make_subscription

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]

FOUR_ALERTS = {
    "Maternity inequalities": "maternity AND (inequalities OR safety)",
    "Childhood cancer": 'cancer AND "children and young people"',
    "Babies and neonatal": "babies OR neonatal",
    "Health inequalities": '"health inequalities"',
}


def told_about(alerts: dict[str, str]) -> Letter:
    """The email on the ten questions for a person with these alerts."""
    person = make_person(timezone="Europe/London")
    for position, (name, words) in enumerate(alerts.items()):
        make_subscription(person, words, name=name, position=position)
    percolate(*events())
    compose_due(MORNING)
    return letter(Digest.objects.get(), MORNING)


def unwrapped(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def test_ten_questions_are_five_results_and_the_group_of_five_stands_once():
    mail = told_about({"": "babies OR neonatal"})
    assert "5 results (10 questions)" in mail.text
    assert mail.text.count("Cancer: Children and Young People") == 1
    assert "5 QUESTIONS, ONE ANSWER" in mail.text
    assert "2 QUESTIONS, ONE ANSWER" in mail.text
    assert mail.html.count("<h3") == 5


def test_every_question_of_the_page_is_asked_in_the_mail():
    text = unwrapped(told_about({"": "babies OR neonatal"}).text)
    for question in questions():
        assert unwrapped(question["question"])[-60:] in text


@pytest.mark.parametrize("alerts", [{"": "babies OR neonatal"}, FOUR_ALERTS])
def test_no_answer_text_stands_twice(alerts):
    words = normalised(told_about(alerts).text.replace("*", "")).split()
    answers = {normalised(values["answer"]) for values in questions()}
    assert len(answers) == 5
    tens = Counter(" ".join(words[n : n + 10]) for n in range(len(words) - 9))
    # Two ministers may open two different answers with one sentence; no ten words come more often than that.
    told_again = [ten for ten, count in tens.items() if 0 < sum(ten in answer for answer in answers) < count]
    assert told_again == []


def test_it_says_which_words_matched_and_where():
    text = unwrapped(told_about({"": "babies OR neonatal"}).text)
    assert 'Why: babies (as "baby") in heading; neonatal in question.' in text
    assert "Why: babies in answer (paragraph 5 of 9)." in text
    assert "MENTIONED IN ANSWER ONLY" in text


def test_one_item_stands_under_the_first_alert_and_names_the_others():
    mail = told_about(FOUR_ALERTS)
    assert mail.subject == "5 new: Maternity inequalities, Childhood cancer +1"
    text = unwrapped(mail.text)
    assert "Also matches: Babies and neonatal, Health inequalities." in text
    assert "3. BABIES AND NEONATAL (2 results, 3 more shown above)" in text
    assert "4. HEALTH INEQUALITIES (1 shown above)" in text


def test_it_can_be_read_in_three_minutes_and_is_small():
    mail = told_about(FOUR_ALERTS)
    assert "About 3 minutes." in mail.text
    assert len(mail.html.encode()) < 30_000
