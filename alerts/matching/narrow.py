"""Narrowing: which past events a query can match, asked of the database before any text is read."""

from django.contrib.postgres.search import SearchQueryField
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from alerts.matching.features import LONGEST, needed
from alerts.matching.required import required
from alerts.query import And, Node, Or


class _Meets(Func):
    """vector @@ query"""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


def narrowing(tree: Node) -> str | None:
    """The tsquery that the features of every match meet, as PostgreSQL reads it; None where no word is required."""
    need = required(tree)
    return None if need is None else _written(need)


def narrowed(events: QuerySet, tree: Node) -> QuerySet:
    """Those of `events` that `tree` can match: too many perhaps, never too few; one without features stays in."""
    query = narrowing(tree)
    if query is None:
        return events
    return events.filter(Q(features__isnull=True) | Q(_Meets(F("features"), Cast(Value(query), SearchQueryField()))))


def _written(need: Node) -> str:
    match need:
        case And(parts):
            return "(" + " & ".join(map(_written, parts)) + ")"
        case Or(parts):
            return "(" + " | ".join(map(_written, parts)) + ")"
        case leaf:
            return " & ".join(map(_quoted, sorted(needed(leaf))))


def _quoted(feature: str) -> str:
    lexeme = feature[:LONGEST].replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"
