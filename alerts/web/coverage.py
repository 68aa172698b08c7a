"""What is covered and when it was last checked, in words, from the Source rows."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from alerts.models import Source

WRITTEN_QUESTIONS = "Commons and Lords written questions"


@dataclass(frozen=True)
class Coverage:
    """One sentence on what is read, one on how that goes, and whether it goes badly."""

    covers: str
    state: str
    troubled: bool = False


def coverage(now: datetime.datetime) -> Coverage:
    """The words for the sources as they are now."""
    sources = list(Source.objects.order_by("id"))
    feeds = sum(source.kind != Source.Kind.WRITTEN_QUESTIONS for source in sources)
    newsletters = {0: "", 1: " and 1 newsletter"}.get(feeds, f" and {feeds} newsletters")
    main = next((source for source in sources if source.kind == Source.Kind.WRITTEN_QUESTIONS), None)
    state, troubled = describe(main, now)
    return Coverage(f"{WRITTEN_QUESTIONS}{newsletters}", state, troubled)


def describe(source: Source | None, now: datetime.datetime) -> tuple[str, bool]:
    """How the reading of Parliament's questions goes, and whether it goes badly."""
    if source is None:
        return "The first reading of Parliament’s questions is about to begin.", False
    if source.paused_at:
        return f"Reading has been paused since {moment(source.paused_at, now)}. Nothing is lost.", True
    if source.fail_count and source.last_ok_at:
        since = moment(source.last_ok_at, now)
        return f"Parliament’s service cannot be reached since {since}. We keep trying; nothing is lost.", True
    if source.fail_count:
        return "Parliament’s service cannot be reached yet. We keep trying.", True
    if source.baseline_at is None:
        return "The first reading of Parliament’s questions is under way; the numbers grow while it lasts.", False
    return f"Checked {ago(source.last_ok_at or source.baseline_at, now)}.", False


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
