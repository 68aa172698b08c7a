"""What must hold for every query and every text, tried on many of both."""

import re
import unicodedata

from hypothesis import assume, example, given
from hypothesis import strategies as st

from alerts.query import Document, QueryError, highlight, parse
from alerts.query.analysis import fold, words
from tests.query import holds
from tests.query.grammar import anything, documents, queries, terms, text


def tree_of(typed):
    try:
        return parse(typed).tree
    except QueryError:
        assume(False)


@given(queries, documents)
def test_the_canonical_form_is_a_fixed_point_and_keeps_the_verdict(typed, document):
    holds.canonical_form_is_a_fixed_point(tree_of(typed), document)


@given(anything | queries)
@example('"½" & ª')
@example("\u00a8x (y)")
def test_any_text_at_all_gives_a_query_or_an_error_within_it(typed):
    query = holds.understood_or_pointed_at(typed)
    if query:
        holds.query_can_be_explained(query)
        holds.canonical_form_is_a_fixed_point(query.tree, Document.from_zones(text=typed))


@given(queries, documents)
def test_highlights_lie_on_word_borders_inside_the_text(typed, document):
    holds.highlights_lie_on_word_borders(tree_of(typed), document)


@given(queries, documents)
def test_highlights_and_reasons_show_what_made_the_match_true(typed, document):
    tree = tree_of(typed)
    holds.highlights_show_what_was_asked_for_where(tree, document)
    holds.reasons_are_given_exactly_where_it_matches(tree, document)


@given(queries, documents)
def test_what_is_marked_is_enough_for_the_match(typed, document):
    holds.what_is_marked_is_enough(tree_of(typed), document)


@given(st.lists(terms, min_size=1, max_size=5), text)
def test_every_term_that_must_be_present_is_marked(parts, text):
    tree = tree_of(" ".join(parts))
    document = Document.from_zones(heading=text, answer="\n".join(part.replace("*", "") for part in parts))
    leaves = {parse(part).tree for part in parts}
    marked = highlight(tree, document)
    pieces = [zone.text[start:end] for zone in document.zones for start, end in marked[zone.name]]

    assert all(any(holds.stands_at(leaf, piece) for piece in pieces) for leaf in leaves)


@given(st.text())
def test_folding_is_idempotent_and_offsets_keep_to_the_words(text):
    holds.folding_is_idempotent(text)
    for zone in Document.from_zones(answer=text).zones:
        for paragraph in zone.paragraphs:
            assert len(paragraph.spans) == len(paragraph.words) == len(paragraph.cased)
            assert tuple(map(fold, paragraph.cased)) == paragraph.words
            assert list(paragraph.spans) == sorted(paragraph.spans)
            for word, (start, end) in zip(paragraph.words, paragraph.spans, strict=True):
                assert 0 <= start < end <= len(text)
                assert word in words(text[start:end])


@given(st.text())
@example("ῲ")
def test_composed_and_decomposed_letters_are_the_same_words(text):
    assume(not re.search(r"[^\W\d_]*[⁰¹²³⁴⁵⁶⁷⁸⁹™℠]", text))
    assert words(unicodedata.normalize("NFC", text)) == words(unicodedata.normalize("NFD", text))


@given(queries, documents)
def test_folding_the_words_of_a_query_changes_no_verdict(typed, document):
    tree_of(typed)
    holds.folded_words_change_no_verdict(parse(typed), document)


@given(queries, documents)
def test_the_explanation_ends_in_the_verdict(typed, document):
    holds.explanation_ends_in_the_verdict(tree_of(typed), document)
