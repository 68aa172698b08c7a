"""The filters of the preview: fields of the query that may be chosen instead of typed, and taken out again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from alerts.digests.wording import body
from alerts.matching.preview import Preview
from alerts.models import Department, Member, Source
from alerts.models.choices import House
from alerts.query import Query, QueryError, analysis, parse
from alerts.query.about import without_opening
from alerts.query.choices import CHOOSABLE, HEADING, PROMINENT, choices, chosen

LABELS = {
    "where": "Where",
    "source": "Source",
    "type": "Type",
    "dept": "Department",
    "asked": "Asked by",
    "house": "House",
}
"""The filters in their order, by the names of what they choose."""
MOST_OPTIONS = 200
_FIXED = {
    "where": ((PROMINENT, "Heading or question"), (HEADING, "Heading only")),
    "type": (("question", "Written questions"), ("newsletter", "Newsletters")),
    "house": tuple((value.lower(), label) for value, label in House.choices),
}


@dataclass(frozen=True)
class Option:
    """A value that can be chosen, and what it is called."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Control:
    """One filter: what is chosen ('' is anything), what can be, and whether that may be typed as well.

    `is_elsewhere`: something of it is typed in a way that it cannot show, so it is left alone.
    """

    name: str
    label: str
    value: str
    options: tuple[Option, ...]
    is_typed: bool = False
    is_elsewhere: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter that says something: its name, what it is called, and what was chosen in words."""

    name: str
    label: str
    value: str


def controls(query: Query, found: Preview) -> list[Control]:
    """The filters as they stand for a query, with what there is to choose instead."""
    return shown(query, {"source": _sources(), "dept": _departments(), "asked": _askers(found.askers)})


def chips(query: Query) -> list[Chip]:
    """The filters of a query that say something; what is typed in a way that no filter shows is none."""
    filters = shown(query, {"source": _sources(), "dept": _departments(), "asked": ()})
    return [Chip(one.name, one.label, _in_words(one)) for one in filters if one.value]


def without(typed: str, name: str) -> str:
    """What is typed, with no choice of this filter; what cannot be understood stays as it is."""
    try:
        return chosen(typed, name, "")
    except QueryError:
        return typed


def count(filters: Iterable[Control]) -> int:
    """How many of them say something."""
    return sum(bool(one.value) for one in filters)


def shown(query: Query, known: Mapping[str, Iterable[tuple[str, str]]]) -> list[Control]:
    """The same with these values, and what they are called, to choose from."""
    now, known = choices(query.tree), {**_FIXED, **known}
    if now.words is None:
        known["where"] = ()
    values = {"where": now.where, **now.values}
    return [_control(name, values.get(name, ""), known[name], name in now.elsewhere) for name in LABELS]


def _in_words(one: Control) -> str:
    return next((option.label for option in one.options if option.is_chosen), one.value)


def _control(name: str, value: str, known: Iterable[tuple[str, str]], is_elsewhere: bool) -> Control:
    options, is_typed = tuple(_options(known, value)), name == "asked"
    if is_typed:
        value = next((one.label for one in options if one.is_chosen), value)
    return Control(name, LABELS[name], value, options, is_typed, is_elsewhere)


def _options(known: Iterable[tuple[str, str]], value: str) -> Iterable[Option]:
    """With the value that was typed, whether it is known or not."""
    known = dict(known)
    if value and value not in known:
        yield Option(value, value, is_chosen=True)
    yield from (Option(one, label, one == value) for one, label in known.items())


def _sources() -> list[tuple[str, str]]:
    names = Source.objects.order_by("name").values_list("name", flat=True).distinct()[:MOST_OPTIONS]
    return [(_value("source", name), name) for name in names]


def _departments() -> list[tuple[str, str]]:
    names = sorted(map(body, Department.objects.values_list("name", flat=True)[:MOST_OPTIONS]))
    return [(_value("dept", name), name) for name in names]


def _askers(members: Iterable[int]) -> list[tuple[str, str]]:
    names = Member.objects.filter(pk__in=members).order_by("name").values_list("name", flat=True)
    return [(_value("asked", name), name) for name in names]


def _value(name: str, typed: str) -> str:
    """What is typed, as a choice says it."""
    words = analysis.words(typed)
    return " ".join(without_opening(words) if name == "dept" else words)


def composed(typed: str, was: str, asked: Mapping[str, str]) -> tuple[str, list[str]]:
    """What is typed, with the filters `asked` that were changed since they were shown for the words there `was`.

    And the names of those that could not be chosen. What cannot be understood stays as it is.
    """
    try:
        now = choices(parse(was).tree)
        changed = partial(_is_changed, {"where": now.where, **now.values})
        kept = []
        for name in filter(asked.__contains__, ("where", *CHOOSABLE)):
            if changed(name, asked[name]):
                text = chosen(typed, name, asked[name])
                kept += [name] if text == typed else []
                typed = text
    except QueryError:
        return typed, []
    return typed, kept


def said_of(kept: str) -> str:
    """What is said where the filter of this name could not be chosen; '' where there is none of this name."""
    label = LABELS.get(kept)
    return f"“{label}” could not be chosen for this search, so it is as it was. Shorter words may do." if label else ""


def _is_changed(values: Mapping[str, str], name: str, value: str) -> bool:
    return values.get(name, "") != (value if name == "where" else _value(name, value))
