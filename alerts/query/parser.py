"""The parser: tokens to a tree.

NEAR binds tightest, then fields, NOT, AND, and last OR; nothing between words is AND.
"""

from alerts.query import limits
from alerts.query.canonical import canonical
from alerts.query.common_words import is_also_a_common_word, keeping
from alerts.query.errors import Refusal
from alerts.query.fields import ZONES
from alerts.query.near import check_side, refuse_chain, refuse_field, refuse_ignored
from alerts.query.nodes import Field, In, Near, Node, all_of, anchored, any_of, leaves, negated
from alerts.query.scanner import scan
from alerts.query.side_by_side import check_names
from alerts.query.tokens import AND, CLOSE, FIELD, IGNORED, LEAF, MINUS, NEAR, NOT, OPEN, OR, Token, edited, without


def read(typed: str) -> tuple[list[Token], Node]:
    """The tokens of the typed text, ignored ones included, and their tree; raises Refusal where there is none."""
    limits.check_length(typed)
    tokens = scan(typed)
    limits.check(typed, tokens)
    check_names(typed, tokens)
    tree = _Parser(typed, tokens).tree()
    limits.check_written(typed, canonical(tree))
    return tokens, tree


class _Parser:
    """Recursive descent; brackets limit its depth. `negative` says whether an odd number of NOTs stands above."""

    def __init__(self, typed: str, tokens: list[Token]):
        self.typed = typed
        self.all_tokens = tokens
        self.tokens = [token for token in tokens if token.kind != IGNORED]
        self.at = 0

    def tree(self) -> Node:
        if not self.tokens:
            self._refuse_nothing()
        tree = self._either(negative=False)
        if not anchored(tree):
            self._refuse_unanchored()
        return tree

    def _either(self, negative: bool) -> Node:
        branches = [self._branch(negative)]
        while self._kind() == OR:
            self.at += 1
            branches.append(self._branch(negative))
        if len(branches) > 1 and not negative:
            self._check_branches(branches)
        return any_of(node for node, _ in branches)

    def _branch(self, negative: bool) -> tuple[Node, int]:
        first = self.at
        return self._both(negative), first

    def _both(self, negative: bool) -> Node:
        parts = [self._one(negative)]
        while self._kind() not in (OR, CLOSE, None):
            if self._kind() == AND:
                self.at += 1
            parts.append(self._one(negative))
        return all_of(parts)

    def _one(self, negative: bool) -> Node:
        odd = False
        while self._kind() in (NOT, MINUS):
            self.at += 1
            odd = not odd
        node = self._in_zone(negative != odd)
        return negated(node) if odd else node

    def _in_zone(self, negative: bool) -> Node:
        field = self.tokens[self.at] if self._kind() == FIELD else None
        if not field:
            return self._near(negative)
        self.at += 1
        node = self._near(negative)
        if field.detail not in ZONES:
            return node
        if not anchored(node):
            self._refuse_empty_zone(field)
        return In(field.detail, node)

    def _near(self, negative: bool) -> Node:
        first = self.at
        one = self._word_or_bracket(negative)
        if self._kind() != NEAR:
            return one
        near = self.at
        for step in (-1, 1):
            if beside := self._ignored_beside(self.tokens[near], step):
                refuse_ignored(self.typed, self.tokens[near], beside)
        check_side(self.typed, self.tokens[first:near], one)
        self.at += 1
        if self._kind() == FIELD:
            refuse_field(self.typed, self.tokens, first, near)
        other = self._word_or_bracket(negative)
        check_side(self.typed, self.tokens[near + 1 : self.at], other)
        if self._kind() == NEAR:
            refuse_chain(self.typed, self.tokens, first, near, self.at)
        return Near((one, other), self.tokens[near].detail)

    def _word_or_bracket(self, negative: bool) -> Node:
        if self._kind() == LEAF:
            self.at += 1
            return self.tokens[self.at - 1].node
        if self._kind() != OPEN:
            self._refuse_link()
        if self.tokens[self.at + 1].kind == CLOSE:
            message = "There is nothing to look for inside these brackets. Remove them."
            bound = self.at and self.tokens[self.at - 1].kind == FIELD
            raise Refusal(self.tokens[self.at].start, message, self._without(self.at - bound, self.at + 1))
        self.at += 1
        node = self._either(negative)
        self.at += 1
        return node

    def _kind(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def _without(self, first: int, last: int) -> str:
        return without(self.typed, self.tokens[first], self.tokens[last])

    def _ignored_beside(self, token: Token, step: int) -> Token | None:
        at = self.all_tokens.index(token) + step
        beside = self.all_tokens[at] if 0 <= at < len(self.all_tokens) else None
        return beside if beside and beside.kind == IGNORED and beside.node else None

    def _check_branches(self, branches: list[tuple[Node, int]]) -> None:
        """Fields that only narrow may be alternatives, as long as something else of the query must be present."""
        for node, first in branches:
            if anchored(node) or all(isinstance(leaf, Field) for leaf in leaves(node)):
                continue
            message = "Each side of OR needs a word that must be present; this side only leaves things out."
            raise Refusal(self.tokens[first].start, message, *self._without_or(first))

    def _without_or(self, first: int) -> list[str]:
        """The repair that makes an AND of the OR before this token, if there is one."""
        return [self._without(first - 1, first - 1)] if first and self.tokens[first - 1].kind == OR else []

    def _refuse_link(self) -> None:
        """A link word stands where a word is due: the one before is left open, or this one has nothing before it."""
        side, step = "before", -1
        if self._kind() in (CLOSE, None):
            self.at -= 1
            side, step = "after", 1
        token = self.tokens[self.at]
        rest = self._without(self.at, self.at)
        before = self.tokens[self.at - 1].kind if self.at else OPEN
        beside = self._ignored_beside(token, step)
        if beside:
            message = f"{token.kind} has only “{beside.shown}” {side} it, which is ignored outside quotation marks."
            kept = edited(self.typed, [(beside.start, beside.end, keeping(beside.shown))])
            raise Refusal(token.start, message, kept, rest)
        if step < 0 and before != OPEN:
            raise Refusal(token.start, f"{token.kind} stands directly after {before}. Remove one of them.", rest)
        message = f"{token.kind} has nothing {side} it. Add a word there, or remove {token.kind}."
        raise Refusal(token.start, message, rest)

    def _refuse_empty_zone(self, field: Token) -> None:
        message = f"Inside {field.detail}: nothing must be present. Add a word there, or put the NOT before it."
        at = self.tokens.index(field)
        before, inside = self.tokens[at - 1 : at], self.tokens[at + 1 : at + 5]
        single = [token.kind for token in inside] in ([OPEN, NOT, LEAF, CLOSE], [OPEN, MINUS, LEAF, CLOSE])
        turned = edited(self.typed, [(field.start, field.start, "-"), (inside[1].start, inside[2].start, "")])
        raise Refusal(field.start, message, *([turned] if single and not (before and before[0].kind == MINUS) else []))

    def _refuse_unanchored(self) -> None:
        at = next(at for at, token in enumerate(self.tokens) if token.kind in (NOT, MINUS) or self._narrows(token))
        first = self.tokens[at]
        if first.kind in (NOT, MINUS):
            raise Refusal(first.start, "This only says what to leave out. Add a word that must be present.")
        message = "By itself, this would find nearly everything of its kind. Add a word that must be present."
        raise Refusal(first.start, message, *self._without_or(at))

    @staticmethod
    def _narrows(token: Token) -> bool:
        return token.kind == FIELD or (token.kind == LEAF and not anchored(token.node))

    def _refuse_nothing(self) -> None:
        if not self.all_tokens:
            raise Refusal(0, "Enter a word or phrase to follow.")
        words = [token for token in self.all_tokens if token.node]
        message = "There is nothing to look for here, only ignored words and signs. Add a word."
        repairs = [f'"{" ".join(word.shown for word in words)}"'] if len(words) > 1 else []
        if len(words) == 1 and is_also_a_common_word(words[0].shown):
            repairs = [f"={words[0].shown}"]
        raise Refusal(self.all_tokens[0].start, message, *repairs)
