"""What must hold for every query and every text: each function asserts one promise of the language."""

from alerts.query import (
    And,
    Cased,
    Document,
    Explanation,
    Field,
    In,
    Near,
    Node,
    Not,
    Or,
    Query,
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
from alerts.query.analysis import fold, spans, words
from alerts.query.canonical import normal
from alerts.query.document import ZONES, Zone
from alerts.query.explain import credited
from alerts.query.scanner import scan
from alerts.query.tokens import LEAF, Edit, Token, edited

BELOW = {zone: (zone,) for zone in ZONES} | {"text": ZONES[1:]}


def understood_or_pointed_at(typed: str) -> Query | None:
    """Any text gives a query, or an error within the text whose repair, if it has one, gets past the mistake."""
    try:
        return parse(typed)
    except QueryError as error:
        assert 0 <= error.position <= len(typed)
        assert error.message
        assert error.repaired != typed
        if error.repaired is not None:
            assert error.message != mistake_in(error.repaired)
        return None


def mistake_in(typed: str) -> str | None:
    try:
        parse(typed)
    except QueryError as error:
        return error.message
    return None


def query_can_be_explained(query: Query) -> None:
    """A query is restated, and what its advice offers can be typed."""
    assert describe(query).startswith("Finds items ")
    for advice in query.advice:
        assert advice.message
        assert advice.repaired != query.typed
        assert advice.repaired is None or parse(advice.repaired)


def canonical_form_is_a_fixed_point(tree: Node, document: Document) -> None:
    again = parse(canonical(tree))
    assert again.tree == normal(tree)
    assert canonical(again.tree) == canonical(tree)
    assert topic_key(again.tree) == topic_key(tree)
    assert matches(again.tree, document) is matches(tree, document)


def highlights_lie_on_word_borders(tree: Node, document: Document) -> None:
    marked = highlight(tree, document)
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


def highlights_show_what_was_asked_for_where(tree: Node, document: Document) -> None:
    """Each mark is a word that the query asks for in this zone, and each word that made it true has its mark."""
    marked = highlight(tree, document)
    positive = _positive(tree)
    for zone in document.zones:
        for start, end in marked[zone.name]:
            leaves = [leaf for leaf, zones in positive if zone.name in zones]
            assert any(stands_at(leaf, _piece(zone, start, end)) for leaf in leaves)
    for leaf, narrowed in credited(tree, document):
        for side in leaf.sides if isinstance(leaf, Near) else (leaf,):
            pieces = [_piece(zone, start, end) for zone in narrowed.zones for start, end in marked[zone.name]]
            assert isinstance(side, Field) or any(stands_at(side, piece) for piece in pieces)


def reasons_are_given_exactly_where_it_matches(tree: Node, document: Document) -> None:
    assert bool(reasons(tree, document)) is matches(tree, document)


def what_is_marked_is_enough(tree: Node, document: Document) -> None:
    """With every unmarked word blackened, a query that found the text still finds it; else nothing is marked."""
    marked = highlight(tree, document)
    left = {zone.name: _blackened(zone, marked[zone.name]) for zone in document.zones}
    if matches(tree, document):
        assert matches(tree, Document.from_zones(**left, about=document.about))
    else:
        assert not any(marked.values())


def explanation_ends_in_the_verdict(tree: Node, document: Document) -> None:
    explanation = explain(tree, document)
    assert explanation.verdict is matches(tree, document)
    _each_verdict_is_right(explanation, document)


def folded_words_change_no_verdict(query: Query, document: Document) -> None:
    """The words of a query can be typed as they are folded; link words and capitals asked for cannot."""
    leaves = [token for token in scan(query.typed) if token.kind == LEAF and not isinstance(token.node, Cased)]
    folded = edited(query.typed, [edit for leaf in leaves if (edit := _folded(query.typed, leaf))])
    assert matches(parse(folded).tree, document) is matches(query.tree, document)


def _folded(typed: str, leaf: Token) -> Edit | None:
    """From the first to the last word; none where folding makes a sign of the language that was not one as typed.

    Letters before a colon are one: marks that are no letters vanish from them.
    """
    places = spans(typed[leaf.start : leaf.end])
    start, end = leaf.start + places[0][0], leaf.start + places[-1][1]
    folded = fold(typed[start:end])
    signs = set(folded) & set(' "()*:=') - set(typed[start:end])
    return None if signs or (":" in folded and not leaf.quoted) else (start, end, folded)


def folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(" ".join(words(text))) == words(text)


def stands_at(leaf: Node, piece: str) -> bool:
    """Whether this stretch of text alone is found by the leaf."""
    return matches(leaf, Document.from_zones(text=piece))


def _each_verdict_is_right(explanation: Explanation, document: Document) -> None:
    assert explanation.verdict is matches(explanation.node, document)
    narrowed = document.only(explanation.node.zone) if isinstance(explanation.node, In) else document
    for child in explanation.children:
        _each_verdict_is_right(child, narrowed)


def _positive(node: Node, positive: bool = True, zones: tuple[str, ...] = ZONES) -> set[tuple[Node, tuple[str, ...]]]:
    match node:
        case And(parts) | Or(parts) | Near(parts):
            return {found for part in parts for found in _positive(part, positive, zones)}
        case Not(child):
            return _positive(child, not positive, zones)
        case In(zone, child):
            return _positive(child, positive, BELOW[zone])
        case leaf:
            return {(leaf, zones)} if positive else set()


def _piece(zone: Zone, start: int, end: int) -> str:
    """What is marked, with the possessive ending that is not; without it, a word that ends in two would lose both."""
    possessive = fold(zone.text[end : end + 2]) == "'s"
    return zone.text[start : end + 2 * possessive]


def _blackened(zone: Zone, marked: list[tuple[int, int]]) -> str:
    """The text with as many words as before: ½ is two, and what sticks to a word, like 's or ¹, sticks to it still."""
    places = [span for paragraph in zone.paragraphs for span in paragraph.spans]
    following = [*(start for start, _ in places), len(zone.text) + 1][1:]
    parts, last = [], 0
    for (start, end), after in zip(places, following, strict=True):
        kept = any(first <= start and end <= upto for first, upto in marked)
        parts.append(zone.text[last:end] if kept else f"{zone.text[last:start]} zz{' ' if after <= end else ''}")
        last = end
    return "".join(parts) + zone.text[last:]
