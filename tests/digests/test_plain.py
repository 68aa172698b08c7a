"""The lines of the text part: what is short is passed by, and comes out as if it had been laid out."""

import textwrap
from random import Random

import pytest

from alerts.digests.plain import WIDTH, wrapped

PIECES = (
    "foghorns",
    "a",
    " ",
    "  ",
    "   ",
    "\n",
    "\t",
    "10\u00a0mg",
    "-",
    "https://example.org/" + "x" * 80,
    "lamp-room",
    "’",
    "é",
)


@pytest.mark.parametrize("indent, rest", [("", None), ("", "  "), ("  ", "     ")])
def test_every_text_is_laid_out_as_the_standard_library_does(indent, rest):
    chance = Random(7)
    for _ in range(2_000):
        text = "".join(chance.choices(PIECES, k=chance.randrange(40))).strip(" \n\t")
        after = indent if rest is None else rest
        expected = textwrap.fill(
            text, WIDTH, initial_indent=indent, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
        )
        assert wrapped(text, indent, rest) == expected
