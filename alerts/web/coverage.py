"""What is covered and when it was last checked, in words, from the Source rows."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from alerts.digests.wording import plural
from alerts.models import Source

WRITTEN_QUESTIONS = "Commons and Lords written questions"
SILENCE = datetime.timedelta(hours=6)
"""So long a newsletter may not be reached before that is worth a reader's while."""


@dataclass(frozen=True)
class Coverage:
    """One sentence on what is read, one on how that goes, and whether it goes badly."""

    covers: str
    state: str
    troubled: bool = False


@dataclass(frozen=True)
class Covered:
    """One newsletter that is read, and how that goes."""

    name: str
    state: str


def coverage(now: datetime.datetime) -> Coverage:
    """The words for the sources as they are now."""
    main = Source.objects.filter(kind=Source.Kind.WRITTEN_QUESTIONS).order_by("id").first()
    number = _newsletters().count()
    newsletters = f", {plural(number, 'newsletter')}" if number else ""
    state, troubled = describe(main, now)
    return Coverage(f"{WRITTEN_QUESTIONS}{newsletters}", state, troubled)


def newsletters(now: datetime.datetime) -> list[Covered]:
    """The newsletters that are read, by name."""
    return [Covered(source.name, _patiently(source, now)) for source in _newsletters().order_by("name", "id")]


def _patiently(source: Source, now: datetime.datetime) -> str:
    """How it goes; a feed that fails now and then is no news."""
    if source.last_ok_at and now - source.last_ok_at < SILENCE:
        return f"Checked {ago(source.last_ok_at, now)}."
    return describe(source, now)[0]


def _newsletters() -> QuerySet[Source]:
    """Newsletters that were read before and are not paused."""
    read = Source.objects.filter(last_ok_at__isnull=False, paused_at__isnull=True)
    return read.exclude(kind=Source.Kind.WRITTEN_QUESTIONS)


def describe(source: Source | None, now: datetime.datetime) -> tuple[str, bool]:
    """How the reading of a source goes, and whether it goes badly; None is Parliament's before it is there."""
    if source is None:
        return "The first reading of Parliament’s questions is about to begin.", False
    if source.paused_at:
        return f"Reading has been paused since {moment(source.paused_at, now)}. Nothing is lost.", True
    if source.fail_count:
        return _in_trouble(source, now), True
    if source.baseline_at is None and _is_parliament(source):
        return "The first reading of Parliament’s questions is under way; the numbers grow while it lasts.", False
    if source.baseline_at is None:
        return "The first reading is to come.", False
    return f"Checked {ago(source.last_ok_at or source.baseline_at, now)}.", False


def _in_trouble(source: Source, now: datetime.datetime) -> str:
    """What Parliament publishes meanwhile is caught up; of a feed only what it still has then."""
    it = "Parliament’s service" if _is_parliament(source) else "It"
    if source.last_ok_at is None:
        return f"{it} cannot be reached yet. We keep trying."
    loses_nothing = "; nothing is lost" if _is_parliament(source) else ""
    return f"{it} cannot be reached since {moment(source.last_ok_at, now)}. We keep trying{loses_nothing}."


def _is_parliament(source: Source) -> bool:
    return source.kind == Source.Kind.WRITTEN_QUESTIONS


def moment(at: datetime.datetime, now: datetime.datetime) -> str:
    """A time of today as `09:10`, an earlier one as `Mon 9 March, 09:10`, in London."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%B, %H:%M}"


def ago(at: datetime.datetime, now: datetime.datetime) -> str:
    """How long ago, in the largest unit that says it: `just now`, `6 min ago`, `2 hours ago`, `3 days ago`."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours, days = minutes // 60, minutes // (24 * 60)
    if hours < 48:
        return "1 hour ago" if hours == 1 else f"{hours} hours ago"
    return f"{days} days ago"
