"""A search of the past is narrowed by stems without losing a match."""

import pytest
from django.db import connection
from hypothesis import given, settings

from alerts.matching.percolate import percolate_due
from alerts.matching.stems import LONGEST, narrowed, narrowing, stored
from alerts.models import Event
from alerts.query import Document, matches, parse
from tests.factories import NOW, make_event
from tests.matching.strategies import documents, trees

pytestmark = pytest.mark.django_db


def meets(document: Document, query: str) -> bool:
    with connection.cursor() as cursor:
        lexemes = sorted({stem[:LONGEST] for stem in document.stems})
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [lexemes, query])
        return cursor.fetchone()[0]


@settings(max_examples=150, deadline=None)
@given(trees, documents)
def test_narrowing_never_loses_a_match(tree, document):
    query = narrowing(tree)
    if query is not None and matches(tree, document):
        assert meets(document, query)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("babies", "'babi'"),
        ('"Young People"', "('young' & 'peopl')"),
        ("(baby OR mother) neonatal", "(('babi' | 'mother') & 'neonat')"),
        ("cancer NOT screening", "'cancer'"),
        ("cancer -(bowel -lung)", "'cancer'"),
        ("-(-cancer -flu)", "('cancer' | 'flu')"),
    ],
)
def test_what_is_asked_of_the_database(typed, query):
    assert narrowing(parse(typed).tree) == query


def test_a_word_longer_than_the_database_can_hold_is_still_found():
    long = "x" * 600 + "y"
    event = make_event(answer=f"The code is {long}.")
    percolate_due(NOW)
    assert list(narrowed(Event.objects.all(), parse(long).tree)) == [event]


def test_a_text_with_more_stems_than_the_database_can_hold_stays_in_every_search():
    event = make_event(answer=" ".join(f"{number:0>99}" for number in range(10_000)))
    assert stored(event.document).value is None
    percolate_due(NOW)
    assert list(narrowed(Event.objects.all(), parse("foghorns").tree)) == [event]


def test_events_with_other_words_are_left_out():
    make_event(heading="Lighthouses", question="?", answer="None.")
    event = make_event(heading="Foghorns", question="?", answer="None.")
    percolate_due(NOW)
    assert list(narrowed(Event.objects.all(), parse("foghorn").tree)) == [event]
