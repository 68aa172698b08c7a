"""The sample page (ten questions, five distinct answers) and a newsletter's item, told in one email."""

from collections import Counter

import pytest

from alerts.digests.compose import compose_due
from alerts.digests.grouping import normalised
from alerts.digests.mail import Letter
from alerts.digests.render import letter
from alerts.models import Digest, Event
from tests.digests.mockup import facts, mockup
from tests.digests.seeds import events, newsletter_event, questions
from tests.digests.told import MORNING, percolate
from tests.factories import make_person, make_subscription

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]

FOUR_ALERTS = {
    "Maternity inequalities": "maternity AND (inequalities OR safety)",
    "Childhood cancer": 'cancer AND "children and young people"',
    "Babies and neonatal": "babies OR neonatal",
    "Health inequalities": '"health inequalities"',
}


def told_about(alerts: dict[str, str], *others: Event) -> Letter:
    """The email on the ten questions for a person with these alerts."""
    person = make_person(timezone="Europe/London")
    for position, (name, words) in enumerate(alerts.items()):
        make_subscription(person, words, name=name, position=position)
    percolate(*events(), *others)
    compose_due(MORNING)
    return letter(Digest.objects.get(), MORNING)


@pytest.fixture
def catch_up() -> Letter:
    """The email of the mock-up: all ten questions and the newsletter's item for a person with the four alerts."""
    return told_about(FOUR_ALERTS, newsletter_event())


def test_the_email_says_what_the_mock_up_says(catch_up):
    ours, agreed = facts(f"Subject: {catch_up.subject}\n\n{catch_up.text}"), facts(mockup())
    assert ours.top == agreed.top
    assert [part.head for part in ours.sections] == [part.head for part in agreed.sections]
    for mine, wanted in zip(ours.sections, agreed.sections, strict=True):
        assert mine.results == wanted.results


def test_the_mock_up_is_read_to_its_end():
    agreed = facts(mockup())
    assert [len(part.results) for part in agreed.sections] == [2, 1, 2, 1]
    assert [len(found.asked) for part in agreed.sections for found in part.results] == [1, 2, 5, 1, 1, 0]
    assert all(found.why for part in agreed.sections for found in part.results)


def test_the_html_of_it_has_at_most_sixteen_kilobytes(catch_up):
    assert len(catch_up.html.encode()) <= 16_000


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
    assert len(mail.html.encode()) < 16_000
