"""Everything we know about a person, for them to take along: as JSON, and their alerts as a table."""

import csv
import datetime
import io
import json
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from accounts.models import User
from alerts.web.own_data import PARTS
from alerts.web.wanted_form import WANTED

ALERT = (*WANTED, "confirmed_at", "paused_at", "paused_until", "last_told_at", "ended_at", "end_reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def as_json(person: User, now: datetime.datetime) -> str:
    """Every row about the person; keys and hashes of links and codes, which are secrets, are left out."""
    known: dict[str, object] = {"exported_at": now}
    known |= {part.name: _rows(part.of(person), part.fields) for part in PARTS}
    known["person"] = known["person"][0]
    return json.dumps(known, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def as_csv(person: User) -> str:
    """One line for each alert, also those that ended."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(ALERT)
    alerts = person.subscriptions.order_by("position", "id")
    writer.writerows([_cell(row[field]) for field in ALERT] for row in _rows(alerts, ALERT))
    return table.getvalue()


def _rows(found: QuerySet, fields: Iterable[str]) -> list[dict[str, object]]:
    return list(found.values(*fields))


def _cell(value: object) -> str:
    """A cell that no spreadsheet computes."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
