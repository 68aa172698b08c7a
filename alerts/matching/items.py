"""Items: what makes the events of several of them one result, asked of the database for thousands at once."""

import json
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db import connection

from alerts.matching.columns import listed

MOST = 100_000
"""Items whose partners a process keeps; more than Parliament's of five years."""

# A change makes a new version of a row, by another transaction or at another place.
_VERSIONS = (
    "SELECT string_agg(int8send(id) || xidsend(xmin) || tidsend(ctid), '') FROM alerts_item"
    " WHERE NOT grouped_with = '[]' AND id BETWEEN %s AND %s"
)
_VERSION = np.dtype([("item", ">i8"), ("version", "V10")])
_GROUPED = "SELECT id, uin, tabled_on, grouped_with FROM alerts_item WHERE NOT grouped_with = '[]' AND id = ANY(%s)"
_ITEMS = (
    "SELECT id, uin, tabled_on FROM alerts_item"
    " WHERE uin = ANY(%s) AND (tabled_on = ANY(%s::date[]) OR tabled_on IS NULL)"
)
_HEADINGS = "SELECT id, hashtextextended(heading, 0) FROM alerts_item WHERE id = ANY(%s::bigint[])"

Address = tuple[str, date | None]
"""The number a question was given, and the day it was tabled."""


class _Grouped(NamedTuple):
    """An item that has partners: its own address, then theirs, and the same as numbers; by a version of its row."""

    version: bytes
    addresses: list[Address]
    numbers: np.ndarray


_kept: dict[int, _Grouped] = {}


def headings(items: np.ndarray) -> dict[int, int]:
    """The heading of each of these items, as a number that equal ones share."""
    return dict(_fetched(_HEADINGS, listed(items)))


def together(items: np.ndarray) -> dict[int, np.ndarray]:
    """What those of these items share that were answered together: numbers for its own address and its partners'.

    Items of which Parliament says nothing like that are left out.
    """
    if not len(items):
        return {}
    grouped, among = _grouped(int(items.min()), int(items.max())), set(items.tolist())
    found = {item: one for item, one in grouped.items() if item in among}
    own = {int(one.numbers[0]) for one in grouped.values()}
    alone = _at(address for one in found.values() for address in one.addresses if hash(address) not in own)
    numbers = {item: np.array([hash(address)]) for item, address in alone if item in among}
    return numbers | {item: one.numbers for item, one in found.items()}


def _grouped(first: int, last: int) -> dict[int, _Grouped]:
    """Those from one item to another that have partners, which Parliament may name or change at any time."""
    [(sent,)] = _fetched(_VERSIONS, first, last)
    versions = np.frombuffer(sent or b"", _VERSION)
    now = dict(zip(versions["item"].tolist(), versions["version"].tolist(), strict=True))
    kept = {item: one for item, version in now.items() if (one := _kept.get(item)) and one.version == version}
    return kept | _read({item: version for item, version in now.items() if item not in kept})


def _read(versions: dict[int, bytes]) -> dict[int, _Grouped]:
    """These items, of which such versions were seen just now; what is newer is read again another time."""
    read = {}
    for item, *own, partners in _fetched(_GROUPED, list(versions)) if versions else ():
        addresses = [tuple(own), *map(_partner, json.loads(partners))]
        read[item] = _Grouped(versions[item], addresses, np.array(list(map(hash, addresses))))
    if len(_kept) + len(read) > MOST:
        _kept.clear()
    _kept.update(read)
    return read


def _partner(partner: dict) -> Address:
    return partner["uin"], date.fromisoformat(partner["tabled"][:10]) if partner.get("tabled") else None


def _at(addresses: Iterable[Address]) -> list[tuple[int, Address]]:
    """The items of these addresses, each with its own."""
    asked = set(addresses)
    if not asked:
        return []
    uins, days = zip(*asked, strict=True)
    return [(item, (uin, day)) for item, uin, day in _fetched(_ITEMS, list(uins), list(days)) if (uin, day) in asked]


def _fetched(query: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall()
