"""The limits of a query, and the brackets that have no partner."""

from alerts.query.errors import Refusal
from alerts.query.nodes import Phrase, Prefix
from alerts.query.tokens import CLOSE, LEAF, OPEN, Token, without

MOST_CHARACTERS = 1_000
MOST_TERMS = 50
MOST_LEVELS = 10
MOST_PREFIXES = 3


def check_length(typed: str) -> None:
    """Raises Refusal for a text that is too long to be looked at."""
    if len(typed) > MOST_CHARACTERS:
        message = "A query can have 1,000 characters at most. Shorten it, or make two alerts of it."
        raise Refusal(MOST_CHARACTERS, message)


def check_written(typed: str, canonical: str) -> None:
    """Raises Refusal where the canonical text, with all its fields and signs written out, is too long to be read."""
    if len(canonical) > MOST_CHARACTERS:
        message = "Written out, this query has more than 1,000 characters. Shorten it, or make two alerts of it."
        raise Refusal(len(typed), message)


def check(typed: str, tokens: list[Token]) -> None:
    """Raises Refusal at the first bracket, term or prefix that is one too many."""
    _check_brackets(typed, tokens)
    terms = [token for token in tokens if token.kind == LEAF]
    if len(terms) > MOST_TERMS:
        message = "A query can have 50 words, phrases and names at most. Make two alerts of it."
        raise Refusal(terms[MOST_TERMS].start, message)
    stars = [token for token in terms for _ in range(_prefixes(token))]
    if len(stars) > MOST_PREFIXES:
        message = "A query can have 3 words with a star at most. Type the others in full, or make two alerts of it."
        raise Refusal(stars[MOST_PREFIXES].start, message)


def _prefixes(token: Token) -> int:
    parts = token.node.words if isinstance(token.node, Phrase) else (token.node,)
    return sum(isinstance(part, Prefix) for part in parts)


def _check_brackets(typed: str, tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind == OPEN:
            opened.append(token)
            if len(opened) > MOST_LEVELS:
                raise Refusal(token.start, "Brackets can be 10 levels deep at most. Take some out.")
        elif token.kind == CLOSE and not opened:
            raise Refusal(token.start, "This bracket has no partner. Remove it.", without(typed, token, token))
        elif token.kind == CLOSE:
            opened.pop()
    if opened:
        last = opened[-1]
        closed = typed + ")" * len(opened)
        message = "This bracket has no partner. Add ) at the end."
        raise Refusal(last.start, message, closed, without(typed, last, last))
