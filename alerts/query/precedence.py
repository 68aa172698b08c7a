"""AND and OR side by side: the brackets that show how they are read, and those for the other reading."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from alerts.query.tokens import AND, CLOSE, FIELD, LEAF, MINUS, NEAR, NOT, OPEN, OR, Edit, Token, edited


@dataclass(frozen=True)
class _Operand:
    """What stands between two link words: `start` is that of its NOTs, `core` that of the field or word after them."""

    start: int
    core: int
    end: int


@dataclass
class _Level:
    """The operands between one pair of brackets and the links between them; NEAR and its sides are one operand."""

    operands: list[_Operand] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    waiting_not: int | None = None
    waiting_field: int | None = None
    waiting_near: bool = False

    def add(self, core: int, end: int) -> None:
        if self.waiting_near:
            self.operands[-1] = replace(self.operands[-1], end=end)
        else:
            self._add_another(core if self.waiting_field is None else self.waiting_field, end)
        self.waiting_not = self.waiting_field = None
        self.waiting_near = False

    def _add_another(self, core: int, end: int) -> None:
        if len(self.links) < len(self.operands):
            self.links.append(AND)
        start = core if self.waiting_not is None else self.waiting_not
        self.operands.append(_Operand(start, core, end))

    def runs(self, link: str) -> Iterator[tuple[_Operand, _Operand]]:
        """First and last operand of each stretch that this link holds together."""
        first = 0
        for at in range(1, len(self.operands) + 1):
            if at == len(self.operands) or self.links[at - 1] != link:
                if at - first > 1:
                    yield self.operands[first], self.operands[at - 1]
                first = at


def readings(typed: str, tokens: list[Token]) -> tuple[str, str] | None:
    """The typed text with the brackets it is read with, and with those it is not; None where nothing is mixed."""
    levels = [level for level in _levels(tokens) if len(set(level.links)) > 1]
    if not levels:
        return None
    as_read = [edit for level in levels for first, last in level.runs(AND) for edit in _around(first.start, last.end)]
    otherwise = [edit for level in levels for first, last in level.runs(OR) for edit in _around(first.core, last.end)]
    return edited(typed, as_read), edited(typed, otherwise)


def _levels(tokens: list[Token]) -> list[_Level]:
    done, open_levels, opened = [], [_Level()], []
    for token in tokens:
        level = open_levels[-1]
        if token.kind in (NOT, MINUS) and level.waiting_not is None:
            level.waiting_not = token.start
        elif token.kind == FIELD:
            level.waiting_field = token.start
        elif token.kind == NEAR:
            level.waiting_near = True
        elif token.kind in (AND, OR):
            level.links.append(token.kind)
        elif token.kind == LEAF:
            level.add(token.start, token.end)
        elif token.kind == OPEN:
            opened.append(token.start)
            open_levels.append(_Level())
        elif token.kind == CLOSE:
            done.append(open_levels.pop())
            open_levels[-1].add(opened.pop(), token.end)
    return done + open_levels


def _around(start: int, end: int) -> tuple[Edit, Edit]:
    return (start, start, "("), (end, end, ")")
