import pytest

from alerts.digests.passage import Passage
from alerts.digests.snippet import excerpt, snippet

OPENINGS = [
    (
        "To ask the Secretary of State for Health and Social Care, what steps she is taking.",
        "What steps she is taking.",
    ),
    ("To ask His Majesty's Government what systems are in place.", "What systems are in place."),
    ("To ask Her Majesty’s Government, further to the Answer, whether.", "Further to the Answer, whether."),
    ("To ask the Secretary of State for Environment, Food and Rural Affairs, if he will act.", "If he will act."),
    ("To ask the Minister for the Cabinet Office, pursuant to the Answer, how.", "Pursuant to the Answer, how."),
    ("To ask the Prime Minister, when he last met them.", "When he last met them."),
    ("To ask the Senior Deputy Speaker what work is planned, if any.", "What work is planned, if any."),
    ("To ask the hon. Member for Wickby, representing the Church Commissioners, how many.", "How many."),
    ("To ask how many foghorns were repaired.", "To ask how many foghorns were repaired."),
    ("Whether, to ask again, it is so.", "Whether, to ask again, it is so."),
]


@pytest.mark.parametrize(("asked", "shown"), OPENINGS)
def test_the_opening_formula_is_dropped(asked, shown):
    assert Passage.of(asked).without_opening().text == shown


def test_marks_stay_on_their_words_when_the_opening_goes():
    asked = "To ask the Secretary of State for Health, what maternity care is planned."
    start = asked.index("maternity")
    passage = Passage.of(asked, [(asked.index("Health"), asked.index("Health") + 6), (start, start + 9)])
    assert passage.without_opening().plain() == "What *maternity* care is planned."


def test_all_runs_together_are_the_whole_text():
    passage = Passage.of("a lamp and a horn", [(2, 6), (13, 17)])
    assert list(passage.runs()) == [("a ", False), ("lamp", True), (" and a ", False), ("horn", True), ("", False)]


def test_paragraphs_become_one_line_of_the_same_length():
    assert Passage.of("one\ntwo", [(4, 7)]).plain() == "one *two*"


FILLER = "Nothing of note is said in this quite long sentence about other things entirely. "


def answer(*sentences: str) -> Passage:
    text = " ".join(sentences)
    marks = [(n, n + len(word)) for word in ("lamp", "horn") for n in range(len(text)) if text.startswith(word, n)]
    return Passage.of(text, sorted(marks))


def test_the_snippet_is_where_most_of_the_words_stand_together():
    found = snippet(answer("The lamp first.", FILLER * 8, "A horn near a lamp is best.", FILLER * 8, "A horn again."))
    assert "A *horn* near a *lamp* is best." in found.plain()
    assert "first" not in found.text and "again" not in found.text


def test_the_snippet_has_about_45_words_and_ends_with_a_sentence():
    found = snippet(answer(FILLER * 5, "A horn near a lamp is best.", FILLER * 8))
    assert 33 <= found.words <= 57
    assert found.text.endswith(".") and not found.cut_after
    assert found.plain().startswith("A *horn*"), "it starts where a sentence does"


def test_inside_one_endless_sentence_dots_show_the_cuts():
    found = snippet(answer("and so on " * 40 + "a horn and a lamp " + "and so on " * 40))
    assert found.plain().startswith("...") and found.plain().endswith("...")
    assert "*horn* and a *lamp*" in found.plain()


def test_without_a_match_in_the_answer_the_snippet_is_its_beginning():
    found = snippet(answer("This comes first of all.", FILLER * 9))
    assert found.text.startswith("This comes first")


def test_what_is_only_a_little_longer_is_left_whole():
    short = answer("one two three four five six seven eight nine ten. " * 5)
    assert snippet(short) == short


def test_where_the_text_ends_soon_the_snippet_begins_earlier():
    found = snippet(answer(FILLER * 8, "At the very end there is a horn."))
    assert found.text.endswith("there is a horn.") and 33 <= found.words <= 57


def test_a_heading_ends_like_a_sentence():
    found = snippet(answer(f"{FILLER * 8}\nWhat the keepers did\nThe horn is well.", FILLER * 8))
    assert found.plain().startswith("The *horn* is well.")
    assert Passage.of("Heading\nText and more").piece(8, 12).plain() == "Text..."
    assert Passage.of("Heading\nText").piece(0, 7).plain() == "Heading"


def test_the_number_of_a_list_ends_no_sentence():
    passage = Passage.of("We offer five: 1. Count them. 2. In 2021. (3) Again")
    ends = [word for word in passage.text.split() if passage.ends_at(passage.text.index(word) + len(word))]
    assert ends == ["them.", "2021."]


def test_an_excerpt_has_no_more_words_than_it_may_and_never_all():
    whole = answer(FILLER * 5, "A horn near a lamp is best.", FILLER * 8)
    assert excerpt(whole, 30).words <= 30 and "*horn* near a *lamp*" in excerpt(whole, 30).plain()
    assert excerpt(answer("A horn."), 30).plain() == "...*horn*."
    assert not excerpt(answer("Horn."), 30)
