"""The email of a fictional catch-up, whole: a full golden file of each part, in the shape of the mock-up."""

import re

import pytest

from alerts.digests.mail import Letter
from alerts.digests.render import letter
from tests.digests.agreed import assert_same
from tests.digests.mockup import facts
from tests.digests.told import MORNING
from tests.digests.twin import read_digest

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail() -> Letter:
    return letter(read_digest(), MORNING)


def test_both_parts_are_the_ones_we_agreed_on(mail):
    assert_same("catch_up.txt", f"Subject: {mail.subject}\n\n{mail.text}")
    assert_same("catch_up.html", mail.html)


def test_ten_questions_are_five_results_beside_the_newsletters_item(mail):
    said = facts(f"Subject: {mail.subject}\n\n{mail.text}")
    assert [len(part.results) for part in said.sections] == [2, 1, 2, 1]
    assert [len(found.asked) for part in said.sections for found in part.results] == [1, 2, 5, 1, 1, 0]
    assert said.top[2].startswith("6 results (10 questions, 1 newsletter item).")
    tags = [found.tag for part in said.sections for found in part.results]
    assert tags == [
        "",
        "2 QUESTIONS, ONE ANSWER",
        "5 QUESTIONS, ONE ANSWER",
        "",
        "MENTIONED IN ANSWER ONLY",
        "NEWSLETTER, NOT PARLIAMENT: The Lamp Room",
    ]


def test_it_says_what_else_is_matched_and_what_only_in_passing(mail):
    said = facts(f"Subject: {mail.subject}\n\n{mail.text}")
    assert [found.also for part in said.sections for found in part.results] == [
        "Seals and otters, Night ferries",
        "Seals and otters",
        "Seals and otters (otters mentioned once, in answer paragraph 4 of 6)",
        "",
        "",
        "",
    ]


def test_no_line_is_longer_than_72_characters_but_a_link(mail):
    assert [line for line in mail.text.splitlines() if len(line) > 72 and not re.match(r"\s*https?://\S+$", line)] == []


def test_its_html_is_small(mail):
    assert len(mail.html.encode()) <= 16_000
