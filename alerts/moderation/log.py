"""Lines of the log of changes that staff make."""

from datetime import datetime

from django.db.models import Model

from accounts.models import User
from alerts.models import Change


def line(action: str, staff: User, row: Model, now: datetime, **fields: object) -> Change:
    """One line, still to be stored: this member of staff did this to that row; `fields` are before, after, reason."""
    return Change(
        at=now,
        actor=Change.Actor.STAFF,
        actor_id=staff.pk,
        object_type=row._meta.model_name,
        object_id=row.pk,
        action=action,
        **fields,
    )
