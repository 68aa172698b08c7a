"""Lines of the log of changes that people make on these pages."""

import datetime

from accounts.models import User
from alerts.digests.hours import Hours
from alerts.models import Change, Subscription


def record(
    action: str, person: User, subscription: Subscription, scope: str, now: datetime.datetime, **fields: object
) -> Change:
    """One line: this person did this to that alert, by a link of this scope; `fields` are before, after, reason."""
    return Change.objects.create(
        at=now,
        actor=Change.Actor.PERSON,
        actor_id=person.pk,
        object_type="subscription",
        object_id=subscription.pk,
        action=action,
        scope=scope,
        **fields,
    )


def record_hours(person: User, before: Hours, after: Hours, scope: str, now: datetime.datetime) -> Change:
    """One line: this person has their emails at other hours, by a link of this scope."""
    return Change.objects.create(
        at=now,
        actor=Change.Actor.PERSON,
        actor_id=person.pk,
        object_type="user",
        object_id=person.pk,
        action="hours",
        scope=scope,
        before=_as_json(before),
        after=_as_json(after),
    )


def _as_json(hours: Hours) -> dict[str, object]:
    return {"time": f"{hours.time:%H:%M}", "weekday": hours.weekday, "timezone": hours.timezone}
