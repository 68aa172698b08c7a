"""Features: what a text has that a query can ask for. A stem is one, and so is a word as written, under a mark."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Value

from alerts.query import Document, Phrase, Term

AS_WRITTEN = "="
"""Before a word as written; no word and no stem has this sign."""
LONGEST = 100
"""Characters of a feature that are stored and asked for; a lexeme of PostgreSQL can have 2,046 bytes."""
MOST_BYTES = 900_000
"""Of all features of one text; a tsvector of PostgreSQL can have 1,048,575."""


def features(document: Document) -> frozenset[str]:
    """Every feature of the text: its stems, and its words as written."""
    return document.stems.union([AS_WRITTEN + word for word in document.words])


def needed(leaf: Term | Phrase) -> frozenset[str]:
    """The features that a text must have for this leaf to hold."""
    match leaf:
        case Phrase(words):
            return frozenset(AS_WRITTEN + word for word in words)
        case Term():
            return frozenset([leaf.stem])


def stored(document: Document) -> Func | Value:
    """What `Event.features` becomes for this text: null where there are too many for the column."""
    lexemes = sorted({feature[:LONGEST] for feature in features(document)})
    if sum(len(lexeme.encode()) for lexeme in lexemes) > MOST_BYTES:
        return Value(None, output_field=SearchVectorField())
    array = Value(lexemes, output_field=ArrayField(models.TextField()))
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())
