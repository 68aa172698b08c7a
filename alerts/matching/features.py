"""Features: what a text has that a query can ask for, as short strings.

A stem is one as it stands (`matern`), a word as written has a mark before it (`=maternity`), and so has each word of a
name (`asked:olivia`). A query may ask for a word that begins in a certain way (`=inequalit*`).
"""

from collections.abc import Iterable

from alerts.query import About, Cased, Document, Field, Phrase, Prefix, Term

AS_WRITTEN = "="
"""Before a word as written; no word and no stem has this sign."""
ANY_ENDING = "*"
"""After the beginning of a word; no word has this sign either."""


def features(document: Document) -> frozenset[str]:
    """Every feature of a document."""
    return of_text(document).union(of_names(document.about))


def of_names(about: About) -> Iterable[str]:
    """A feature for each word of each name that a field can ask for."""
    for field, names in about.names.items():
        for words in names:
            yield from (f"{field}:{word}" for word in words)


def needed(leaf: Term | Phrase | Prefix | Cased | Field) -> frozenset[str]:
    """The features that a document must have for this leaf to hold."""
    match leaf:
        case Term():
            return frozenset([leaf.stem])
        case Phrase(words):
            return frozenset(map(_as_written, words))
        case Prefix():
            return frozenset([_as_written(leaf)])
        case Cased():
            return frozenset(map(_as_written, leaf.folded))
        case Field(name, words):
            return frozenset(f"{name}:{word}" for word in words)


def beginning(feature: str) -> str | None:
    """What features begin with that meet this one; None for one that only itself can meet."""
    return feature.removesuffix(ANY_ENDING) if feature.endswith(ANY_ENDING) else None


def of_text(document: Document) -> frozenset[str]:
    """The features of its text: stems, and words as written."""
    return document.stems.union([AS_WRITTEN + word for word in document.words])


def _as_written(word: str | Prefix) -> str:
    return AS_WRITTEN + (word.start + ANY_ENDING if isinstance(word, Prefix) else word)
