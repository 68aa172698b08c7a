"""What a field asks for, as the lexemes of rows: whoever has such a name now is found by the evaluator itself."""

from collections.abc import Iterator

from alerts.models import Department, Member, Source
from alerts.models.about import type_of
from alerts.models.choices import House, Kind
from alerts.query import About, Document, Field, matches

Known = Iterator[tuple[object, About]]
"""Values that a column of the events can have, each with what is known of an event by it."""


def named(field: Field) -> list[str]:
    """Lexemes: the field holds of the events that have one of them, and of no others."""
    column, known = _COLUMNS[field.name]
    return [f"@{column}:{value}" for value, about in known() if matches(field, Document((), about))]


def _types() -> Known:
    return ((kind, About(type=type_of(kind))) for kind in Kind.values)


def _statuses() -> Known:
    return ((kind, About(status=kind)) for kind in Kind.values)


def _houses() -> Known:
    return ((house, About(house=house)) for house in House.values)


def _sources() -> Known:
    return ((source.pk, About(source=source.name)) for source in Source.objects.only("name"))


def _departments() -> Known:
    return ((row.pk, About(departments=row.called)) for row in Department.objects.prefetch_related("names"))


def _askers() -> Known:
    return ((member.pk, About(asked=member.name)) for member in Member.objects.only("name"))


def _answerers() -> Known:
    return ((member.pk, About(answered=member.name)) for member in Member.objects.only("name"))


def _parties() -> Known:
    members = Member.objects.only("party", "party_abbreviation")
    return ((member.pk, About(party=member.party_called)) for member in members)


_COLUMNS = {
    "type": ("kind", _types),
    "status": ("kind", _statuses),
    "house": ("house", _houses),
    "source": ("source", _sources),
    "dept": ("dept", _departments),
    "asked": ("asked", _askers),
    "answered": ("answered", _answerers),
    "party": ("asked", _parties),
}
