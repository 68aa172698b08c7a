"""Everything we know about a person, for them to take along: as JSON, and their alerts as a table."""

import csv
import datetime
import io
import json
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from accounts import address_changes
from accounts.models import User
from alerts.models import Change, CheckIn, Digest, Message, Outlet, SignUp, Subscription
from alerts.web.wanted_form import WANTED

PERSON = (
    *("email", "email_as_typed", "joined_at", "confirmed_at", "delivery_time", "delivery_weekday", "timezone"),
    *("combined", "text_only", "paused_from", "paused_until", "skips_pause", "delete_after"),
)
ALERT = (*WANTED, "confirmed_at", "paused_at", "paused_until", "last_told_at", "ended_at", "end_reason")
SIGN_UP = (*WANTED, "email_as_typed", "network", "asked_at", "opened_at", "confirmed_at", "cancelled_at")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def as_json(person: User, now: datetime.datetime) -> str:
    """Every row about the person; keys and hashes of links and codes, which are secrets, are left out."""
    own_changes = Change.objects.filter(actor=Change.Actor.PERSON, actor_id=person.pk).order_by("at", "id")
    known = {
        "exported_at": now,
        "person": {field: getattr(person, field) for field in PERSON},
        "alerts": _rows(_alerts(person), ALERT),
        "outlets": _rows(
            Outlet.objects.filter(subscription__user=person).order_by("opened_at", "id"),
            ("subscription__query", "kind", "opened_at", "closed_at"),
        ),
        "check_ins": _rows(
            CheckIn.objects.filter(subscription__user=person).order_by("at", "id"),
            ("query", "name", "why", "since", "at", "found", "narrower", "narrower_found", "answer", "answered_at"),
        ),
        "sign_ups": _rows(
            SignUp.objects.filter(email__in=[person.email, *address_changes.former(person)]).order_by("asked_at"),
            SIGN_UP,
        ),
        "consents": _rows(
            person.consents.order_by("confirmed_at"),
            ("text_version", "form_url", "network", "asked_at", "confirmed_at"),
        ),
        "sessions": _rows(person.sessions.order_by("begun_at"), ("browser", "network", "begun_at", "ends_at")),
        "address_changes": _rows(
            person.address_changes.order_by("asked_at"),
            ("old_address", "new_as_typed", "asked_at", "old_yes_at", "new_yes_at", "done_at", "cancelled_at"),
        ),
        "sign_ins": _rows(person.sign_ins.order_by("asked_at"), ("network", "asked_at", "used_at")),
        "digests": _rows(
            Digest.objects.filter(user=person).order_by("made_at"), ("frequency", "period_key", "part", "made_at")
        ),
        "emails": _rows(
            Message.objects.filter(Q(to_address=person.email) | Q(user=person)).order_by("made_at"),
            ("kind", "to_address", "subject", "state", "reason", "made_at", "settled_at"),
        ),
        "changes": _rows(own_changes, ("at", "object_type", "action", "before", "after", "reason", "scope")),
    }
    return json.dumps(known, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def as_csv(person: User) -> str:
    """One line for each alert, also those that ended."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(ALERT)
    writer.writerows([_cell(row[field]) for field in ALERT] for row in _rows(_alerts(person), ALERT))
    return table.getvalue()


def _alerts(person: User) -> QuerySet[Subscription]:
    return person.subscriptions.order_by("position", "id")


def _rows(found: QuerySet, fields: Iterable[str]) -> list[dict[str, object]]:
    return list(found.values(*fields))


def _cell(value: object) -> str:
    """A cell that no spreadsheet computes."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
