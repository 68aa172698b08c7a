"""A part of an issue is known again by its words: what was edited is the same item, what only sounds like it is not."""

from alerts.sources.issue_pairing import Telling, normalised, paired

LAMPS = "The harbour board agreed to mend the nine lamps on the north quay before the autumn storms come in."
FERRY = "From Monday the ferry leaves at ten past the hour, and the last boat home waits for the theatre."
OTTERS = "Three otters were counted under the pier, which is two more than last year and one too many for the cook."


def edited(text: str, number: int) -> str:
    """The text with so many of its words replaced by others."""
    words = text.split()
    return " ".join([f"other{at}" for at in range(number)] + words[number:])


def pair(parts: list[Telling], stored: list[Telling]) -> dict[int, int]:
    return paired(parts, stored)


def test_the_same_words_are_the_same_item_wherever_they_stand():
    stored = [Telling("Lamps", LAMPS), Telling("Ferry", FERRY), Telling("Otters", OTTERS)]
    assert pair([stored[2], stored[0], stored[1]], stored) == {0: 2, 1: 0, 2: 1}


def test_with_the_same_title_half_of_the_words_are_enough():
    half = len(LAMPS.split()) // 2
    assert pair([Telling("THE lamps!", edited(LAMPS, half))], [Telling("The Lamps", LAMPS)]) == {0: 0}
    assert pair([Telling("The Lamps", edited(LAMPS, half + 1))], [Telling("The Lamps", LAMPS)]) == {}


def test_with_another_title_it_takes_four_fifths():
    assert pair([Telling("Light", edited(LAMPS, 2))], [Telling("Lamps", LAMPS)]) == {0: 0}
    assert pair([Telling("Light", edited(LAMPS, 5))], [Telling("Lamps", LAMPS)]) == {}


def test_recurring_titles_over_other_words_are_other_items():
    assert pair([Telling("News", FERRY)], [Telling("News", LAMPS)]) == {}


def test_each_is_paired_once_and_the_best_first():
    stored = [Telling("News", LAMPS)]
    assert pair([Telling("News", edited(LAMPS, 3)), Telling("News", LAMPS)], stored) == {1: 0}
    stored = [Telling("News", edited(LAMPS, 4)), Telling("News", LAMPS)]
    assert pair([Telling("News", LAMPS), Telling("News", LAMPS)], stored) == {0: 1, 1: 0}


def test_of_twins_each_keeps_to_its_own_post():
    stored = [Telling("News", LAMPS, "May"), Telling("News", LAMPS, "June")]
    assert pair([Telling("News", LAMPS, "June"), Telling("News", LAMPS, "May")], stored) == {0: 1, 1: 0}


def test_items_of_a_word_or_two_need_their_title():
    assert pair([Telling("Ferry", "Read more")], [Telling("Lamps", "Read more")]) == {}
    assert pair([Telling("Ferry", "")], [Telling("Lamps", ""), Telling("Ferry", "")]) == {0: 1}


def test_a_longer_text_around_the_same_words_is_another_item():
    assert pair([Telling("Ferry", f"{FERRY} {LAMPS} {OTTERS}")], [Telling("Ferry", FERRY)]) == {}


def test_titles_are_compared_as_words():
    assert normalised("  The “Lamp” keeper’s 2nd letter ") == normalised("the lamp keeper's 2nd letter")
