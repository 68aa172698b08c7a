"""What fields of a query are held against, read from the rows in one place for all who ask."""

from typing import TYPE_CHECKING

from alerts.models.choices import Kind
from alerts.models.source import Source
from alerts.query import About

if TYPE_CHECKING:
    from alerts.models.event import Event
    from alerts.models.item import Item

_OF_NEWSLETTERS = (Kind.PUBLISHED, Kind.REVISED)


def about(row: "Item | Event", source: Source, kind: str) -> About:
    """What is known about an item, or an event of it, when it is at this stage."""
    department, asker, answerer = row.department, row.asking_member, row.answering_member
    return About(
        type=type_of(kind),
        house=row.house,
        source=source.name,
        status=kind,
        departments=department.called if department else (),
        asked=asker.name if asker else "",
        answered=answerer.name if answerer else "",
        party=asker.party_called if asker else (),
    )


def type_of(kind: str) -> str:
    """A question, or else a newsletter: what an item is that has developments of this kind."""
    return "newsletter" if kind in _OF_NEWSLETTERS else "question"
