"""Tokens: the pieces of the typed text, each with its place."""

from dataclasses import dataclass

from alerts.query.nodes import Leaf, Phrase, Prefix, Term

AND, OR, NOT, NEAR, MINUS, FIELD = "AND", "OR", "NOT", "NEAR", "-", ":"
OPEN, CLOSE, LEAF, IGNORED = "(", ")", "leaf", "ignored"
LINKS = frozenset({AND, OR, NOT, NEAR})

#: From, up to, and what to put there instead.
Edit = tuple[int, int, str]


@dataclass(frozen=True)
class Token:
    """One piece of the typed text, from `start` up to `end`; `shown` is how the restatement repeats it.

    An ignored word has a node too, an ignored sign has none. `detail` is the distance of a NEAR, or the name of a
    FIELD: that of a zone, or of a field whose values stand in the bracket that follows. A field with a single value
    is a leaf.
    """

    kind: str
    start: int
    end: int
    node: Leaf | None = None
    shown: str = ""
    quoted: bool = False
    detail: str | int = ""

    @property
    def bare(self) -> bool:
        """A word, phrase or sign of the text outside quotation marks."""
        plain = self.node is None or isinstance(self.node, Term | Phrase | Prefix)
        return self.kind in (LEAF, IGNORED) and plain and not self.quoted


def edited(typed: str, edits: list[Edit]) -> str:
    """The typed text with some stretches of it, none overlapping another, replaced."""
    for start, end, instead in sorted(edits, reverse=True):
        typed = typed[:start] + instead + typed[end:]
    return typed


def without(typed: str, first: Token, last: Token) -> str:
    """The typed text without the pieces from the first to the last, and with one blank between their neighbours."""
    before, after = typed[: first.start], typed[last.end :]
    if before.endswith((" ", "(")):
        after = after.lstrip()
    if after.startswith(")"):
        before = before.rstrip()
    return (before + after).strip()
