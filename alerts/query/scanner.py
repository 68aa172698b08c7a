"""The scanner: the typed text as words, phrases, link words and brackets, each with its place."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from alerts.query import analysis
from alerts.query.errors import Refusal
from alerts.query.nodes import Leaf, Phrase, Term

AND, OR, NOT, MINUS, OPEN, CLOSE, LEAF, IGNORED = "AND", "OR", "NOT", "-", "(", ")", "leaf", "ignored"
LINKS = frozenset({AND, OR, NOT})

_QUOTES = "“”„‟″«»〝〞〟＂"
_PLAIN = dict.fromkeys(map(ord, _QUOTES), '"') | {ord("（"): "(", ord("）"): ")"}
_PIECE = re.compile(r'(?P<blank> +)|(?P<bracket>[()])|"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<run>[^ "()]+)')
_STAR = re.compile(r"(?<=[^\W_])\*|\*(?=[^\W_])")
_NEAR = re.compile(r"NEAR(?:/.*)?", re.DOTALL)
_FIELD = re.compile(r"([^\W\d_]+):(.*)", re.DOTALL)


#: From, up to, and what to put there instead.
Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Token:
    """One piece of the typed text, from `start` up to `end`; `shown` is how the restatement repeats it.

    An ignored word has a node too, an ignored sign has none.
    """

    kind: str
    start: int
    end: int
    node: Leaf | None = None
    shown: str = ""
    quoted: bool = False

    @property
    def bare(self) -> bool:
        """A word, phrase or sign outside quotation marks."""
        return self.kind in (LEAF, IGNORED) and not self.quoted


def scan(typed: str) -> list[Token]:
    """The tokens of the typed text from left to right; raises Refusal at the first piece that has no meaning."""
    return list(_without_stray_minus(_Scanner(typed).tokens()))


def edited(typed: str, edits: list[Edit]) -> str:
    """The typed text with some stretches of it, none overlapping another, replaced."""
    for start, end, instead in sorted(edits, reverse=True):
        typed = typed[:start] + instead + typed[end:]
    return typed


class _Scanner:
    """Reads the text in its plain form (straight quotes, ordinary blanks, nothing invisible)."""

    def __init__(self, typed: str):
        self.typed = typed
        kept = [(_plain(character), place) for place, character in enumerate(typed)]
        self.text = "".join(character for character, _ in kept)
        self.places = [place for character, place in kept if character] + [len(typed)]

    def tokens(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            if self._is_minus(at):
                yield self._token(MINUS, at, at + 1)
                at += 1
            piece = _PIECE.match(self.text, at)
            at = piece.end()
            if piece["run"]:
                yield self._run(piece)
            elif piece["bracket"]:
                yield self._token(piece["bracket"], *piece.span())
            elif piece["quoted"] is not None:
                yield self._quoted(piece)

    def _is_minus(self, at: int) -> bool:
        """Only where it opens something: at the start or after a blank or bracket, and directly before it."""
        before, after = self.text[at - 1 : at] if at else " ", self.text[at + 1 : at + 2]
        return self.text[at] == "-" and before in " (" and after not in ("", " ", "-", ")")

    def _run(self, piece: re.Match) -> Token:
        run, (start, end) = piece["run"], piece.span()
        if run in LINKS:
            return self._token(run, start, end)
        self._refuse_what_comes_later(run, start, end)
        found = analysis.words(run)
        if not found:
            return self._token(IGNORED, start, end, shown=run)
        shown = _trimmed(run)
        if len(found) > 1:
            return self._token(LEAF, start, end, Phrase(found), shown)
        if found[0] in analysis.STOP_WORDS:
            return self._token(IGNORED, start, end, Term(found[0]), shown)
        return self._token(LEAF, start, end, Term(found[0]), shown)

    def _quoted(self, piece: re.Match) -> Token:
        start, end = piece.span()
        if not piece["closed"]:
            self._refuse_open_quote(start, piece["quoted"])
        self._refuse_star(piece["quoted"], start + 1)
        found = analysis.words(piece["quoted"])
        if not found:
            return self._token(IGNORED, start, end, shown=piece[0], quoted=True)
        shown = '"' + " ".join(piece["quoted"].split()) + '"'
        return self._token(LEAF, start, end, Phrase(found), shown, quoted=True)

    def _refuse_open_quote(self, start: int, quoted: str) -> None:
        without, closed = self._cut(start, start + 1).strip(), self.typed + '"'
        if analysis.words(quoted):
            message = "This quotation mark is never closed. Close it at the end."
            raise Refusal(self.places[start], message, closed, without)
        raise Refusal(self.places[start], "This quotation mark is never closed. Remove it.", without)

    def _refuse_what_comes_later(self, run: str, start: int, end: int) -> None:
        """Signs that will get a meaning must not quietly mean something else until then."""
        following = self.text[end : end + 1]
        if _NEAR.fullmatch(run):
            message = "NEAR is not understood yet. Type AND, or put it in quotation marks if it is text."
            raise Refusal(self.places[start], message, self._cut(start, end, "AND"), self._cut(start, end, f'"{run}"'))
        if run[0] == "=" and (analysis.words(run) or following == '"'):
            message = "The sign = is not understood yet. Type the word without it."
            signs = len(run) - len(run.lstrip("="))
            raise Refusal(self.places[start], message, self._cut(start, start + signs))
        field = _FIELD.fullmatch(run)
        if field and (field[2] or following in ('"', "(")):
            message = f"“{field[1]}:” is not understood yet. If it is text, put it in quotation marks."
            repairs = () if following in ('"', "(") else (self._cut(start, end, f'"{run}"'),)
            raise Refusal(self.places[start], message, *repairs)
        self._refuse_star(run, start)

    def _refuse_star(self, text: str, start: int) -> None:
        star = _STAR.search(text)
        if star:
            raise Refusal(self.places[start + star.start()], "The star is not understood yet. Type the word in full.")

    def _token(self, kind: str, start: int, end: int, *details, **more) -> Token:
        return Token(kind, self.places[start], self.places[end - 1] + 1, *details, **more)

    def _cut(self, start: int, end: int, instead: str = "") -> str:
        return self.typed[: self.places[start]] + instead + self.typed[self.places[end - 1] + 1 :]


def _plain(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if character.isspace() or category in ("Zs", "Zl", "Zp", "Cc", "Cs"):
        return " "
    return _PLAIN.get(ord(character), character)


def _trimmed(run: str) -> str:
    """The run without the signs around it; a full stop stays where it is part of an abbreviation."""
    ends = ",;:!?'’…/&-–—" if run.count(".") > 1 else ",;:!?'’…/&-–—."
    return run.strip(ends) or run


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
