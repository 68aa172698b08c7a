"""What a subscription is still to be told: its topic's hits after `told_through`, of the kinds wanted."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import F, Min, Q, QuerySet

from alerts.models import Hit, Section, Subscription

REACH = datetime.timedelta(days=30)
"""How far a catch-up reaches back, after a pause for example."""


@dataclass(frozen=True)
class Pending:
    """What waits for one subscription: the `seq` its section starts after, and whether some is too old to be told."""

    from_seq: int
    left_behind: bool = False


def pending(subscriptions: Iterable[Subscription], to_seq: int, since: datetime.datetime) -> dict[int, Pending]:
    """For each subscription with something to tell up to `to_seq` that was released since then: what, by its id.

    Baseline hits (`seq` 0) never count, hidden items do not; what was released before `since` is left behind.
    """
    wanted = {subscription.pk: subscription for subscription in subscriptions}
    found: dict[int, Pending] = {}
    left_behind = set()
    for pk, kind, earliest, first in _firsts(wanted, to_seq, since):
        if kind in wanted[pk].kinds:
            left_behind |= {pk} if earliest != first else set()
            if first is not None:
                start = max(wanted[pk].told_through, first - 1)
                found[pk] = Pending(min(start, found[pk].from_seq if pk in found else start))
    return {pk: replace(what, left_behind=pk in left_behind) for pk, what in found.items()}


def hits(section: Section) -> QuerySet[Hit]:
    """The hits a section tells, without those of items that are hidden now, by `seq`."""
    return (
        Hit.objects.filter(
            topic=section.topic_id,
            seq__gt=section.from_seq,
            seq__lte=section.to_seq,
            event__kind__in=section.kinds,
            event__item__hidden_at__isnull=True,
        )
        .exclude(seq=0)
        .order_by("seq")
    )


def _firsts(wanted: Iterable[int], to_seq: int, since: datetime.datetime) -> QuerySet:
    """A line for each kind hit: subscription id, kind, first `seq`, first of an event released since then, or None."""
    return (
        Subscription.objects.filter(
            pk__in=wanted,
            topic__hits__seq__gt=F("told_through"),
            topic__hits__seq__lte=to_seq,
            topic__hits__event__item__hidden_at__isnull=True,
        )
        .values_list("pk", "topic__hits__event__kind")
        .annotate(
            earliest=Min("topic__hits__seq"),
            first=Min("topic__hits__seq", filter=Q(topic__hits__event__released_at__gte=since)),
        )
        .order_by()
    )
