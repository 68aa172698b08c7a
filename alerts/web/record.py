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


def record_person(
    action: str, person: User, before: dict[str, object], after: dict[str, object], scope: str, now: datetime.datetime
) -> Change:
    """One line: this person changed what they have set for all their emails, by a link of this scope."""
    return Change.objects.create(
        at=now,
        actor=Change.Actor.PERSON,
        actor_id=person.pk,
        object_type="user",
        object_id=person.pk,
        action=action,
        scope=scope,
        before=before,
        after=after,
    )
