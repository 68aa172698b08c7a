"""The words that made a query true are marked in the original text, and the reasons name their strongest place."""

import pytest

from alerts.query import About, Document, Reason, highlight, parse, reasons

# typed, text, the stretches that are marked
MARKED = [
    ("babies", "Baby units. The babies' care; BABY's.", ["Baby", "babies", "BABY"]),
    ('"young people"', "Children and Young\u00a0People’s views.", ["Young\u00a0People"]),
    ('"safety"', "Safety, safe, safely.", ["Safety"]),
    ("long-term", "A long–term plan, long term.", ["long–term", "long term"]),
    ("A&E", "Queues in A&E and in A and E.", ["A&E", "A and E"]),
    ("cafe", "The cafe\u0301 closed.", ["cafe\u0301"]),
    ("1000", "Over 1,000 beds", ["1,000"]),
    ("softhyphen", "A soft\u00adhyphen here", ["soft\u00adhyphen"]),
    ("people", "Young people¹ said", ["people"]),
    ("health inequalities", "Inequality in health", ["Inequality", "health"]),
    ('"a b a"', "x a b a b a", ["a b a b a"]),
    ('"health plan" plan', "The health plan is a plan.", ["health plan", "plan"]),
    ("flu OR measles", "Only flu.", ["flu"]),
    ("flu OR measles", "Flu or measles.", ["Flu", "measles"]),
    ("flu OR (measles mumps)", "Flu and measles.", ["Flu"]),
    ("flu OR (measles -flu)", "Flu and measles.", ["Flu"]),
    ('"patient safety" OR (maternity -safety)', "Safety, patient safety, maternity.", ["patient safety"]),
    ('safety -"patient safety"', "Safety first.", ["Safety"]),
    ("flu -(measles -mumps)", "Flu, measles, mumps.", ["Flu", "mumps"]),
    ("flu -(measles -mumps)", "Flu and mumps.", ["Flu", "mumps"]),
    ("flu -(measles -mumps)", "Flu.", ["Flu"]),
    ('"flu and" jabs', "All flu&jabs", ["flu&jabs"]),
    ("½", "½ cup", ["½"]),
    ("inequal*", "Unequal, inequality, inequal.", ["inequality", "inequal"]),
    ('"health inequ*"', "Health inequity and health: inequality.", ["Health inequity", "health: inequality"]),
    ("=Bath", "Bath, bath and BATH.", ["Bath"]),
    ('="Care Act"', "The Care Act, a care act.", ["Care Act"]),
    ("flu NEAR/2 jab", "Flu x jab. Flu x x x jab.", ["Flu", "jab", "Flu"]),
    ("flu NEAR/1 jab", "Flu x jab. Flu jab x flu.", ["jab", "Flu", "jab"]),
    ("flu NEAR/1 jab", "Flu.\nJab.", []),
    ('(flu OR "new pox") NEAR/3 jab*', "New pox, two jabs. Pox jab.", ["New pox", "jabs"]),
    ("flu -flu NEAR/1 jab", "Flu; no jab.", ["Flu"]),
    ("answer:flu", "Flu.", ["Flu"]),
    ("heading:flu", "Flu.", []),
    ("flu OR heading:jab", "Flu jab.", ["Flu"]),
    ("text:(flu -jab)", "Flu.", ["Flu"]),
    ("flu measles", "Only flu.", []),
    ("flu -measles", "Flu and measles.", []),
]


@pytest.mark.parametrize(("typed", "text", "pieces"), MARKED)
def test_what_made_the_query_true_is_marked(typed, text, pieces):
    spans = highlight(parse(typed).tree, Document.from_zones(answer=text))["answer"]

    assert [text[start:end] for start, end in spans] == pieces


def test_every_zone_has_its_marks_and_paragraphs_count_into_the_offset():
    texts = {"heading": "Flu", "question": "On jabs.", "answer": "None.\nMore flu\nand jabs", "text": ""}

    marked = highlight(parse("flu jabs").tree, Document.from_zones(**texts))

    assert marked == {"heading": [(0, 3)], "question": [(3, 7)], "answer": [(11, 14), (19, 23)], "text": []}


WARD = Document.from_zones(
    heading="Baby Care Units",
    question="What steps he is taking for parents with babies on neonatal units.",
    answer="In March the plan was published.\n\nMaternity and neonatal services improve.\nThe long-term plan.",
    about=About(
        type="question",
        house="commons",
        source="Written questions",
        departments=("DHSC", "Department of Health and Social Care"),
        asked="Olivia Blake",
        answered="Maria Caulfield",
    ),
)

WHY = [
    ("babies OR neonatal", ['babies (as "baby") in heading', "neonatal in question"]),
    ("baby OR babies", ["baby in heading"]),
    ("babies OR baby", ["baby in heading"]),
    ("units", ["units in heading"]),
    ('"neonatal units"', ["neonatal units in question"]),
    ("maternity NOT cancer", ["maternity in answer (paragraph 2 of 3)"]),
    ("long-term", ["long term in answer (paragraph 3 of 3)"]),
    ("cancer OR servicing", ['servicing (as "services") in answer (paragraph 2 of 3)']),
    ("cancer", []),
    ("heading:care baby", ["care in heading", "baby in heading"]),
    ("answer:neonatal", ["neonatal in answer (paragraph 2 of 3)"]),
    ("text:neonatal", ["neonatal in question"]),
    ("question:units -heading:parents", ["units in question"]),
    ("bab*", ['bab* (as "baby") in heading']),
    ('"neonatal serv*"', ['neonatal serv* (as "neonatal services") in answer (paragraph 2 of 3)']),
    ("=Maternity", ["Maternity in answer (paragraph 2 of 3)"]),
    ("parents NEAR/3 baby", ["parents in question", 'baby (as "babies") in question']),
    ("neonatal NEAR/2 (unit OR services)", ["neonatal in question", 'unit (as "units") in question']),
    ('asked:Blake "care units"', ["care units in heading"]),
    ("asked:Blake -flu", ["asked by Olivia Blake"]),
    ("(dept:DHSC OR flu) house:commons", ["asked of Department of Health and Social Care"]),
    ("source:questions answered:Caulfield", ["published by Written questions", "answered by Maria Caulfield"]),
]


@pytest.mark.parametrize(("typed", "lines"), WHY)
def test_each_matched_word_has_a_reason_at_its_strongest_place(typed, lines):
    assert [str(reason) for reason in reasons(parse(typed).tree, WARD)] == lines


def test_a_reason_keeps_its_parts():
    [reason] = reasons(parse("maternities").tree, WARD)

    assert reason == Reason("maternities", "answer", "maternity", 2, 3)
    assert (reason.name, reason.place) == ('maternities (as "maternity")', "answer (paragraph 2 of 3)")


def test_the_very_word_is_preferred_to_another_form_within_a_zone():
    document = Document.from_zones(text="A baby cried.\nBabies do.")

    assert [str(reason) for reason in reasons(parse("babies").tree, document)] == ["babies in text (paragraph 2 of 2)"]


def test_a_zone_of_one_paragraph_needs_no_number():
    [reason] = reasons(parse("flu").tree, Document.from_zones(answer="Flu jabs."))

    assert str(reason) == "flu in answer"
