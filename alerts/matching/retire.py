"""Retiring: a topic nobody can want any more is matched no longer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alerts.models import Counter, Subscription, Topic

DAYS = 31
MOST = 1_000


def retire(now: datetime) -> int:
    """Retire topics, 1,000 at most, that for 31 days have had no subscription that is live or could be undone.

    A paused subscription is not ended and keeps its topic. The counter's lock is held to the commit, so nobody can
    subscribe to a topic while it is judged. Returns how many were retired; `opened` revives them.
    """
    if not _idle(now).exists():
        return 0
    with transaction.atomic():
        Counter.locked()
        idle = list(_idle(now).values_list("id", flat=True)[:MOST])
        return Topic.objects.filter(id__in=idle).update(version=None, retired_at=now)


def _idle(now: datetime) -> QuerySet:
    since = now - timedelta(days=DAYS)
    wanted = Subscription.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), topic=OuterRef("pk"))
    return Topic.objects.matched().filter(~Exists(wanted), made_at__lte=since).order_by("id")
