"""The reasons: each matched word with its strongest place, for the line that says why a result is shown."""

from dataclasses import dataclass

from alerts.query.document import ZONES, Document, Paragraph, Zone
from alerts.query.evaluate import occurrences
from alerts.query.explain import credited
from alerts.query.nodes import Leaf, Node, Phrase, Term


@dataclass(frozen=True)
class Reason:
    """One matched word or phrase in the strongest zone that has it.

    `form` is the word as it stands there (folded), or None where it is the word itself. `paragraph` counts from 1
    among the `paragraphs` of the zone.
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
        if self.zone in ("heading", "question") or self.paragraphs == 1:
            return self.zone
        return f"{self.zone} (paragraph {self.paragraph} of {self.paragraphs})"

    def __str__(self) -> str:
        return f"{self.name} in {self.place}"


def reasons(tree: Node, document: Document) -> tuple[Reason, ...]:
    """A reason for each word that made the query true, in the order of the query; words of one stem share one."""
    found: dict[object, Reason] = {}
    for leaf in credited(tree, document):
        reason = _strongest(leaf, document)
        key = leaf.stem if isinstance(leaf, Term) else leaf
        if key not in found or (found[key].form is not None and reason.form is None):
            found[key] = reason
    return tuple(found.values())


def _strongest(leaf: Leaf, document: Document) -> Reason:
    zones = sorted(document.zones, key=lambda zone: ZONES.index(zone.name))
    return next(reason for zone in zones if (reason := _reason(leaf, zone)))


def _reason(leaf: Leaf, zone: Zone) -> Reason | None:
    """The first place with the very word, else the first with another form of it."""
    label, other = _label(leaf), None
    for number, paragraph in enumerate(zone.paragraphs, start=1):
        for form in _forms(leaf, paragraph):
            if form == label:
                return Reason(label, zone.name, None, number, len(zone.paragraphs))
            other = other or Reason(label, zone.name, form, number, len(zone.paragraphs))
    return other


def _forms(leaf: Leaf, paragraph: Paragraph) -> list[str]:
    return [" ".join(paragraph.words[first : last + 1]) for first, last in occurrences(leaf, paragraph)]


def _label(leaf: Leaf) -> str:
    return " ".join(leaf.words) if isinstance(leaf, Phrase) else leaf.word
