"""Hostile input costs no more steps than friendly input of the same length."""

import sys

import pytest

from alerts.query import Document, QueryError, canonical, describe, highlight, parse

PIECES = [
    "(",
    ")",
    '"',
    "-",
    "- ",
    "NOT ",
    "x OR ",
    "x AND (",
    "((x) ",
    "&",
    "'",
    "a'",
    ",",
    "1,",
    "1,000",
    "1.",
    ".",
    "*",
    "= ",
    "a:",
    ":",
    "/",
]
PIECES += [
    "\u0301",
    "\u200b",
    "\x00",
    "\ud800",
    "ﷺ",
    "¹",
    "a¹",
    "™",
    "\u00a0",
    "\U0001f600",
    "NEAR",
    'x" ',
    "a-b ",
    "the ",
    "or ",
    "a, ",
]


def steps(call, *arguments):
    """How many lines of Python run during a call."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call(*arguments)
    except QueryError:
        pass
    finally:
        sys.settrace(before)
    return count


def filled(piece, length):
    return (piece * (length // len(piece) + 1))[:length]


def understand(typed):
    """Everything a page asks of a query."""
    query = parse(typed)
    return query.advice, describe(query), canonical(query.tree)


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_query_twice_as_long_takes_about_twice_the_steps(piece):
    for start in ("", "flu ", "flu or measles, "):
        half, whole = steps(understand, start + filled(piece, 480)), steps(understand, start + filled(piece, 960))

        assert whole <= 2.2 * half + 300


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_megabyte_is_refused_at_once(piece):
    typed = filled(piece, 1_000_000)

    assert steps(parse, typed) < 100
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.position == 1000


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_text_twice_as_long_takes_about_twice_the_steps(piece):
    def mark(length):
        highlight(parse('x OR "a b"').tree, Document.from_zones(answer=filled(piece, length)))

    mark(100)
    assert steps(mark, 8000) <= 2.2 * steps(mark, 4000) + 200
