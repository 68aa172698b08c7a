from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest

from alerts.digests import wording
from alerts.digests.arrange import place
from alerts.digests.content import EMAIL, Limits, content, shorter
from alerts.digests.facts import Fact, Partner, Told
from alerts.query import parse
from tests.digests.test_grouping import ADA, LONG, TOM, fact

DAY = date(2026, 3, 10)
_answers = count(1)


def told(title: str, *facts: Fact, query: str = "foghorns") -> Told:
    return Told(title, query, parse(query).tree, facts)


def different(number: int, **fields) -> list[Fact]:
    """So many questions with an answer each."""
    return [
        fact(f"Answer {next(_answers)} on foghorns.", **({"heading": f"Foghorns {n}"} | fields)) for n in range(number)
    ]


def said(*sections: Told, limits: Limits = EMAIL, partners=None):
    return content(place(sections, partners or {}), limits=limits)


def in_blocks(blocks) -> int:
    return sum(len(block.results) for block in blocks)


def shown(section) -> list[str]:
    return [found.title for block in section.blocks for found in block.results]


# ---- one item, several alerts


def test_an_item_is_shown_once_under_the_first_alert_that_has_it():
    one, two, three = different(3)
    email = said(told("A", one, two), told("B", two, three))
    assert [(s.title, s.count, len(s.above)) for s in email.sections] == [("A", 2, 0), ("B", 1, 1)]
    assert [found.title for found in email.sections[1].above] == [
        found.title for found in email.sections[0].blocks[0].results if found.also
    ]
    assert email.sections[1].tally == "1 result, 1 more shown above"
    (also,) = {found.also for block in email.sections[0].blocks for found in block.results if found.also}
    assert also == ("B",)


def test_a_group_that_two_alerts_found_in_part_is_shown_whole_under_the_first():
    mine, other = fact(heading="Foghorns"), fact(heading="Sirens", question="How many sirens?", asker=TOM)
    email = said(told("A", mine), told("B", other, query="sirens"))
    (found,) = email.sections[0].blocks[0].results
    assert [(asked.words.text, asked.matched) for asked in found.detail.questions] == [
        ("How many?", True),
        ("How many sirens?", False),
    ]
    assert email.sections[1].tally == "1 shown above"


def test_questions_answered_together_that_did_not_match_are_listed_after_those_that_did():
    address = ("777", date(2026, 3, 1))
    email = said(
        told("A", fact(partners=frozenset({address}))),
        partners={address: Partner(address, "To ask the Secretary of State for Sirens, what it cost.")},
    )
    (found,) = email.sections[0].blocks[0].results
    assert [(asked.words.text, asked.matched) for asked in found.detail.questions][1] == ("What it cost.", False)
    assert found.detail.tag == "2 questions, one answer"


def test_of_a_large_group_an_email_lists_five_questions_and_counts_the_others():
    email = said(told("A", *(fact(question=f"Question {n}?") for n in range(8))))
    (found,) = email.sections[0].blocks[0].results
    assert (len(found.listed), found.more_questions, len(found.detail.questions), found.items) == (5, 3, 8, 8)
    assert email.summary.startswith("1 result (8 questions).")


# ---- order and subheads


def test_a_mention_in_passing_is_said_beside_the_other_alert():
    long = f"{LONG}\nNothing.\nThe lamp was lit."
    one, two = (fact(long, heading="Foghorns", question=asked) for asked in ("How loud?", "Where?"))
    email = said(told("A", one, two), told("Lamps", one, two, query="lamps OR sirens"))
    (found,) = email.sections[0].blocks[0].results
    assert found.alerts_matched == 'Also matches: Lamps ("lamp" mentioned once, in answer paragraph 3 of 3).'


@pytest.mark.parametrize("answer", ["A lamp by a lamp.", "Of lamps and sirens."])
def test_what_is_there_twice_or_asked_for_is_no_mention_in_passing(answer):
    facts = [fact(answer, heading="Foghorns"), fact("A lamp.", heading="Foghorns", question="What of the lamps?")]
    email = said(told("A", *facts), told("Lamps", *facts, query="lamps OR sirens"))
    assert [found.also for found in email.sections[0].blocks[0].results] == [("Lamps",), ("Lamps",)]


def test_the_newest_come_first():
    old = fact("x", heading="Old", happened_on=DAY - timedelta(days=3))
    email = said(told("A", old, *different(1)))
    assert shown(email.sections[0]) == ["Foghorns 0", "Old"]


def test_corrections_stand_before_all_alerts_and_name_those_they_match():
    new, other = different(2)
    corrected = fact("Lamps.", heading="Corrected", kind="corrected", happened_on=DAY - timedelta(days=2))
    email = said(told("A", new), told("B", other, corrected), told("C", corrected, query="lamps"))
    assert [(s.number, s.title, s.tally) for s in email.sections] == [
        (0, "Corrected answers", "1 result"),
        (1, "A", "1 result"),
        (2, "B", "1 result, 1 more shown above"),
        (3, "C", "1 shown above"),
    ]
    (found,) = email.sections[0].blocks[0].results
    assert found.alerts_matched == "Matches: B, C (lamps mentioned once, in answer)."
    assert email.subject == "Correction: 3 new: A, B"
    assert email.preheader.startswith("Corrected answer: Corrected.")


def test_an_alert_that_has_nothing_but_a_correction_needs_no_section_when_it_is_the_only_one():
    email = said(told("A", fact(kind="corrected")))
    assert [s.title for s in email.sections] == ["Corrected answers"]
    assert email.sections[0].blocks[0].results[0].alerts_matched == ""


def test_four_results_over_several_days_have_their_days_above_them():
    facts = [fact(f"{n}", heading=str(n), happened_on=DAY - timedelta(days=n // 2)) for n in range(4)]
    assert [block.title for block in said(told("A", *facts)).sections[0].blocks] == ["Tue 10 March", "Mon 9 March"]
    assert [block.title for block in said(told("A", *facts[:3])).sections[0].blocks] == [""]


def test_four_results_of_one_day_have_their_departments_above_them():
    bodies = ["Department for Sirens", "Home Office"]
    facts = [fact(f"{n}", heading=str(n), body=bodies[n % 2]) for n in range(4)]
    assert [block.title for block in said(told("A", *facts)).sections[0].blocks] == ["Home Office", "Sirens"]
    assert [block.title for block in said(told("A", *different(4))).sections[0].blocks] == [""]


def test_a_day_of_four_among_others_has_its_departments_beside_it():
    bodies = ["Department for Sirens", "Home Office"]
    today = [fact(f"{n}", heading=str(n), body=bodies[n % 2]) for n in range(4)]
    yesterday = [fact(f"y{n}", heading=str(n), happened_on=DAY - timedelta(days=1)) for n in range(4)]
    assert [block.title for block in said(told("A", *today, *yesterday)).sections[0].blocks] == [
        "Tue 10 March: Home Office",
        "Tue 10 March: Sirens",
        "Mon 9 March",
    ]


# ---- limits


@pytest.mark.parametrize(("found", "full", "headings", "hidden"), [(10, 10, 0, 0), (15, 10, 5, 0), (16, 10, 5, 1)])
def test_ten_in_full_then_five_as_headings_then_a_link_to_all(found, full, headings, hidden):
    (section,) = said(told("A", *different(found))).sections
    assert (len(shown(section)), in_blocks(section.headings), section.hidden, section.count) == (
        full,
        headings,
        hidden,
        found,
    )


def test_an_email_has_twenty_five_in_full():
    email = said(*(told(name, *different(10)) for name in "ABCD"))
    assert [len(shown(section)) for section in email.sections] == [10, 10, 5, 0]
    assert [in_blocks(section.headings) for section in email.sections] == [0, 0, 5, 5]
    assert email.results == 40


def test_shorter_and_shorter_ends_at_nothing():
    limits, steps = EMAIL, 0
    while limits != shorter(limits):
        limits, steps = shorter(limits), steps + 1
    assert (limits.in_all, limits.full, limits.headings, limits.late) == (0, 0, 0, 0)
    assert steps < 12


def test_what_stands_in_a_line_can_be_told_from_others_there():
    """Until Parliament gives a heading all questions to a department would be called the same."""
    asked = ("how loud they are", "how old they are", f"how {'very ' * 40}far they are")
    opening = "To ask the Secretary of State for Lighthouses, "
    facts = [fact(f"Answer {n}", heading="", question=f"{opening}{words}.") for n, words in enumerate(asked)]
    (section,) = said(told("A", *facts, *different(10, happened_on=DAY + timedelta(days=1)))).sections
    far, old, loud = [found.name for block in section.headings for found in block.results]
    assert (loud, old) == ("Question to Lighthouses: How loud they are", "Question to Lighthouses: How old they are")
    assert far.startswith("Question to Lighthouses: How very very ") and far.endswith("very…")


def test_of_a_group_that_stands_in_a_line_it_is_said_how_many_questions_it_has():
    group = [fact(question=f"Question {n}?") for n in range(2)]
    (section,) = said(told("A", *group, *different(10, happened_on=DAY + timedelta(days=1)))).sections
    assert [found.in_brief for block in section.headings for found in block.results] == [
        "Answered Tue 10 March. 2 questions, one answer."
    ]


# ---- older items


def test_items_that_come_late_stand_in_a_block_of_their_own_ten_lines_long():
    late = different(12, days_late=15)
    email = said(told("A", *different(1, days_late=14), *late))
    assert (email.sections[0].count, in_blocks(email.late), email.late_hidden) == (1, 10, 2)
    assert "1 result and 12 older items." in email.summary


def test_older_items_alone_make_an_email_too():
    email = said(told("Horns", *different(2, days_late=20)))
    assert email.subject == "2 older items: Horns"
    assert email.sections == ()
    assert in_blocks(email.late) == 2


# ---- what is said of one result


def only(*facts: Fact, query: str = "foghorns"):
    return said(told("A", *facts, query=query)).sections[0].blocks[0].results[0]


def test_short_answers_stand_whole_and_long_ones_say_how_long_they_are():
    eighty = " ".join(["foghorns"] * 80)
    assert only(fact(eighty)).detail.whole
    long = only(fact(f"{eighty} more"))
    assert (long.detail.whole, long.detail.answer_words) == (False, 81)
    assert long.detail.answer.words < 60


def test_the_reasons_name_each_word_once_with_its_strongest_place():
    found = only(fact("Lamps and foghorns.", heading="Foghorns"), query="foghorns lamps sirens OR foghorns")
    assert found.detail.why == "foghorns in heading"
    found = only(fact("Lamps.\nNothing.\nFoghorns.", heading="Costs"), query="foghorns lamps")
    assert found.detail.why == "foghorns in answer (paragraph 3 of 3); lamps in answer (paragraph 1 of 3)"
    assert found.detail.tag == "Mentioned in answer only"


def test_only_the_words_of_its_own_alert_are_marked():
    one = fact("Lamps and foghorns.", heading="Lamps and foghorns")
    email = said(told("A", one), told("B", one, query="lamps"))
    assert email.sections[0].blocks[0].results[0].detail.heading.plain() == "Lamps and *foghorns*"


def test_a_question_without_a_heading_is_called_by_whom_it_asks():
    assert only(fact("Foghorns.", heading="")).title == "Question to Lighthouses"


def test_a_correction_shows_the_sentence_that_changed():
    found = only(fact("Yes. It was 57. Thanks.", kind="corrected", before="Yes. It was 75. Thanks."))
    assert found.changes == (("Was", "It was 75."), ("Now", "It was 57."))


def test_a_correction_that_adds_or_takes_away_says_just_that():
    added = only(fact("Yes. Some were blue.", kind="corrected", before="Yes."))
    assert added.changes == (("Added", "Some were blue."),)
    removed = only(fact("Yes.", kind="corrected", before="Yes. All were blue."))
    assert removed.changes == (("Removed", "All were blue."),)


def test_a_correction_says_when_the_wrong_answer_was_sent():
    corrected = fact(kind="corrected")
    unsent = only(corrected)
    assert unsent.more == "First answered 10 March."
    sent = replace(told("A", corrected), shown={corrected.item_id: DAY})
    assert said(sent).sections[0].blocks[0].results[0].more == "We sent you this on 10 March."


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ('"fog horns"', "phrase in heading"),
        ("foghorn", 'foghorn (as "foghorns") in heading'),
        ("fog AND lamps", "both in heading"),
        ("fog AND lamp", 'fog, lamp (as "lamps") in heading'),
        ("fog OR lamps", "fog, lamps in heading"),
        ("fog AND lamps AND horns", "fog, lamps, horns in heading"),
        ("fog AND sirens", "fog in heading; sirens in question"),
        ('"safety"', "safety in question"),
    ],
)
def test_what_can_be_seen_from_the_words_above_is_said_shortly(query, why):
    found = only(fact("x", heading="Foghorns: Fog horns, lamps", question="Sirens and safety?"), query=query)
    assert found.detail.why == why


# ---- subject and preheader


def test_the_subject_names_the_alerts_in_their_order():
    names = ["Maternity inequalities", "Childhood cancer", "Babies", "Prisons"]
    email = said(*(told(name, *different(2)) for name in names))
    assert email.subject == "8 new: Maternity inequalities, Childhood cancer, Babies +1"
    assert len(email.subject) <= 60


def test_the_subject_of_one_result_is_its_heading_and_its_member():
    assert said(told("A", fact(heading="Foghorns: Repairs"))).subject == "Foghorns: Repairs - Ada Fenwick"


def test_a_correction_is_announced_in_the_subject():
    assert said(told("A", fact(kind="corrected"))).subject == "Correction: Foghorns: Repairs - Ada Fenwick"
    assert said(told("A", fact(kind="corrected"), *different(1))).subject == "Correction: 2 new: A"


LONG_NAME = "Everything that anybody ever said about the foghorns of the northern coast and its islands"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_no_subject_is_longer_than_sixty_characters(number):
    for correction in (True, False):
        assert len(wording.subject_of_one(LONG_NAME, str(ADA), correction)) <= 60
        assert len(wording.subject_of_one(LONG_NAME, LONG_NAME, correction)) <= 60
        assert len(wording.subject_of_many("1,200 new", [LONG_NAME] * number, correction)) <= 60


@pytest.mark.parametrize("heading", ["Fog", "Foghorns: Repairs", LONG_NAME, LONG_NAME * 3])
@pytest.mark.parametrize("number", [1, 2, 5])
def test_the_preheader_has_forty_to_ninety_characters(heading, number):
    for facts in ([fact(heading=heading) for _ in range(number)], different(number, heading=heading)):
        assert 40 <= len(said(told("A", *facts)).preheader) <= 90


def test_the_preheader_says_what_says_most():
    email = said(told("A", *different(2), *(fact(heading="Cancer", answer=LONG) for _ in range(5))))
    assert email.preheader.startswith("5 questions share one answer: Cancer.")


def test_the_preheader_speaks_of_what_the_email_shows():
    """A reader who was promised a result by it must not look for it in vain."""
    old = {"happened_on": DAY - timedelta(days=3)}
    together = [fact(heading="Cancer", answer=LONG, **old) for _ in range(5)]
    assert "Cancer" in said(told("A", *different(14), *together)).preheader
    assert "Cancer" not in said(told("A", *different(15), *together)).preheader, "it is only counted there"
    late = [replace(one, days_late=20) for one in (*different(10), *together)]
    assert "Cancer" not in said(told("A", *late)).preheader
    assert "Cancer" in said(told("A", *together), limits=Limits(0, 0, 0, 0)).preheader, "where nothing is shown"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2024, 2, 13), date(2024, 2, 13), "13 February 2024"),
        (date(2024, 2, 1), date(2024, 2, 13), "1 to 13 February 2024"),
        (date(2024, 1, 28), date(2024, 2, 2), "28 January to 2 February 2024"),
        (date(2023, 12, 30), date(2024, 1, 2), "30 December 2023 to 2 January 2024"),
    ],
)
def test_spans_of_days_are_said_shortly(first, last, words):
    assert wording.span(first, last) == words
