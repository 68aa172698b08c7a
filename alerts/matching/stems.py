"""The stems of past events: how they are stored, and how a search of the past is narrowed by them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from alerts.matching.required import required
from alerts.query import And, Document, Node, Or

LONGEST = 100
"""Characters of a stem that are stored and asked for; a lexeme of PostgreSQL can have 2,046 bytes."""
MOST_BYTES = 900_000
"""Of all stems of one text; a tsvector of PostgreSQL can have 1,048,575."""


class _Meets(Func):
    """vector @@ query"""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


def stored(document: Document) -> Func | Value:
    """What `Event.stems` becomes for this text: its stems, or null where they are too many for the column."""
    lexemes = sorted({stem[:LONGEST] for stem in document.stems})
    if sum(len(lexeme.encode()) for lexeme in lexemes) > MOST_BYTES:
        return Value(None, output_field=SearchVectorField())
    array = Value(lexemes, output_field=ArrayField(models.TextField()))
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())


def narrowing(tree: Node) -> str | None:
    """The tsquery that the stems of every match meet, as PostgreSQL reads it; None where no word is required."""
    need = required(tree)
    return None if need is None else _written(need)


def narrowed(events: QuerySet, tree: Node) -> QuerySet:
    """Those of `events` that `tree` can match: too many perhaps, never too few; without stems an event stays in."""
    query = narrowing(tree)
    if query is None:
        return events
    return events.filter(Q(stems__isnull=True) | Q(_Meets(F("stems"), Cast(Value(query), SearchQueryField()))))


def _written(need: Node) -> str:
    match need:
        case And(parts):
            return "(" + " & ".join(map(_written, parts)) + ")"
        case Or(parts):
            return "(" + " | ".join(map(_written, parts)) + ")"
        case word:
            lexeme = word.stem[:LONGEST].replace("\\", "\\\\").replace("'", "''")
            return f"'{lexeme}'"
