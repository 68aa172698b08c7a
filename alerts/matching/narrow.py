"""Narrowing: which past events a query can match, asked of the database before any text is read."""

import operator
from functools import reduce

from django.contrib.postgres.search import SearchQueryField
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from alerts.matching.lexemes import tsquery
from alerts.matching.named import named
from alerts.matching.required import required
from alerts.query import And, Field, Node, Or
from alerts.query.nodes import all_of, any_of, leaves


class _Meets(Func):
    """vector @@ query"""

    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


def narrowed(events: QuerySet, tree: Node) -> QuerySet:
    """Those of `events` that `tree` can match: too many perhaps, never too few; one without features stays in."""
    need = required(tree)
    return events if need is None else events.filter(_condition(need))


def _condition(need: Node) -> Q:
    match need:
        case Field():
            return named(need)
        case And(parts) if _has_a_field(need):
            return reduce(operator.and_, map(_condition, _texts_joined(parts, all_of)))
        case Or(parts) if _has_a_field(need):
            return reduce(operator.or_, map(_condition, _texts_joined(parts, any_of)))
        case text:
            query = Cast(Value(tsquery(text)), SearchQueryField())
            return Q(features__isnull=True) | Q(_Meets(F("features"), query))


def _texts_joined(parts: tuple[Node, ...], joined) -> list[Node]:
    """The parts with a field, and all others as one."""
    texts = [part for part in parts if not _has_a_field(part)]
    return [part for part in parts if _has_a_field(part)] + ([joined(texts)] if texts else [])


def _has_a_field(need: Node) -> bool:
    return any(isinstance(leaf, Field) for leaf in leaves(need))
