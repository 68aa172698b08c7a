"""What must hold for every query and every text, tried on many of both."""

import re
import unicodedata

from hypothesis import assume, example, given
from hypothesis import strategies as st

from alerts.query import (
    And,
    Document,
    Not,
    Or,
    QueryError,
    canonical,
    describe,
    explain,
    highlight,
    matches,
    parse,
    reasons,
    topic_key,
)
from alerts.query.analysis import STOP_WORDS, fold, words
from alerts.query.document import ZONES

# Few words, with shared stems, accents and signs, so that queries and texts meet often.
WORDS = [
    "baby",
    "Babies",
    "safety",
    "safe",
    "Siân",
    "café",
    "cafe\u0301",
    "long-term",
    "term",
    "A&E",
    "O’Brien",
    "obrien",
]
WORDS += [
    "1,000",
    "4.5",
    "children’s",
    "children",
    "plan",
    "IT",
    "people¹",
    "½",
    "ﬁsh",
    "soft\u00adly",
    "STRAẞE",
    "the",
]
SEPARATORS = [" ", "\n", ", ", ". ", "\u00a0", " – ", " “", "” ", "\n\n"]

text = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SEPARATORS)), max_size=30).map(
    lambda pairs: "".join(word + separator for word, separator in pairs)
)
document = st.builds(Document.from_zones, heading=text, question=text, answer=text, text=text)
plain_words = st.sampled_from(WORDS).filter(lambda word: fold(word) not in STOP_WORDS)
quoted = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda parts: f'"{" ".join(parts)}"')
terms = plain_words | quoted


def _grown(smaller):
    joined = st.lists(smaller, min_size=2, max_size=4)
    return (
        st.tuples(st.sampled_from([" ", " AND ", " the ", ", ", " - ", " OR "]), joined).map(
            lambda got: got[0].join(got[1])
        )
        | smaller.map(lambda inner: f"({inner})")
        | st.tuples(smaller, st.sampled_from([" NOT ", " -", " AND NOT "]), terms).map("".join)
        | st.tuples(smaller, st.sampled_from([" NOT (", " -("]), smaller, st.just(")")).map("".join)
        | smaller.map(lambda inner: f"NOT NOT ({inner})")
    )


queries = st.recursive(terms, _grown, max_leaves=8)
anything = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            *WORDS,
            "AND",
            "OR",
            "NOT",
            " ",
            "-",
            "(",
            ")",
            '"',
            "“",
            "*",
            "=",
            ":",
            "x:",
            "NEAR/5",
            "\u200b",
            "\x00",
            "\ud800",
        ]
    ),
    max_size=25,
).map("".join)


def tree_of(typed):
    try:
        return parse(typed).tree
    except QueryError:
        assume(False)


def positive_leaves(node, positive=True):
    match node:
        case And(children) | Or(children):
            return {leaf for child in children for leaf in positive_leaves(child, positive)}
        case Not(child):
            return positive_leaves(child, not positive)
        case leaf:
            return {leaf} if positive else set()


def stands_at(leaf, piece):
    """Whether this stretch of text alone is found by the leaf."""
    return matches(leaf, Document.from_zones(text=piece))


@given(queries, document)
def test_the_canonical_form_is_a_fixed_point_and_keeps_the_verdict(typed, document):
    tree = tree_of(typed)
    again = parse(canonical(tree)).tree

    assert canonical(again) == canonical(tree)
    assert parse(canonical(again)) == parse(canonical(tree))
    assert topic_key(again) == topic_key(tree)
    assert matches(again, document) is matches(tree, document)


@given(anything)
@example('"½" & ª')
@example("\u00a8x (y)")
def test_any_text_at_all_gives_a_query_or_an_error_within_it(typed):
    try:
        query = parse(typed)
    except QueryError as error:
        assert 0 <= error.position <= len(typed)
        assert error.message
        assert error.repaired is None or error.repaired != typed
    else:
        assert parse(canonical(query.tree)).tree == parse(canonical(parse(canonical(query.tree)).tree)).tree
        assert describe(query).startswith("Finds items with ")
        assert all(advice.message and advice.repaired != typed for advice in query.advice)
        assert all(advice.repaired is None or parse(advice.repaired) for advice in query.advice)


@given(anything)
def test_a_repair_is_readable_or_gets_past_the_mistake(typed):
    try:
        parse(typed)
    except QueryError as error:
        assume(error.repaired is not None)
        try:
            parse(error.repaired)
        except QueryError as other:
            assert other.message != error.message


@given(queries, document)
def test_highlights_lie_on_word_borders_inside_the_text(typed, document):
    marked = highlight(tree_of(typed), document)

    assert set(marked) == set(ZONES)
    for zone in document.zones:
        starts = {start for paragraph in zone.paragraphs for start, _ in paragraph.spans}
        ends = {end for paragraph in zone.paragraphs for _, end in paragraph.spans}
        last = 0
        for start, end in marked[zone.name]:
            assert last <= start < end <= len(zone.text)
            assert start in starts
            assert end in ends
            assert "\n" not in zone.text[start:end]
            last = end


@given(queries, document)
def test_highlights_and_reasons_show_what_made_the_match_true(typed, document):
    tree = tree_of(typed)
    marked = highlight(tree, document)
    pieces = [zone.text[start:end] for zone in document.zones for start, end in marked[zone.name]]
    positive = positive_leaves(tree)

    assert bool(pieces) is matches(tree, document) is bool(reasons(tree, document))
    for piece in pieces:
        assert any(stands_at(leaf, piece) for leaf in positive)


@given(queries, document)
def test_what_is_marked_is_enough_for_the_match(typed, document):
    """With everything unmarked taken away, a query that found the text still finds what is left."""
    tree = tree_of(typed)
    marked = highlight(tree, document)

    left = {zone.name: "\n".join(zone.text[start:end] for start, end in marked[zone.name]) for zone in document.zones}

    assert matches(tree, Document.from_zones(**left)) is matches(tree, document)


@given(st.lists(terms, min_size=1, max_size=5), text)
def test_every_term_that_must_be_present_is_marked(parts, text):
    document = Document.from_zones(heading=text, answer="\n".join(parts))
    leaves = {parse(part).tree for part in parts}
    marked = highlight(parse(" ".join(parts)).tree, document)
    pieces = [zone.text[start:end] for zone in document.zones for start, end in marked[zone.name]]

    assert all(any(stands_at(leaf, piece) for piece in pieces) for leaf in leaves)


@given(st.text())
def test_folding_is_idempotent_and_offsets_keep_to_the_words(text):
    assert fold(fold(text)) == fold(text)
    assert words(" ".join(words(text))) == words(text)
    for zone in Document.from_zones(answer=text).zones:
        for paragraph in zone.paragraphs:
            assert len(paragraph.spans) == len(paragraph.words)
            assert list(paragraph.spans) == sorted(paragraph.spans)
            for word, (start, end) in zip(paragraph.words, paragraph.spans, strict=True):
                assert 0 <= start < end <= len(text)
                assert word in words(text[start:end])


@given(st.text())
def test_composed_and_decomposed_letters_are_the_same_words(text):
    assume(not re.search(r"[^\W\d_]*[⁰¹²³⁴⁵⁶⁷⁸⁹™℠]", text))
    assert words(unicodedata.normalize("NFC", text)) == words(unicodedata.normalize("NFD", text))


@given(queries, document)
def test_folding_the_words_of_a_query_changes_no_verdict(typed, document):
    operators = {"AND", "OR", "NOT"}
    folded = re.sub(r'[^\s()"]+', lambda run: run[0] if run[0] in operators else fold(run[0]).strip() or run[0], typed)

    assert matches(tree_of(folded), document) is matches(tree_of(typed), document)


@given(queries, document)
def test_the_explanation_ends_in_the_verdict(typed, document):
    tree = tree_of(typed)
    explanation = explain(tree, document)

    assert explanation.verdict is matches(tree, document)
    waiting = [explanation]
    while waiting:
        part = waiting.pop()
        assert part.verdict is matches(part.node, document)
        waiting.extend(part.children)
