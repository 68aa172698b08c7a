"""What is covered and when it was last checked, in words, from the Source rows."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from alerts.digests.wording import plural
from alerts.models import Event, Item, PollRun, Source
from alerts.models.poll_run import SILENCE

WRITTEN_QUESTIONS = "Commons and Lords written questions"
LOOKED_BACK = datetime.timedelta(days=90)
"""How far back gaps are known: readings are kept as long."""
MOST_GAPS = 10


@dataclass(frozen=True)
class Coverage:
    """One sentence on what is read, one on how that goes, and whether it goes badly."""

    covers: str
    state: str
    troubled: bool = False


@dataclass(frozen=True)
class Covered:
    """A source that is read: since when, how many items it has, when the newest was found, and how reading goes."""

    name: str
    state: str
    since: datetime.date | None
    items: int
    newest: str


@dataclass(frozen=True)
class Gaps:
    """What is known to be missing: times, in words, when Parliament could not be read; questions of which not the
    whole text could be had; items that were taken down."""

    silences: list[str]
    cut: int
    hidden: int


def coverage(now: datetime.datetime) -> Coverage:
    """The words for the sources as they are now."""
    number = _newsletters().count()
    newsletters = f", {plural(number, 'newsletter')}" if number else ""
    state, troubled = describe(_main(), now)
    return Coverage(f"{WRITTEN_QUESTIONS}{newsletters}", state, troubled)


def parliament(now: datetime.datetime) -> Covered | None:
    """The written questions, from the day of the oldest; None before they are there."""
    source = _main()
    if source is None:
        return None
    first = Item.objects.filter(source=source).aggregate(first=Min("tabled_on"))["first"]
    return _covered(source, describe(source, now)[0], first, _items_of([source]), now)


def newsletters(now: datetime.datetime) -> list[Covered]:
    """The newsletters that are read, by name, from the day of their first reading."""
    sources = list(_newsletters().order_by("name", "id"))
    items = _items_of(sources)
    return [_covered(source, _patiently(source, now), _day(source.baseline_at), items, now) for source in sources]


def gaps(now: datetime.datetime) -> Gaps:
    """What is known to be missing, the newest first."""
    source = _main()
    silences = PollRun.objects.silences(source, now - LOOKED_BACK, now) if source else []
    said = [f"{moment(start, now)} to {moment(end, now)}" for start, end in silences[: -MOST_GAPS - 1 : -1]]
    cut = Event.objects.filter(cut=True, released_at__isnull=False).values("item").distinct().count()
    return Gaps(said, cut, Item.objects.filter(hidden_at__isnull=False).count())


def _main() -> Source | None:
    return Source.objects.filter(kind=Source.Kind.WRITTEN_QUESTIONS).order_by("id").first()


def _items_of(sources: list[Source]) -> dict[int, int]:
    counted = Item.objects.filter(source__in=sources).values_list("source").annotate(items=Count("*"))
    return dict(counted.order_by())


def _covered(
    source: Source, state: str, since: datetime.date | None, items: dict[int, int], now: datetime.datetime
) -> Covered:
    newest = moment(source.last_new_item_at, now) if source.last_new_item_at else ""
    return Covered(source.name, state, since, items.get(source.pk, 0), newest)


def _day(at: datetime.datetime | None) -> datetime.date | None:
    return timezone.localdate(at) if at else None


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
        return f"{it} has not been reached yet. We keep trying."
    loses_nothing = "; nothing is lost" if _is_parliament(source) else ""
    return f"{it} has been out of reach since {moment(source.last_ok_at, now)}. We keep trying{loses_nothing}."


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
