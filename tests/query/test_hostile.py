"""Hostile input costs no more steps than friendly input of the same length."""

import sys

import pytest

from alerts.query import Document, QueryError, canonical, describe, explain, highlight, parse, reasons

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
    "abc* ",
    "abc*",
    "a* ",
    "'*",
    '"abc* ',
    "=",
    "=x ",
    '="',
    '="x" ',
    "=(",
    "NEAR ",
    "x NEAR ",
    "x NEAR/5 ",
    "(x OR y) NEAR (",
    "NEAR/",
    "NEAR/9",
    "heading:",
    "heading:x ",
    "heading:(",
    "heading:(x) ",
    'heading:"',
    "text:-x ",
    "asked:",
    "asked:x ",
    "asked:(x) ",
    "asked:(",
    "asked:(x y ",
    "x or y, ",
    "asked:=x ",
    "dept:department of ",
    '-asked:"x" ',
    "house:lords ",
    "house:x ",
    "nofield:x ",
    "https://x ",
    "：",
    "＝＊",
    "IT ",
    "WHO ",
    "near/5 ",
    "heading: ",
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
def test_repairing_a_query_takes_so_many_steps_for_each_character(piece):
    for start in ("asked:(x ", "heading:(x NEAR ", '"', "((x OR "):
        for length in (100, 500, 960):
            assert steps(understand, start + filled(piece, length)) < 2_000 + 200 * length


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_megabyte_is_refused_at_once(piece):
    typed = filled(piece, 1_000_000)

    assert steps(parse, typed) < 100
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert caught.value.position == 1000


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_a_text_twice_as_long_takes_about_twice_the_steps(piece):
    tree = parse('x OR "a b" OR =X OR near* OR "x near*" OR text:(x NEAR/50 (y OR "x x"))').tree

    def mark(length):
        document = Document.from_zones(answer=filled(piece, length))
        highlight(tree, document)
        reasons(tree, document)
        explain(tree, document)

    mark(100)
    assert steps(mark, 8000) <= 2.2 * steps(mark, 4000) + 200


HUGE = {
    "ten thousand ORs": "x" + " OR x" * 10_000,
    "deep brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "a chain of NEARs": "x" + " NEAR/5 x" * 10_000,
    "a megabyte of quotes": '"' * 1_000_000,
    "a megabyte of nothing": "\x00" * 1_000_000,
    "half of a pair": "\ud800" * 1_000_000,
    "many stars": "abc*" * 10_000,
    "one long field": "heading:" + "x" * 100_000,
}


@pytest.mark.parametrize("typed", HUGE.values(), ids=HUGE)
def test_what_is_far_too_long_is_not_looked_at(typed):
    assert steps(parse, typed) < 100
    with pytest.raises(QueryError, match="at most"):
        parse(typed)


@pytest.mark.parametrize("typed", [typed[:1000] for typed in HUGE.values()], ids=HUGE)
def test_the_beginning_of_it_is_read_in_so_many_steps_for_each_character(typed):
    assert steps(understand, typed) < 150 * len(typed)
