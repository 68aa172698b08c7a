"""Lines of the log of changes that people make on these pages."""

import datetime

from accounts.models import User
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
