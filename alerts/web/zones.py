"""The time zones a person may choose from: one for each place the tz database lists a country's zones by."""

import importlib.resources
from functools import cache

Groups = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@cache
def groups() -> Groups:
    """The zones as a select shows them, in alphabetical order: (part of the world, ((name, place), ...))."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names()):
        part, _, rest = name.partition("/")
        parts.setdefault(part, []).append((name, rest.replace("_", " ").replace("/", ", ")))
    return tuple((part, tuple(places)) for part, places in sorted(parts.items()))


@cache
def names() -> frozenset[str]:
    """The names of these zones, like `Europe/London`."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return frozenset(columns[2].strip() for columns in lines)
