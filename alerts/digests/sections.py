"""What a subscription is still to be told: its topic's hits after `told_through`, of the kinds wanted."""

import datetime
from collections.abc import Iterable

from django.db.models import F, Min, Q, QuerySet

from alerts.models import Hit, Section, Subscription

REACH = datetime.timedelta(days=30)
"""How far a catch-up reaches back, after a pause for example."""


def news(subscriptions: Iterable[Subscription], to_seq: int, now: datetime.datetime) -> dict[int, int]:
    """For each subscription with something to tell up to `to_seq`: its id, and the `seq` its section starts after.

    Baseline hits (`seq` 0) never count, hidden items do not, and what was released over 30 days ago is left behind.
    """
    wanted = {subscription.pk: subscription for subscription in subscriptions}
    starts: dict[int, int] = {}
    for pk, kind, first in _firsts(wanted, to_seq, now - REACH):
        if first is not None and kind in wanted[pk].kinds:
            start = max(wanted[pk].told_through, first - 1)
            starts[pk] = min(start, starts.get(pk, start))
    return starts


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
    """(subscription id, kind, first `seq` of an event released at or after `since`), one line for each kind hit."""
    return (
        Subscription.objects.filter(
            pk__in=wanted,
            topic__hits__seq__gt=F("told_through"),
            topic__hits__seq__lte=to_seq,
            topic__hits__event__item__hidden_at__isnull=True,
        )
        .values_list("pk", "topic__hits__event__kind")
        .annotate(first=Min("topic__hits__seq", filter=Q(topic__hits__event__released_at__gte=since)))
        .order_by()
    )
