"""The restatement: a query in plain English, in the words the person typed."""

from alerts.query import analysis
from alerts.query.about import without_opening
from alerts.query.canonical import written
from alerts.query.nodes import And, Cased, Field, In, Leaf, Near, Node, Not, Or, Prefix, children, leaves
from alerts.query.query import Query
from alerts.query.scanner import scan
from alerts.query.tokens import LEAF

Shown = dict[Leaf, str]

_PLACES = {
    "heading": "in the heading",
    "question": "in the question",
    "answer": "in the answer",
    "text": "in the text below the heading",
}
_EVERYWHERE = "in the heading, question or answer"
_STATUSES = {"answered": "answered, corrected or withdrawn"}


def describe(query: Query) -> str:
    """One sentence that says what the query finds and where, and a second one where words are ignored."""
    shown: Shown = {token.node: token.shown for token in reversed(scan(query.typed)) if token.kind == LEAF}
    parts = query.tree.children if isinstance(query.tree, And) else (query.tree,)
    text = tuple(part for part in parts if not _only_fields(part))
    fields = [_said(part, shown) for part in parts if _only_fields(part)]
    found = [_said_of_text(text, shown)] if text else []
    sentence = f"Finds items {', '.join(found + fields)}."
    # A small "and" and a comma between words change nothing, so nobody needs to hear that they are ignored.
    ignored = [word for word in query.ignored if word.strip(",;.") and analysis.words(word) != ("and",)]
    return f"{sentence} Ignored: {', '.join(ignored)}." if ignored else sentence


def _said_of_text(parts: tuple[Node, ...], shown: Shown) -> str:
    if len(parts) == 1 and isinstance(parts[0], In):
        return f"with {_said(parts[0].child, shown)}, {_PLACES[parts[0].zone]}"
    said = _said_together(parts, shown) if len(parts) > 1 else _said(parts[0], shown)
    zones = any(map(_has_zone, parts))
    if zones and not any(map(_has_word_anywhere, parts)):
        return f"with {said}"
    return f"with {said}, {'other words ' if zones else ''}{_EVERYWHERE}"


def _said(node: Node, shown: Shown) -> str:
    match node:
        case And(parts):
            return _said_together(parts, shown)
        case Or(parts):
            said = _said if all(isinstance(part, Field) for part in parts) else _bracketed
            return " or ".join(said(part, shown) for part in parts)
        case Not(Field() as child):
            return f"not {_said(child, shown)}"
        case Not(child):
            return f"not {_bracketed(child, shown)}"
        case In(zone, child):
            return f"{_PLACES[zone]}: {_said(child, shown)}"
        case Near((one, other), distance):
            words = "1 word" if distance == 1 else f"{distance} words"
            return f"{_bracketed(one, shown)} within {words} of {_bracketed(other, shown)}"
        case Field(name, words):
            return _said_of_field(name, words, shown.get(node) or " ".join(words))
        case Prefix():
            return f"{written(node)} (any ending)"
        case Cased():
            return f"{shown.get(node) or written(node)} (in these capitals)"
        case leaf:
            return shown.get(leaf) or written(leaf)


def _said_of_field(name: str, words: tuple[str, ...], shown: str) -> str:
    named = analysis.words(shown)
    return {
        "asked": f"asked by {shown}",
        "answered": f"answered by {shown}",
        "dept": f"to the {shown}" if without_opening(named) != named else f"to the department {shown}",
        "house": f"from the {words[0].capitalize()}",
        "party": f"from the party {shown}",
        "source": f"from the source {shown}",
        "status": f"with the status {_STATUSES.get(words[0], words[0])}",
        "type": f"of the type {words[0]}",
    }[name]


def _said_together(parts: tuple[Node, ...], shown: Shown) -> str:
    present = [_bracketed(part, shown) for part in parts if not isinstance(part, Not)]
    absent = [_said(part, shown) for part in parts if isinstance(part, Not)]
    both = " but " if present and absent else ""
    return " and ".join(present) + both + " and ".join(absent)


def _bracketed(node: Node, shown: Shown) -> str:
    said = _said(node, shown)
    return f"({said})" if isinstance(node, And | Or | Near | In | Field) else said


def _only_fields(node: Node) -> bool:
    return all(isinstance(leaf, Field) for leaf in leaves(node))


def _has_zone(node: Node) -> bool:
    return isinstance(node, In) or any(map(_has_zone, children(node)))


def _has_word_anywhere(node: Node) -> bool:
    if isinstance(node, In | Field):
        return False
    return any(map(_has_word_anywhere, children(node))) or not children(node)
