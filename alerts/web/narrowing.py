"""What is one press away from a query: narrower or wider, each with the results it gives."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alerts.digests.wording import body
from alerts.matching.variations import Variation
from alerts.query import QueryError, canonical, parse

_TITLES = {
    "form": "Words",
    "wider": "Look",
    "where": "Only in the",
    "term": "Together with",
    "department": "Only asked of",
    "house": "Only from the",
    "type": "Only",
}


@dataclass(frozen=True)
class Row:
    """Variations of one kind."""

    title: str
    variations: tuple[Variation, ...]


def rows(variations: Iterable[Variation], said: str | None = None) -> list[Row]:
    """Those of each kind in one row, but for the one that is offered already in these words."""
    variations = [replace(one, label=body(one.label)) for one in variations if not _is(one, said)]
    kinds = {title: tuple(one for one in variations if one.kind == kind) for kind, title in _TITLES.items()}
    return [Row(title, found) for title, found in kinds.items() if found]


def results_of(variations: Iterable[Variation], typed: str | None) -> int | None:
    """How many results the variation that is typed like this gives; None where it was not counted."""
    return next((one.results for one in variations if _is(one, typed)), None)


def _is(variation: Variation, typed: str | None) -> bool:
    try:
        return typed is not None and canonical(parse(typed).tree) == canonical(variation.tree)
    except QueryError:
        return False
