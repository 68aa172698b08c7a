"""Lines of the log about what happened to sources by themselves."""

from datetime import datetime

from alerts.models import Change, Source


def note(source: Source, action: str, now: datetime, reason: str, **fields: object) -> Change:
    """One line: this happened to the source at `now`; `fields` are before and after."""
    return Change.objects.create(
        at=now,
        actor=Change.Actor.SYSTEM,
        object_type="source",
        object_id=source.pk,
        action=action,
        reason=reason[:300],
        **fields,
    )
