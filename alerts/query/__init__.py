"""The language: what a person types, what it means, and whether a text is meant. Pure Python."""

from alerts.query.about import About
from alerts.query.advice import Advice
from alerts.query.analysis import ANALYSIS_VERSION
from alerts.query.canonical import canonical, topic_key
from alerts.query.describe import describe
from alerts.query.document import Document
from alerts.query.errors import QueryError
from alerts.query.evaluate import matches
from alerts.query.explain import Explanation, credited, explain
from alerts.query.highlight import highlight, marks
from alerts.query.nodes import And, Cased, Field, In, Near, Node, Not, Or, Phrase, Prefix, Term
from alerts.query.query import Query, parse
from alerts.query.reasons import Reason, reasons, reasons_of

__all__ = [
    "ANALYSIS_VERSION",
    "About",
    "Advice",
    "And",
    "Cased",
    "Document",
    "Explanation",
    "Field",
    "In",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "Query",
    "QueryError",
    "Reason",
    "Term",
    "canonical",
    "credited",
    "describe",
    "explain",
    "highlight",
    "marks",
    "matches",
    "parse",
    "reasons",
    "reasons_of",
    "topic_key",
]
