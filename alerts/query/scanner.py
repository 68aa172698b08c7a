"""The scanner: the typed text as words, phrases, fields, link words and brackets, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import replace

from alerts.query import fields
from alerts.query.common_words import keeping
from alerts.query.errors import Refusal
from alerts.query.leaves import read_value, read_word, refuse_minus
from alerts.query.plain import Plain
from alerts.query.tokens import AND, FIELD, IGNORED, LINKS, MINUS, NEAR, NOT, OPEN, OR, Token

FARTHEST, USUAL_DISTANCE = 50, 10
_LONGEST_SHOWN = 30

_PIECE = re.compile(
    r'(?P<blank> +)|(?P<bracket>[()])|(?P<cased>=+(?=[^ ()=]))?(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<run>[^ "()]+))'
)
_NEAR = re.compile(r"NEAR(?:/(?P<distance>.*))?", re.DOTALL)
_NUMBER = re.compile(r"[0-9]+")
# An accent can be a character of its own.
_FIELD = re.compile(r"(?P<name>[\u0300-\u036f]*[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*):(?=[^ )])")


def scan(typed: str) -> list[Token]:
    """The tokens of the typed text from left to right; raises Refusal at the first piece that has no meaning."""
    return list(_without_stray_minus(_Scanner(typed).tokens()))


class _Scanner:
    """Reads the plain text from left to right.

    `within` has, for each open bracket, the name of the field in whose bracket one is there, '' for none. `bound` is
    the name of the field that binds to the next piece, and `bound_at` where it begins.
    """

    def __init__(self, typed: str):
        self.plain = Plain(typed)
        self.text = self.plain.text
        self.at = 0
        self.within = [""]
        self.bound, self.bound_at = "", 0

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            if self._is_minus():
                yield self._token(MINUS, self.at, self.at + 1)
                self.at += 1
            self._pass_name()
            piece = _PIECE.match(self.text, self.at)
            self.at = piece.end()
            if piece["blank"] is None:
                yield from self._read(piece)
                self.bound = ""

    def _is_minus(self) -> bool:
        """Only where it opens something: at the start or after a blank or bracket, and directly before it."""
        before, after = self.text[self.at - 1 : self.at] if self.at else " ", self.text[self.at + 1 : self.at + 2]
        return self.text[self.at] == "-" and before in " (" and after not in ("", " ", "-", ")")

    def _pass_name(self) -> None:
        """Go past the name of a field, where one begins here, and remember what is bound by it."""
        if name := self._name():
            if self.within[-1]:
                message = f"Inside the brackets of {self.within[-1]}: there can be no other field. Move it out of them."
                raise self._refusal(self.at, message)
            self.bound, self.bound_at = name, self.at
            self.at = _FIELD.match(self.text, self.at).end()
            if self._name():
                message = f"Directly after {name}: there can be no other field, only a word, a phrase or a bracket."
                raise self._refusal(self.at, message, self.plain.replaced(self.bound_at, self.at))

    def _name(self) -> str | None:
        """The known field or zone that is named here; letters, a colon and two slashes begin an address."""
        named = _FIELD.match(self.text, self.at)
        name = named and fields.known(named["name"])
        if named and not name and not self.text.startswith("//", named.end()):
            self._refuse_unknown(named)
        return name

    def _read(self, piece: re.Match) -> Iterator[Token]:
        if piece["bracket"]:
            yield from self._bracket(piece)
        elif self.bound in fields.FIELDS:
            yield read_value(self.plain, piece, self.bound, self.bound_at)
        elif self.bound:
            yield from self._in_zone(piece)
        elif link := self._link(piece):
            yield link
        elif self.within[-1] in fields.FIELDS:
            yield read_value(self.plain, piece, self.within[-1])
        else:
            yield read_word(self.plain, piece)

    def _bracket(self, piece: re.Match) -> Iterator[Token]:
        if piece["bracket"] == OPEN:
            self.within.append(self.bound or self.within[-1])
            if self.bound:
                yield self._bound()
        elif len(self.within) > 1:
            self.within.pop()
        yield self._token(piece["bracket"], *piece.span())

    def _in_zone(self, piece: re.Match) -> Iterator[Token]:
        """A zone and what it binds to, which must be a word or phrase that is not ignored."""
        token = read_word(self.plain, piece)
        if self._link(piece) or token.kind == IGNORED:
            self._refuse_zone(piece, token)
        refuse_minus(self.plain, piece, self.bound, self.bound_at)
        yield self._bound()
        yield token

    def _link(self, piece: re.Match) -> Token | None:
        run, near = piece["run"] or "", _NEAR.fullmatch(piece["run"] or "")
        if piece["cased"]:
            return None
        if near:
            return self._near(piece, near["distance"])
        return self._token(run, *piece.span()) if run in (AND, OR, NOT) else None

    def _near(self, piece: re.Match, distance: str | None) -> Token:
        if self.within[-1] in fields.FIELDS:
            message = f"NEAR has no place in the brackets of {self.within[-1]}:, only AND, OR and NOT have."
            raise self._refusal(piece.start(), message)
        if distance is None:
            return self._token(NEAR, *piece.span(), detail=USUAL_DISTANCE)
        number = _NUMBER.match(distance)
        words = min(int(number[0][:3]), FARTHEST) or 1 if number else USUAL_DISTANCE
        if distance != str(words):
            message = f"NEAR/ needs a number of words from 1 to {FARTHEST} directly after it."
            raise self._refusal(piece.start(), message, self.plain.replaced(*piece.span(), f"NEAR/{words}"))
        return self._token(NEAR, *piece.span(), detail=words)

    def _refuse_unknown(self, named: re.Match) -> None:
        name, (start, end) = named["name"], named.span("name")
        value = _PIECE.match(self.text, named.end())
        meant = fields.meant(name)
        repairs = [self.plain.replaced(start, end, meant)] if meant else []
        if value["run"]:
            repairs.append(self.plain.replaced(start, value.end(), f'"{self.text[start : value.end()]}"'))
        repairs.append(self.plain.replaced(end, named.end(), " "))
        shown = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
        message = f"“{shown}:” is no field; there are {fields.said(fields.KNOWN, 'and')}. Text goes in quotation marks."
        raise self._refusal(start, message, *repairs)

    def _refuse_zone(self, piece: re.Match, token: Token) -> None:
        if not token.node:
            message = f"{self.bound}: has nothing after it. Type a word directly after the colon, or remove it."
            raise self._refusal(piece.start(), message, self.plain.replaced(self.bound_at, piece.end()))
        message = f"{self.bound}: needs a word directly after it. Outside quotation marks “{token.shown}” is none."
        raise self._refusal(piece.start(), message, self.plain.replaced(*piece.span(), keeping(token.shown)))

    def _bound(self) -> Token:
        name = _FIELD.match(self.text, self.bound_at)
        return self._token(FIELD, *name.span(), detail=self.bound)

    def _token(self, kind: str, start: int, end: int, detail: str | int = "") -> Token:
        return Token(kind, *self.plain.span(start, end), detail=detail)

    def _refusal(self, at: int, message: str, *repairs: str) -> Refusal:
        return Refusal(self.plain.places[at], message, *repairs)


def _without_stray_minus(tokens: Iterator[Token]) -> Iterator[Token]:
    """A minus takes the ignored word behind it along; before a link word it is a stray sign."""
    held = None
    for token in tokens:
        if held and token.kind in LINKS:
            yield Token(IGNORED, held.start, held.end, shown="-")
        elif held and token.kind == IGNORED:
            token = replace(token, start=held.start)
        elif held:
            yield held
        held = token if token.kind == MINUS else None
        if not held:
            yield token
