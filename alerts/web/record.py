"""Lines of the log of changes that people make on these pages."""

import datetime

from accounts.models import User
from alerts.models import Change, Subscription


def record(
    action: str, person: User, subscription: Subscription, scope: str, now: datetime.datetime, **fields: object
) -> Change:
    """One line: this person did this to that alert, by a link of this scope; `fields` are before, after, reason."""
    return _line(action, person, subscription, scope, now, fields)


def record_person(
    action: str, person: User, before: dict[str, object], after: dict[str, object], scope: str, now: datetime.datetime
) -> Change:
    """One line: this person changed what they have set for all their emails, by a link of this scope."""
    return _line(action, person, person, scope, now, {"before": before, "after": after})


def _line(
    action: str, person: User, about: User | Subscription, scope: str, now: datetime.datetime, fields: dict[str, object]
) -> Change:
    return Change.objects.create(
        at=now,
        actor=Change.Actor.PERSON,
        actor_id=person.pk,
        object_type=about._meta.model_name,
        object_id=about.pk,
        action=action,
        scope=scope,
        **fields,
    )
