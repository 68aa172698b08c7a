"""A search of the past is narrowed by features without losing a match."""

import pytest
from django.db import connection
from hypothesis import given

from alerts.matching.features import of_text
from alerts.matching.lexemes import LONGEST, stored, tsquery
from alerts.matching.narrow import narrowed
from alerts.matching.percolate import percolate_due
from alerts.matching.required import required
from alerts.models import Event
from alerts.query import Document, Field, matches, parse
from alerts.query.nodes import leaves
from tests.factories import NOW, make_event
from tests.matching.strategies import any_trees
from tests.query.grammar import documents

pytestmark = pytest.mark.django_db


def meets(document: Document, query: str) -> bool:
    with connection.cursor() as cursor:
        lexemes = sorted({feature[:LONGEST] for feature in of_text(document)})
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [lexemes, query])
        return cursor.fetchone()[0]


@given(any_trees, documents)
def test_narrowing_never_loses_a_match(tree, document):
    need = required(tree)
    if need is not None and not any(isinstance(leaf, Field) for leaf in leaves(need)) and matches(tree, document):
        assert meets(document, tsquery(need))


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("babies", "'babi'"),
        ('"Young People"', "'=people' & '=young'"),
        ("(baby OR mother) neonatal", "(('babi' | 'mother') & 'neonat')"),
        ("cancer NOT screening", "'cancer'"),
        ("cancer -(bowel -lung)", "'cancer'"),
        ("-(-cancer -flu)", "('cancer' | 'flu')"),
    ],
)
def test_what_is_asked_of_the_database(typed, query):
    assert tsquery(required(parse(typed).tree)) == query


def test_a_word_longer_than_the_database_can_hold_is_still_found():
    long = "x" * 600 + "y"
    event = make_event(answer=f"The code is {long}.")
    percolate_due(NOW)
    assert list(narrowed(Event.objects.all(), parse(long).tree)) == [event]


def test_a_text_with_more_features_than_the_database_can_hold_stays_in_every_search():
    event = make_event(answer=" ".join(f"{number:0>99}" for number in range(10_000)))
    assert stored(event.document).value is None
    percolate_due(NOW)
    assert list(narrowed(Event.objects.all(), parse("foghorns").tree)) == [event]


def test_events_with_other_words_are_left_out():
    make_event(heading="Lighthouses", question="?", answer="None.")
    event = make_event(heading="Foghorns", question="?", answer="None.")
    percolate_due(NOW)
    assert list(narrowed(Event.objects.all(), parse("foghorn").tree)) == [event]
