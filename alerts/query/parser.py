"""The parser: tokens to a tree. NOT binds tighter than AND, AND tighter than OR; nothing between words is AND."""

from alerts.query.canonical import canonical
from alerts.query.errors import Refusal
from alerts.query.nodes import Node, all_of, anchored, any_of, negated
from alerts.query.scanner import AND, CLOSE, IGNORED, LEAF, MINUS, NOT, OPEN, OR, Token, edited, scan

MOST_CHARACTERS = 1_000
MOST_TERMS = 50
MOST_LEVELS = 10


def read(typed: str) -> tuple[list[Token], Node]:
    """The tokens of the typed text, ignored ones included, and their tree; raises Refusal where there is none."""
    if len(typed) > MOST_CHARACTERS:
        message = "A query can have 1,000 characters at most. Shorten it, or make two alerts of it."
        raise Refusal(MOST_CHARACTERS, message)
    tokens = scan(typed)
    _check_brackets(typed, tokens)
    _check_terms(tokens)
    tree = _Parser(typed, tokens).tree()
    if len(canonical(tree)) > MOST_CHARACTERS:
        message = "Written out, this query has more than 1,000 characters. Shorten it, or make two alerts of it."
        raise Refusal(len(typed), message)
    return tokens, tree


def _check_brackets(typed: str, tokens: list[Token]) -> None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind == OPEN:
            opened.append(token)
            if len(opened) > MOST_LEVELS:
                raise Refusal(token.start, "Brackets can be 10 levels deep at most. Take some out.")
        elif token.kind == CLOSE and not opened:
            raise Refusal(token.start, "This bracket has no partner. Remove it.", _cut(typed, token, token))
        elif token.kind == CLOSE:
            opened.pop()
    if opened:
        last = opened[-1]
        closed, without = typed + ")" * len(opened), _cut(typed, last, last)
        raise Refusal(last.start, "This bracket has no partner. Add ) at the end.", closed, without)


def _check_terms(tokens: list[Token]) -> None:
    terms = [token for token in tokens if token.kind == LEAF]
    if len(terms) > MOST_TERMS:
        message = "A query can have 50 words and phrases at most. Make two alerts of it."
        raise Refusal(terms[MOST_TERMS].start, message)


def _cut(typed: str, first: Token, last: Token) -> str:
    before, after = typed[: first.start], typed[last.end :]
    if before.endswith((" ", "(")):
        after = after.lstrip()
    if after.startswith(")"):
        before = before.rstrip()
    return (before + after).strip()


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
            first = next(token for token in self.tokens if token.kind in (NOT, MINUS))
            message = "This only says what to leave out. Add a word that must be present."
            raise Refusal(first.start, message)
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
        node = self._word_or_bracket(negative != odd)
        return negated(node) if odd else node

    def _word_or_bracket(self, negative: bool) -> Node:
        if self._kind() == LEAF:
            self.at += 1
            return self.tokens[self.at - 1].node
        if self._kind() != OPEN:
            self._refuse_link()
        if self.tokens[self.at + 1].kind == CLOSE:
            message = "There is nothing to look for inside these brackets. Remove them."
            raise Refusal(self.tokens[self.at].start, message, self._without(self.at, self.at + 1))
        self.at += 1
        node = self._either(negative)
        self.at += 1
        return node

    def _kind(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def _without(self, first: int, last: int) -> str:
        return _cut(self.typed, self.tokens[first], self.tokens[last])

    def _refuse_link(self) -> None:
        """A link word stands where a word is due: the one before is left open, or this one has nothing before it."""
        side, step = "before", -1
        if self._kind() in (CLOSE, None):
            self.at -= 1
            side, step = "after", 1
        token = self.tokens[self.at]
        without = self._without(self.at, self.at)
        before = self.tokens[self.at - 1].kind if self.at else OPEN
        beside = self._ignored_beside(token, step)
        if beside:
            message = f"{token.kind} has only “{beside.shown}” {side} it, which is ignored outside quotation marks."
            quoted = edited(self.typed, [(beside.start, beside.end, f'"{beside.shown}"')])
            raise Refusal(token.start, message, quoted, without)
        if step < 0 and before != OPEN:
            raise Refusal(token.start, f"{token.kind} stands directly after {before}. Remove one of them.", without)
        message = f"{token.kind} has nothing {side} it. Add a word there, or remove {token.kind}."
        raise Refusal(token.start, message, without)

    def _ignored_beside(self, token: Token, step: int) -> Token | None:
        at = self.all_tokens.index(token) + step
        beside = self.all_tokens[at] if 0 <= at < len(self.all_tokens) else None
        return beside if beside and beside.kind == IGNORED and beside.node else None

    def _check_branches(self, branches: list[tuple[Node, int]]) -> None:
        for node, first in branches:
            if anchored(node):
                continue
            message = "Each side of OR needs a word that must be present; this side only leaves things out."
            after_or = first and self.tokens[first - 1].kind == OR
            repairs = (self._without(first - 1, first - 1),) if after_or else ()
            raise Refusal(self.tokens[first].start, message, *repairs)

    def _refuse_nothing(self) -> None:
        if not self.all_tokens:
            raise Refusal(0, "Enter a word or phrase to follow.")
        words = [token for token in self.all_tokens if token.node]
        message = "There is nothing to look for here, only ignored words and signs. Add a word."
        repairs = (f'"{" ".join(word.shown for word in words)}"',) if len(words) > 1 else ()
        raise Refusal(self.all_tokens[0].start, message, *repairs)
