"""The fields one can type: their names, their values, and what was probably meant by another name."""

from difflib import get_close_matches

from alerts.query import analysis
from alerts.query.about import VALUES, without_opening
from alerts.query.nodes import FIELDS, Field

#: The zone each of these names looks in.
ZONE_NAMES = {"heading": "heading", "title": "heading", "question": "question", "answer": "answer", "text": "text"}
ZONES = frozenset(ZONE_NAMES.values())
KNOWN = (*ZONE_NAMES, *FIELDS)

_MEANT = {
    "author": "asked",
    "body": "text",
    "by": "asked",
    "department": "dept",
    "from": "source",
    "headline": "heading",
    "kind": "type",
    "member": "asked",
    "minister": "answered",
    "mp": "asked",
    "newsletter": "source",
    "site": "source",
    "state": "status",
    "subject": "heading",
}
_LONGEST = 20


def known(name: str) -> str | None:
    """The field or zone of this name, whatever its capitals; None where there is none."""
    folded = analysis.fold(name)
    return ZONE_NAMES.get(folded) or (folded if folded in FIELDS else None)


def meant(name: str) -> str | None:
    """The known name that an unknown one most likely stands for."""
    folded = analysis.fold(name)
    return _MEANT.get(folded) or _closest(folded, KNOWN)


def said(names: tuple[str, ...], link: str = "or") -> str:
    """The names as a list in a sentence."""
    return f"{', '.join(names[:-1])} {link} {names[-1]}"


def field(name: str, words: tuple[str, ...]) -> Field | None:
    """The field with this value; None where it is none of the few that this field can have."""
    if name == "dept":
        words = without_opening(words)
    if name in VALUES and words not in [(value,) for value in VALUES[name]]:
        return None
    return Field(name, words)


def meant_value(name: str, words: tuple[str, ...]) -> str | None:
    """The value of a closed field that another one most likely stands for."""
    return next((value for word in words if (value := _closest(word, VALUES[name]))), None)


def _closest(word: str, names: tuple[str, ...]) -> str | None:
    return next(iter(get_close_matches(word, names, n=1, cutoff=0.6)), None) if len(word) <= _LONGEST else None
