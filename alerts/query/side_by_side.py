"""Names side by side in the bracket of a field: one name without its quotation marks, or a list without its ORs."""

import re

from alerts.query.errors import Refusal
from alerts.query.nodes import Field
from alerts.query.tokens import IGNORED, LEAF, OR, Token, edited

_BETWEEN_NAMES = re.compile(r"\s*(?:,\s*(?:or\s|and\s)?|\sor\s)\s*")


def check_names(typed: str, tokens: list[Token]) -> None:
    """Raises Refusal at the first two bare words of a bracket of names that have no link between them."""
    stretch: list[Token] = []
    for token in tokens:
        if not (_is_bare_name(token) or (stretch and token.kind == IGNORED)):
            _check(typed, stretch)
            stretch = []
        elif token.kind == LEAF:
            stretch.append(token)
    _check(typed, stretch)


def _is_bare_name(token: Token) -> bool:
    return token.kind == LEAF and isinstance(token.node, Field) and not (token.quoted or token.detail)


def _check(typed: str, stretch: list[Token]) -> None:
    if len(stretch) < 2:
        return
    start, end = stretch[0].start, stretch[-1].end
    names = [f'"{name}"' if " " in name else name for name in _BETWEEN_NAMES.split(typed[start:end]) if name]
    if len(names) == 1 and typed[start - 1] + typed[end : end + 1] == "()":
        start, end = start - 1, end + 1
    repaired = edited(typed, [(start, end, f" {OR} ".join(names))])
    message = f"A name of several words goes in quotation marks, and {OR} goes between names."
    raise Refusal(stretch[0].start, message, repaired)
