"""The shape of a rule."""

from typing import NamedTuple

from alerts.query.about import NOTHING_KNOWN, About


class Example(NamedTuple):
    """What is typed, a text, whether the one finds the other, and what else is known about the text.

    `zone` is where the text has to stand for it, '' where that makes no difference.
    """

    typed: str
    text: str
    finds: bool
    zone: str = ""
    about: About = NOTHING_KNOWN


class Rule(NamedTuple):
    """One rule in a sentence, what to type for it, and its examples."""

    typed: str
    sentence: str
    examples: tuple[Example, ...]


def rule(typed: str, sentence: str, *examples: tuple) -> Rule:
    """A rule with an Example of each of these tuples."""
    return Rule(typed, sentence, tuple(Example(*example) for example in examples))
