"""Lexemes: the features of a text as PostgreSQL keeps them, and how it is asked for them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Value

from alerts.matching.features import beginning, needed, of_text
from alerts.query import And, Document, Node, Or

LONGEST = 100
"""Characters of a feature that are stored and asked for; a lexeme can have 2,046 bytes."""
MOST_BYTES = 900_000
"""Of all features of one text; a tsvector can have 1,048,575."""


def stored(document: Document) -> Func | Value:
    """What `Event.features` becomes: the features of its text, or null where they are too many for the column.

    Names are not stored: they change, and a search of the past looks them up.
    """
    lexemes = sorted({feature[:LONGEST] for feature in of_text(document)})
    if sum(len(lexeme.encode()) for lexeme in lexemes) > MOST_BYTES:
        return Value(None, output_field=SearchVectorField())
    array = Value(lexemes, output_field=ArrayField(models.TextField()))
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())


def tsquery(need: Node) -> str:
    """What is required of a text, as PostgreSQL reads it; there is no field in it."""
    match need:
        case And(parts):
            return "(" + " & ".join(map(tsquery, parts)) + ")"
        case Or(parts):
            return "(" + " | ".join(map(tsquery, parts)) + ")"
        case leaf:
            return " & ".join(map(_quoted, sorted(needed(leaf))))


def _quoted(feature: str) -> str:
    start = beginning(feature)
    lexeme = (start or feature)[:LONGEST].replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'" if start is None else f"'{lexeme}':*"
