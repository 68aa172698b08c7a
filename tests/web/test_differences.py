"""What was changed in an answer, word by word."""

import pytest

from alerts.web.differences import MOST_WORDS, difference
from config import clock
from tests.factories import make_event, make_item

LONG = "It stood there for many years and nobody asked why. " * 20


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(part.kind, part.words) for part in difference(before, after)]


def test_words_taken_out_and_put_in_stand_where_they_were():
    assert told("We made 75 grants. None was large.", "We made 57 grants. None was very large.") == [
        ("same", "We made"),
        ("out", "75"),
        ("in", "57"),
        ("same", "grants. None was"),
        ("in", "very"),
        ("same", "large."),
    ]


def test_what_is_far_from_a_change_is_left_out():
    kinds = told(f"{LONG}It is red. {LONG}", f"{LONG}It is blue. {LONG}")
    assert [kind for kind, _ in kinds] == ["same", "out", "in", "same"]
    assert kinds[0][1].startswith("… ") and kinds[0][1].endswith("It is")
    assert kinds[3][1].endswith(" …") and len(kinds[3][1].split()) == 13


@pytest.mark.parametrize("after", ["One word.\nAnother  word.", "One word. Another word."])
def test_blanks_and_line_breaks_are_no_difference(after):
    assert told("One word. Another word.", after) == []


def test_texts_with_nothing_in_common_are_taken_out_and_put_in_whole():
    old, new = ("a" * 3 + " ") * (MOST_WORDS + 1), ("b" * 3 + " ") * (MOST_WORDS + 1)
    assert [(kind, len(words.split())) for kind, words in told(old, new)] == [
        ("out", MOST_WORDS + 1),
        ("in", MOST_WORDS + 1),
    ]


@pytest.mark.django_db
def test_the_page_of_a_corrected_answer_marks_each_change_against_the_answer_before_it(client):
    item = make_item()
    day = clock.now().date()
    fresh = {"item": item, "happened_on": day}
    make_event("answered", answer="We made 75 <grants>.", **fresh)
    make_event("corrected", answer="We made 57 <grants>.", version="c1", **fresh)
    make_event("corrected", answer="We made 57 small <grants>.", version="c2", **fresh)
    shown = client.get(f"/q/{item.tabled_on}/{item.uin}").content.decode()
    assert shown.count(f'id="corrected-{day}"') == 1
    assert shown.count("<del>") == 1 and shown.count("<ins>") == 2
    assert '<del><span class="hidden-text">taken out: </span>75' in shown
    assert '<ins><span class="hidden-text">put in: </span>small' in shown
    assert "</ins> &lt;grants&gt;." in shown


@pytest.mark.django_db
def test_an_answer_without_corrections_has_no_marks(client):
    item = make_event("answered").item
    assert "<del>" not in client.get(f"/q/{item.tabled_on}/{item.uin}").content.decode()
