"""Support staff can see what each part of a query says about an item."""

from alerts.query import Document, explain, matches, parse


def outline(explanation):
    return (explanation.label, explanation.verdict, [outline(child) for child in explanation.children])


def test_every_node_has_its_verdict():
    tree = parse('maternity AND (inequalities OR "patient safety") NOT cancer').tree
    document = Document.from_zones(heading="Maternity: Patient Safety", answer="Nothing else.")

    assert outline(explain(tree, document)) == (
        'maternity (inequalities OR "patient safety") -cancer',
        True,
        [
            ("maternity", True, []),
            ('inequalities OR "patient safety"', True, [("inequalities", False, []), ('"patient safety"', True, [])]),
            ("-cancer", True, [("cancer", False, [])]),
        ],
    )


def test_a_false_root_shows_what_is_missing():
    tree = parse("maternity cancer").tree
    document = Document.from_zones(heading="Maternity")

    explanation = explain(tree, document)

    assert explanation.verdict is matches(tree, document) is False
    assert [(child.label, child.verdict) for child in explanation.children] == [("maternity", True), ("cancer", False)]


def test_a_zone_shows_its_words_as_they_are_there_and_near_shows_its_sides():
    tree = parse("heading:maternity flu NEAR/2 (jab OR pox) asked:Blake").tree
    document = Document.from_zones(heading="Flu", answer="Maternity. Flu and a jab.")

    assert outline(explain(tree, document))[2] == [
        ("heading:maternity", False, [("maternity", False, [])]),
        (
            "flu NEAR/2 (jab OR pox)",
            False,
            [("flu", True, []), ("jab OR pox", True, [("jab", True, []), ("pox", False, [])])],
        ),
        ("asked:blake", False, []),
    ]
