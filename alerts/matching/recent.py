"""What an alert found lately, result by result, each known again when something new has happened to it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.utils import timezone

from alerts.matching import columns
from alerts.matching.collapse import Collapse
from alerts.matching.columns import EPOCH
from alerts.matching.preview import MONTH, Found, as_shown, lately
from alerts.query import Node

MOST = 50


@dataclass(frozen=True)
class Recent:
    """A result, the id of its item that was found first, the day that was dated, and when it last had something new."""

    found: Found
    first_item: int
    first_day: date
    updated_at: datetime


def hit_rows(topic: int, kinds: Iterable[str], now: datetime) -> np.ndarray:
    """The events of these kinds that a topic hit in the last 90 days, newest first; none that is held or hidden."""
    asked = [columns.hit_by([topic]), columns.one_of("kind", kinds), *lately(timezone.localdate(now)).conditions]
    rows = columns.events(asked)
    return columns.newest_first(rows)


def print_of(rows: np.ndarray) -> str:
    """The same for the same versions of the same events; it needs none of their texts."""
    return hashlib.sha256(rows["id"].tobytes() + rows["version"].tobytes()).hexdigest()


def recent(rows: np.ndarray, tree: Node, now: datetime) -> list[Recent]:
    """The newest results among these rows: of the last 30 days, and at most 50.

    A result is the same one as long as the item of it that was found first is in it, whatever joins it. Those of 90
    days are collapsed, so that a correction has with it what it corrects.
    """
    results, oldest = Collapse(rows).results(), (timezone.localdate(now) - timedelta(days=MONTH) - EPOCH).days
    newest = np.flatnonzero(rows["day"][results.firsts] >= oldest)[:MOST].tolist()
    groups = [results.of(number) for number in newest]
    shown = as_shown(tree, rows, groups)
    return [_recent(found, rows, group) for found, group in zip(shown, groups, strict=True)]


def _recent(found: Found, rows: np.ndarray, group: list[int]) -> Recent:
    known = rows[columns.are_among(rows["item"], rows["item"][group])]
    first = known[known["id"].argmin()]
    return Recent(
        found,
        int(first["item"]),
        EPOCH + timedelta(days=int(first["day"])),
        datetime.fromtimestamp(int(known["released"].max()), UTC),
    )
