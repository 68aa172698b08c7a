"""When a feed is asked again."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from alerts.models import Event, Source
from alerts.models.choices import Kind
from alerts.sources import guard
from alerts.sources.question_rows import london

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=24)
COUNTED = timedelta(weeks=4)
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def next_interval(source: Source, headers: Mapping[str, str], now: datetime) -> timedelta:
    """The time to the next poll of a feed that was read; what `settings.FETCH_ALLOW` excepts goes by the setting."""
    if guard.target(source.url).is_excepted:
        return timedelta(seconds=settings.POLL_SECONDS)
    return interval(items_of_late(source, now), max(source.ttl or timedelta(0), max_age(headers)))


def interval(items: int, asked: timedelta = timedelta(0)) -> timedelta:
    """Half the usual time between two of the items of the last four weeks, or what the feed asks, a day at most."""
    usual = timedelta(days=7) / items * 0.5 if items else LONGEST
    return min(max(usual, SHORTEST, asked), LONGEST)


def max_age(headers: Mapping[str, str]) -> timedelta:
    """How long an answer says that it stays good, 0 where it does not say."""
    said = MAX_AGE.search(headers.get("Cache-Control") or "")
    return timedelta(seconds=int(said[1])) if said else timedelta(0)


def items_of_late(source: Source, now: datetime) -> int:
    """How much it published in the last four weeks by its own dates: items, or issues of a newsletter."""
    if source.kind == Source.Kind.ISSUES:
        return source.issues.filter(changed_at__gte=now - COUNTED).count()
    since = london(now - COUNTED)
    return Event.objects.filter(item__source=source, kind=Kind.PUBLISHED, happened_on__gte=since).count()
