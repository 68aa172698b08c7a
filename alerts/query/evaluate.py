"""The evaluator: slow, obvious, and by definition right. Every faster path must return what it returns."""

from collections.abc import Iterator

from alerts.query.document import Document, Paragraph
from alerts.query.nodes import And, Leaf, Node, Not, Or, Phrase, Term


def matches(tree: Node, document: Document) -> bool:
    """Whether the query finds the document: each leaf in any zone, a phrase within one paragraph."""
    match tree:
        case And(children):
            return all(matches(child, document) for child in children)
        case Or(children):
            return any(matches(child, document) for child in children)
        case Not(child):
            return not matches(child, document)
        case Term():
            return tree.stem in document.stems
        case Phrase(words):
            if not document.words.issuperset(words):
                return False
            return any(True for paragraph in document.paragraphs for _ in occurrences(tree, paragraph))


def occurrences(leaf: Leaf, paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """Where a leaf stands in a paragraph: the positions of its first and its last word, from left to right."""
    match leaf:
        case Term():
            wanted = leaf.stem
            yield from ((at, at) for at, stem in enumerate(paragraph.stems) if stem == wanted)
        case Phrase(words):
            length = len(words)
            for at in range(len(paragraph.words) - length + 1):
                if paragraph.words[at : at + length] == words:
                    yield at, at + length - 1
