"""The reasons: each matched word with its strongest place, for the line that says why a result is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alerts.query.about import About
from alerts.query.canonical import written
from alerts.query.document import ZONES, Document, Paragraph, Zone
from alerts.query.evaluate import Place, near_places, occurrences
from alerts.query.explain import Credit, credited
from alerts.query.nodes import Cased, Field, Leaf, Near, Node, Term, anchored


@dataclass(frozen=True)
class Reason:
    """One matched word or phrase in the strongest zone that has it.

    `form` is the word as it stands there (folded), or None where it is the word itself. `paragraph` counts from 1
    among the `paragraphs` of the zone. A field stands in no zone, which is '' then: `asked by Olivia Blake`.
    """

    label: str
    zone: str
    form: str | None
    paragraph: int
    paragraphs: int

    @property
    def name(self) -> str:
        """The word, with the form that stands there: `babies (as "baby")`."""
        return self.label if self.form is None else f'{self.label} (as "{self.form}")'

    @property
    def place(self) -> str:
        """The zone, and which paragraph of a long one: `answer (paragraph 5 of 9)`."""
        if self.zone in ("", "heading", "question") or self.paragraphs == 1:
            return self.zone
        return f"{self.zone} (paragraph {self.paragraph} of {self.paragraphs})"

    def __str__(self) -> str:
        return f"{self.name} in {self.place}" if self.zone else self.label


def reasons(tree: Node, document: Document) -> tuple[Reason, ...]:
    """A reason for each word that made the query true, in the order of the query; words of one stem share one.

    NEAR gives one for each of its words. Names give theirs only where no word of the text has any.
    """
    return reasons_of(credited(tree, document), document.about)


def reasons_of(behind: Sequence[Credit], known: About) -> tuple[Reason, ...]:
    """The same for the leaves that made a query true, of a document about which this is `known`."""
    found: dict[object, Reason] = {}
    for credit, narrowed in behind:
        for leaf, reason in _strongest(credit, narrowed).items():
            key = leaf.stem if isinstance(leaf, Term) else leaf
            if key not in found or (found[key].form is not None and reason.form is None):
                found[key] = reason
    names = (leaf for leaf, _ in behind if isinstance(leaf, Field) and anchored(leaf))
    return tuple(found.values()) or tuple(_told(field, known) for field in names)


def _strongest(leaf: Leaf, document: Document) -> dict[Leaf, Reason]:
    """The reasons in the first zone that has any: one, or for NEAR one for each word that is near another."""
    zones = sorted(document.zones, key=lambda zone: ZONES.index(zone.name))
    return next((found for zone in zones if (found := _in_zone(leaf, zone))), {})


def _in_zone(credit: Leaf, zone: Zone) -> dict[Leaf, Reason]:
    """For each word the first place with the very word, else the first with another form of it."""
    found: dict[Leaf, Reason] = {}
    for number, paragraph in enumerate(zone.paragraphs, start=1):
        for leaf, (first, last) in _places(credit, paragraph):
            label, form = _label(leaf), " ".join(paragraph.words[first : last + 1])
            same = isinstance(leaf, Cased) or form == label
            if leaf not in found or (same and found[leaf].form is not None):
                found[leaf] = Reason(label, zone.name, None if same else form, number, len(zone.paragraphs))
    return found


def _places(leaf: Leaf, paragraph: Paragraph) -> Iterator[tuple[Leaf, Place]]:
    if isinstance(leaf, Near):
        return near_places(leaf, paragraph)
    return ((leaf, place) for place in occurrences(leaf, paragraph))


def _label(leaf: Leaf) -> str:
    return written(leaf).lstrip("=").strip('"')


def _told(field: Field, about: About) -> Reason:
    """A field in words, with the name as the source has it; of several names of a body the longest."""
    said = {
        "asked": f"asked by {about.asked}",
        "answered": f"answered by {about.answered}",
        "source": f"published by {about.source}",
        "dept": f"asked of {max(about.departments, key=len, default='')}",
    }
    return Reason(said[field.name], "", None, 1, 1)
