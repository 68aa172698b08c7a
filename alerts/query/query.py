"""A query: the words a person typed and the tree they parse to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from alerts.query.advice import Advice, advise
from alerts.query.errors import QueryError, Refusal
from alerts.query.nodes import Node
from alerts.query.parser import read
from alerts.query.tokens import IGNORED, Token


@dataclass(frozen=True)
class Query:
    """What was typed, its tree, and the words and signs in it that are ignored, as typed."""

    typed: str
    tree: Node
    ignored: tuple[str, ...]

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """What may have been meant instead, the most pressing first."""
        return advise(self.typed)


def parse(typed: str) -> Query:
    """The query a person typed; raises QueryError, and nothing else, where the text cannot be understood."""
    try:
        tokens, tree = read(typed)
    except Refusal as refusal:
        raise QueryError(refusal.position, refusal.message, _repaired(typed, refusal)) from None
    return Query(typed, tree, _ignored(tokens))


def _ignored(tokens: Iterable[Token]) -> tuple[str, ...]:
    shown = (token.shown for token in tokens if token.kind == IGNORED)
    return tuple(dict.fromkeys(word for word in shown if word.isprintable()))


def _repaired(typed: str, refusal: Refusal) -> str | None:
    """The first repair that can be read; failing that, the first that gets past this mistake to another one."""
    another = None
    for repair in filter(str.strip, refusal.repairs):
        try:
            read(repair)
        except Refusal as next_refusal:
            if another is None and next_refusal.message != refusal.message:
                another = repair
        else:
            return repair
    return another
