"""Advice: what a valid query may have been meant to be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from alerts.query.common_words import is_also_a_common_word
from alerts.query.errors import Refusal
from alerts.query.fields import known
from alerts.query.nodes import Phrase, Prefix, Term
from alerts.query.parser import read
from alerts.query.precedence import readings
from alerts.query.scanner import scan
from alerts.query.tokens import CLOSE, FIELD, IGNORED, LEAF, MINUS, NOT, OPEN, Token, edited

_SMALL_LINKS = frozenset({Term("and"), Term("or"), Term("not")})
_LINK_IN_QUOTES = re.compile(r"\s+(AND\s+NOT|AND|OR|NOT|NEAR(?:/[0-9]+)?)\s+")
_SMALL_NEAR = re.compile(r"near/[0-9]+", re.IGNORECASE)
_LIST_COMMA = re.compile(r"(?<!\s)\s*(?:(?<!\d),|,(?!\d{3}(?!\d)))(?:\s*,)*\s*(?:(?:or|and|OR|&)\s+)?")


@dataclass(frozen=True)
class Advice:
    """A sentence about a valid query, a query to try instead (or None), and the kind of advice.

    Kinds, the most pressing first: operator_in_quotes, small_or, small_not, small_near, field_apart, capitals,
    ignored_words, mixed, commas, phrase.
    """

    message: str
    repaired: str | None
    kind: str


def advise(typed: str) -> tuple[Advice, ...]:
    """All advice for a valid query, the most pressing first."""
    tokens = scan(typed)
    return tuple(advice for kind in _KINDS for advice in kind(typed, tokens))


def _operator_in_quotes(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    for token in tokens:
        text = token.quoted and isinstance(token.node, Phrase | Prefix)
        link = _LINK_IN_QUOTES.search(token.shown) if text else None
        if link:
            apart = _LINK_IN_QUOTES.sub(r'" \1 "', token.shown)
            repaired = edited(typed, [(token.start, token.end, apart if len(tokens) == 1 else f"({apart})")])
            message = (
                f"Inside quotation marks {link[1].split()[0]} is read as a word, "
                f"so this finds only the exact text “{token.shown.strip(chr(34))}”."
            )
            yield Advice(message, _readable(repaired), "operator_in_quotes")
            return


def _small_link(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    terms = sum(token.kind == LEAF for token in tokens)
    found = "both words" if terms == 2 else "all the words"
    for word, consequence in (("or", f", so this finds items with {found}"), ("not", "")):
        edits = [(token.start, token.end, word.upper()) for token in _between_terms(tokens, Term(word))]
        if edits:
            message = f"“{word}” in small letters is ignored{consequence}."
            yield Advice(message, _readable(edited(typed, edits)), f"small_{word}")


def _between_terms(tokens: list[Token], word: Term) -> Iterator[Token]:
    before, waiting = None, []
    for token in tokens:
        if token.kind == IGNORED:
            if token.node == word and before in (LEAF, CLOSE):
                waiting.append(token)
            continue
        if token.kind in (LEAF, OPEN, NOT, MINUS, FIELD):
            yield from waiting
        before, waiting = token.kind, []


def _small_near(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    edits = [
        (token.start, token.end, token.shown.upper())
        for token in tokens
        if token.kind == LEAF and token.bare and _SMALL_NEAR.fullmatch(token.shown)
    ]
    if edits:
        small = typed[edits[0][0] : edits[0][1]]
        message = f"“{small}” without capitals is read as words, not as NEAR."
        yield Advice(message, _readable(edited(typed, edits)), "small_near")


def _field_apart(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    for token, after in pairwise(tokens):
        name = typed[token.start : token.end]
        apart = after.kind in (LEAF, OPEN) and after.start > token.end
        if token.bare and apart and name.endswith(":") and known(name[:-1]):
            message = f"“{name}” is read as a word, because a blank comes after the colon."
            yield Advice(message, _readable(edited(typed, [(token.end, after.start, "")])), "field_apart")
            return


def _capitals(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    names = [token for token in tokens if isinstance(token.node, Term) and is_also_a_common_word(token.shown)]
    if names:
        edits = [(token.start, token.end, f"={token.shown}") for token in names]
        shown = names[0].shown
        ignored = "is ignored" if names[0].kind == IGNORED else f"finds “{shown.lower()}” too"
        yield Advice(
            f"“{shown}” {ignored}, because capitals make no difference.", _readable(edited(typed, edits)), "capitals"
        )


def _ignored_words(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    """Only where everything typed could be one phrase."""
    ignored = [token for token in tokens if token.kind == IGNORED and token.node not in _SMALL_LINKS]
    if any(token.node for token in ignored) and all(token.bare for token in tokens):
        words = dict.fromkeys(token.shown for token in ignored if token.node)
        exact = '"' + " ".join(typed.split()) + '"'
        yield Advice(f"Ignored: {', '.join(words)}.", _readable(exact), "ignored_words")


def _mixed(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    both = readings(typed, tokens)
    if both:
        as_read, otherwise = both
        yield Advice(f"We read this as {as_read}.", _readable(otherwise), "mixed")


def _commas(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    quotes = [(token.start, token.end) for token in tokens if token.quoted]
    starts, ends = [0, *(end for _, end in quotes)], [*(start for start, _ in quotes), len(typed)]
    texts = [_LIST_COMMA.sub(" OR ", typed[start:end]) for start, end in zip(starts, ends, strict=True)]
    kept = [typed[start:end] for start, end in quotes] + [""]
    repaired = "".join(text + quote for text, quote in zip(texts, kept, strict=True)).strip()
    repaired = repaired.removeprefix("OR ").removesuffix(" OR")
    if repaired.count(" OR ") > typed.count(" OR ") and _readable(repaired):
        joined = any(token.bare and isinstance(token.node, Phrase) and "," in token.shown for token in tokens)
        exact = "Words joined by a comma without a blank are an exact phrase."
        yield Advice(exact if joined else "Commas are ignored.", repaired, "commas")


def _phrase(typed: str, tokens: list[Token]) -> Iterator[Advice]:
    words = [token.shown for token in tokens if token.kind == LEAF and isinstance(token.node, Term)]
    if len(words) == len(tokens) == 2 and not _LIST_COMMA.search(typed):
        yield Advice("Finds both words anywhere.", _readable(f'"{words[0]} {words[1]}"'), "phrase")


_KINDS = (
    _operator_in_quotes,
    _small_link,
    _small_near,
    _field_apart,
    _capitals,
    _ignored_words,
    _mixed,
    _commas,
    _phrase,
)


def _readable(repaired: str) -> str | None:
    try:
        read(repaired)
    except Refusal:
        return None
    return repaired
