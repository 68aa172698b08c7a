"""What a subscription is still to be told: its topic's hits after `told_through`, of the kinds wanted."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Greatest

from alerts.models import Section, Subscription

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


class Heard(NamedTuple):
    """One event that a section tells."""

    event_id: int
    seq: int


def hits(told: Iterable[Section]) -> dict[int, list[Heard]]:
    """What each of these sections tells by `seq`, without items that are hidden now, by the id of the section."""
    kinds = {section.pk: section.kinds for section in told}
    found: dict[int, list[Heard]] = {section: [] for section in kinds}
    rows = Section.objects.filter(
        pk__in=kinds,
        topic__hits__seq__gt=Greatest(F("from_seq"), 0),
        topic__hits__seq__lte=F("to_seq"),
        topic__hits__event__item__hidden_at__isnull=True,
    )
    values = ("pk", "topic__hits__event", "topic__hits__seq", "topic__hits__event__kind")
    for section, event, seq, kind in rows.order_by("topic__hits__seq").values_list(*values):
        if kind in kinds[section]:
            found[section].append(Heard(event, seq))
    return found


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
