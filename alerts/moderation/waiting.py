"""What staff decide about events that wait: each goes out or never does, and never both, whoever decides at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from alerts.models import Change, Event
from alerts.moderation.log import line


@dataclass(frozen=True)
class Decision:
    """How many events it was about and how many it reached; the others somebody had decided about, in words."""

    asked: int
    done: int
    words: str = ""


def approve(events: QuerySet[Event], staff: User, now: datetime) -> Decision:
    """Releases those that wait: the next percolate matches them. A second time changes nothing."""
    return _decide(events, lambda waiting: _release(waiting, staff, now))


def reject(events: QuerySet[Event], staff: User, reason: str, now: datetime) -> Decision:
    """Rejects those that wait, for good; their items stay."""
    return _decide(events, lambda waiting: _reject(waiting, staff, reason, now))


def _decide(events: QuerySet[Event], act: Callable[[list[Event]], None]) -> Decision:
    """Acts on those that wait, their rows locked, so that of two people at once the second finds nothing to decide."""
    asked = list(events.order_by().values_list("pk", flat=True))
    with transaction.atomic():
        waiting = list(Event.objects.waiting().filter(pk__in=asked).select_for_update(of=("self",)))
        act(waiting)
    left = set(asked) - {event.pk for event in waiting}
    return Decision(len(asked), len(waiting), _left_in_words(left))


def _release(waiting: list[Event], staff: User, now: datetime) -> None:
    Event.objects.filter(pk__in=[event.pk for event in waiting]).update(released_at=now)
    Change.objects.bulk_create(
        line("approved", staff, event, now, before={"held_for": event.held_for}) for event in waiting
    )


def _reject(waiting: list[Event], staff: User, reason: str, now: datetime) -> None:
    Event.objects.filter(pk__in=[event.pk for event in waiting]).update(rejected_at=now)
    Change.objects.bulk_create(
        line("rejected", staff, event, now, before={"held_for": event.held_for}, reason=reason[:300])
        for event in waiting
    )


def _left_in_words(ids: set[int]) -> str:
    """What became of those that no longer wait, and by whom."""
    decided = Change.objects.filter(object_type="event", object_id__in=ids, action__in=["approved", "rejected"])
    by = dict(User.objects.filter(pk__in=decided.values("actor_id")).values_list("pk", "email"))
    counted = Counter(f"{change.action} by {by.get(change.actor_id, 'somebody')}" for change in decided)
    words = [f"{count} had been {what}" for what, count in sorted(counted.items())]
    if unknown := len(ids) - counted.total():
        words.append(f"{unknown} went out by {'itself' if unknown == 1 else 'themselves'}")
    return "; ".join(words) + "." if words else ""
