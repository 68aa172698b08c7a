"""The language: what a person types, what it means, and whether a text is meant. Pure Python."""

from alerts.query.advice import Advice
from alerts.query.analysis import ANALYSIS_VERSION
from alerts.query.canonical import canonical, topic_key
from alerts.query.document import Document
from alerts.query.errors import QueryError
from alerts.query.evaluate import matches
from alerts.query.nodes import And, Node, Not, Or, Phrase, Term
from alerts.query.query import Query, parse

__all__ = [
    "ANALYSIS_VERSION",
    "Advice",
    "And",
    "Document",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "QueryError",
    "Term",
    "canonical",
    "matches",
    "parse",
    "topic_key",
]
