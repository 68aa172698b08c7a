"""Leaves: a run without blanks or a quoted text read as a word, a phrase, or the value of a field."""

import re

from alerts.query import analysis, fields, stars
from alerts.query.about import VALUES
from alerts.query.errors import Refusal
from alerts.query.nodes import Cased, Leaf, Phrase, Prefix, Term
from alerts.query.plain import Plain, trimmed
from alerts.query.tokens import IGNORED, LEAF, LINKS, Token

_IN_BRACKET = re.compile(r'=?"[^"]*"|[^ "()]+')


def read_word(plain: Plain, piece: re.Match) -> Token:
    """A leaf of the query, or an ignored word or sign; raises Refusal where a quote is open or a star misplaced."""
    if piece["quoted"] is not None and not piece["closed"]:
        _refuse_open_quote(plain, piece)
    if piece["run"] and set(piece["run"]) == {"="} and plain.text.startswith("(", piece.end()):
        _refuse_capitals_of_a_bracket(plain, piece)
    node = _cased(plain, piece) if piece["cased"] else _word_or_phrase(plain, piece)
    stop_word = isinstance(node, Term) and node.word in analysis.STOP_WORDS
    kind = LEAF if node and not stop_word else IGNORED
    return Token(kind, *plain.span(*piece.span()), node, _shown(piece), piece["quoted"] is not None)


def read_value(plain: Plain, piece: re.Match, name: str, start: int | None = None) -> Token:
    """A field with this value, for which every word counts; `start` is where its name begins, None in brackets."""
    if piece["quoted"] is not None and not piece["closed"]:
        _refuse_open_quote(plain, piece)
    _refuse_signs(plain, piece, name, start)
    words = analysis.words(_content(piece))
    if not words:
        message = f"{name}: has nothing after it. Type a name directly after the colon, or remove it."
        raise _refusal(plain, piece.start(), message, *(() if start is None else (plain.replaced(start, piece.end()),)))
    node = fields.field(name, words)
    if not node:
        _refuse_value(plain, piece, name, words)
    whole = plain.span(piece.start() if start is None else start, piece.end())
    shown = " ".join(_content(piece).split()) if piece["quoted"] is not None else trimmed(piece["run"])
    return Token(LEAF, *whole, node, shown, piece["quoted"] is not None, "" if start is None else name)


def _word_or_phrase(plain: Plain, piece: re.Match) -> Leaf | None:
    try:
        found = stars.words(_content(piece))
    except stars.StarRefusal as refusal:
        raise _refusal(plain, _content_start(piece) + refusal.position, refusal.message) from None
    if len(found) == 1 and isinstance(found[0], Prefix):
        return found[0]
    if len(found) == 1 and piece["run"]:
        return Term(found[0])
    return Phrase(found) if found else None


def _cased(plain: Plain, piece: re.Match) -> Cased | None:
    content = _content(piece)
    words = analysis.cased_words(content)
    if words and stars.stands_at_word(content):
        message = "Capitals and a star do not go together: take out the = or the *."
        at = _content_start(piece) + content.index("*")
        without_sign = plain.replaced(piece.start(), piece.end("cased"))
        raise _refusal(plain, at, message, without_sign, plain.replaced(at, at + 1))
    return Cased(words) if words else None


def _refuse_capitals_of_a_bracket(plain: Plain, piece: re.Match) -> None:
    close = plain.text.find(")", piece.end())
    inside = plain.text[piece.end() : close + 1] if close > 0 else ""
    each = _IN_BRACKET.sub(lambda word: word[0] if word[0] in LINKS else f"={word[0]}", inside)
    message = "The sign = goes directly before one word or phrase. Type it before each one in the brackets."
    plainly = plain.replaced(*piece.span())
    raise _refusal(plain, piece.start(), message, plain.replaced(piece.start(), close + 1, each) if inside else plainly)


def _refuse_open_quote(plain: Plain, piece: re.Match) -> None:
    quote = piece.start("quoted") - 1
    without, closed = plain.replaced(quote, quote + 1).strip(), plain.typed + '"'
    if analysis.words(piece["quoted"]):
        message = "This quotation mark is never closed. Close it at the end."
        raise _refusal(plain, quote, message, closed, without)
    raise _refusal(plain, quote, "This quotation mark is never closed. Remove it.", without)


def refuse_minus(plain: Plain, piece: re.Match, name: str, start: int | None) -> None:
    """Raises Refusal where a minus stands between the name of a field, which begins at `start`, and its value."""
    if piece["cased"] or not piece["run"] or piece["run"][0] != "-" or not analysis.words(piece["run"]):
        return
    repairs = []
    if start is not None and plain.text[max(start - 1, 0) : start] != "-":
        moved = "-" + plain.text[start : piece.start()] + piece["run"].lstrip("-")
        repairs = [plain.replaced(start, piece.end(), moved)]
    raise _refusal(plain, piece.start(), f"A minus goes before {name}:, not after it. Move it there.", *repairs)


def _refuse_signs(plain: Plain, piece: re.Match, name: str, start: int | None) -> None:
    """A minus, = or star would quietly mean nothing in a name."""
    content = _content(piece)
    if piece["cased"]:
        message = f"The sign = has no meaning after {name}:, where capitals never count. Remove it."
        raise _refusal(plain, piece.start(), message, plain.replaced(piece.start(), piece.end("cased")))
    refuse_minus(plain, piece, name, start)
    if stars.stands_at_word(content):
        at = _content_start(piece) + content.index("*")
        message = f"A star has no meaning after {name}:. Type whole words, of a name as many as you like."
        raise _refusal(plain, at, message, plain.replaced(at, at + 1))


def _refuse_value(plain: Plain, piece: re.Match, name: str, words: tuple[str, ...]) -> None:
    start, end = (piece.start("quoted") - 1, piece.end()) if piece["quoted"] is not None else piece.span("run")
    link = _content(piece).upper()
    meant = link if link in LINKS else fields.meant_value(name, words)
    repairs = [plain.replaced(start, end, value) for value in ([meant] if meant else [])]
    raise _refusal(plain, start, f"{name}: can be {fields.said(VALUES[name])}, nothing else.", *repairs)


def _content(piece: re.Match) -> str:
    return piece["run"] or piece["quoted"] or ""


def _content_start(piece: re.Match) -> int:
    return piece.start("run") if piece["run"] else piece.start("quoted")


def _shown(piece: re.Match) -> str:
    if piece["quoted"] is None:
        return trimmed(piece["run"]) if analysis.words(piece["run"]) else piece["run"]
    return '"' + " ".join(piece["quoted"].split()) + '"'


def _refusal(plain: Plain, at: int, message: str, *repairs: str) -> Refusal:
    return Refusal(plain.places[at], message, *repairs)
