"""The highlight: where the words that made a query true stand in the original text."""

from collections.abc import Iterable, Iterator

from alerts.query.document import ZONES, Document, Zone
from alerts.query.evaluate import occurrences
from alerts.query.explain import Credit, credited
from alerts.query.nodes import Leaf, Node


def highlight(tree: Node, document: Document) -> dict[str, list[tuple[int, int]]]:
    """For each zone the spans (start, end) to mark, sorted and apart from each other.

    A word is marked only in the zone it was asked for in, the sides of NEAR only where they are near. Nothing is
    marked where nothing matched, or where only fields did.
    """
    return marks(credited(tree, document))


def marks(behind: Iterable[Credit]) -> dict[str, list[tuple[int, int]]]:
    """The same for the leaves that made a query true."""
    marked: dict[str, list[tuple[int, int]]] = {name: [] for name in ZONES}
    for leaf, narrowed in behind:
        for zone in narrowed.zones:
            marked[zone.name].extend(_spans(leaf, zone))
    return {name: _merged(sorted(spans)) for name, spans in marked.items()}


def _spans(leaf: Leaf, zone: Zone) -> Iterator[tuple[int, int]]:
    for paragraph in zone.paragraphs:
        for first, last in occurrences(leaf, paragraph):
            yield paragraph.span(first, last)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
