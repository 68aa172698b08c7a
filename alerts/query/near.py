"""What may stand beside NEAR, and what to type instead of what may not."""

from alerts.query.common_words import keeping
from alerts.query.errors import Refusal
from alerts.query.fields import ZONES
from alerts.query.nodes import Cased, Node, Or, Phrase, Prefix, Term
from alerts.query.tokens import FIELD, LEAF, MINUS, NOT, Token, edited, without


def check_side(typed: str, tokens: list[Token], side: Node) -> None:
    """Raises Refusal for a side that is no word or phrase, nor an OR of them; `tokens` are those it is made of."""
    parts = side.children if isinstance(side, Or) else (side,)
    if all(isinstance(part, Term | Phrase | Prefix | Cased) for part in parts):
        return
    message = "Beside NEAR there can be a word, a phrase, or a bracket of them with OR between them."
    inner = tokens[1:-1]
    as_phrase = all(token.kind == LEAF and token.bare for token in inner)
    text = typed[inner[0].start : inner[-1].end] if inner else ""
    repairs = [edited(typed, [(tokens[0].start, tokens[-1].end, f'"{text}"')])] if inner and as_phrase else []
    raise Refusal(tokens[0].start, message, *repairs)


def refuse_ignored(typed: str, near: Token, beside: Token) -> None:
    """Raises the Refusal of an ignored word directly beside NEAR."""
    message = f"“{beside.shown}” is ignored outside quotation marks, so it cannot stand beside NEAR."
    kept = edited(typed, [(beside.start, beside.end, keeping(beside.shown))])
    raise Refusal(near.start, message, without(typed, beside, beside), kept)


def refuse_chain(typed: str, tokens: list[Token], first: int, near: int, second: int) -> None:
    """Raises the Refusal of a second NEAR, whose left side is the right side of the first."""
    message = "NEAR cannot be chained. Join two of them with AND."
    middle = typed[tokens[near + 1].start : tokens[second - 1].end]
    apart = edited(typed, [(tokens[second].start, tokens[second].start, f"AND {middle} ")])
    bound = first and tokens[first - 1].kind in (NOT, MINUS, FIELD)
    raise Refusal(tokens[second].start, message, *([] if bound else [apart]))


def refuse_field(typed: str, tokens: list[Token], first: int, near: int) -> None:
    """Raises the Refusal of a field after NEAR; a zone can go before both sides instead, for a single word."""
    field, before = tokens[near + 1], tokens[first - 1] if first else None
    message = f"{field.detail}: cannot stand after NEAR. A zone goes before both sides, in brackets."
    repairs = []
    bound = before and before.kind == FIELD
    if tokens[near + 2].kind == LEAF and field.detail in ZONES and (not bound or before.detail == field.detail):
        opening = "(" if bound else f"{field.detail}:("
        start, end = tokens[first].start, tokens[near + 2].end
        repairs = [edited(typed, [(start, start, opening), (field.start, field.end, ""), (end, end, ")")])]
    raise Refusal(field.start, message, *repairs)
