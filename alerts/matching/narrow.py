"""Narrowing: which past events a query can match, asked of the database before any text is read."""

from django.contrib.postgres.search import SearchQueryField
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from alerts.matching.lexemes import UNREAD, perhaps, quoted
from alerts.query import Node


class _Meets(Func):
    """vector @@ query"""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


def narrowed(events: QuerySet, tree: Node) -> QuerySet:
    """Those of `events` that `tree` can match: too many perhaps, never too few; what is not known yet stays in."""
    return events.filter(Q(features__isnull=True) | meets(f"{perhaps(tree)} | {quoted(UNREAD)}"))


def meets(query: str) -> Q:
    """The condition that an event's features meet this query."""
    return Q(_Meets(F("features"), Cast(Value(query), SearchQueryField())))
