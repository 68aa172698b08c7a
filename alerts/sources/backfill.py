"""The past of the written questions, week by week: baseline only, searchable and counted, never told.

Each week is read three times, as tabled, as answered and as corrected in it; how many runs of a week are finished
says which of the three comes next, so that it goes on wherever it was stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from alerts.models import PollRun, Source
from alerts.models.poll_run import Pass
from alerts.sources import runs
from alerts.sources.lease import lease
from alerts.sources.poll import STEP_SECONDS, attempt, poll, work_on
from alerts.sources.question_rows import london
from alerts.sources.question_values import Question
from alerts.sources.rounds import Round
from alerts.sources.step import Step, Summary
from alerts.sources.store import due_items
from alerts.sources.written_questions import Window

LISTS = [Pass.TABLED, Pass.ANSWERED, Pass.CORRECTED]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Progress:
    """How far a back-fill is, in words; `waits` if it cannot go on just now."""

    words: str
    done: bool = False
    waits: bool = False


def backfill(source: Source, days: int, now: datetime) -> Progress:
    """One bounded step of reading the last `days` days; call it again until it is done.

    The first poll comes before it, so that whatever the polls have to tell is told by them.
    """
    if source.fail_count and source.next_poll_at > now:
        return Progress(f"{source.last_error} Next try at {source.next_poll_at:%H:%M:%S}.", waits=True)
    if source.baseline_at is None:
        summary = poll(now)
        return _progress("Reading what is new first", summary, summary.troubles)
    round = Round(now, STEP_SECONDS)
    with lease(source.pk) as held:
        if held is None:
            return Progress("A poll is under way; waiting for it.", waits=True)
        attempt(held, round, lambda source, round: work_on(source, round, lambda work: _read(work, days)))
    summary = round.summary
    if summary.troubles or next_list(source, days, now):
        return _progress(_where(source, days, now), summary, summary.troubles)
    left = due_items(source, now).count()
    if left:
        return _progress(f"All lists are read; {left:,} full texts are still to come", summary, [])
    return Progress(f"Done: {source.items.count():,} questions are here.", done=True)


def weeks(days: int, today: date) -> list[tuple[date, date]]:
    """The weeks from Monday to Sunday that hold the last `days` days, the latest first."""
    first = today - timedelta(days=days)
    monday = today - timedelta(days=today.weekday())
    count = (monday - first).days // 7 + 2
    return [
        (start, start + WEEK - timedelta(days=1)) for n in range(count) if (start := monday - n * WEEK) + WEEK > first
    ]


def next_list(source: Source, days: int, now: datetime) -> tuple[Pass, date, date] | None:
    """The first list and week not read to its end yet, None when all are."""
    return next(_unread(source, days, now), None)


def _unread(source: Source, days: int, now: datetime) -> Iterator[tuple[Pass, date, date]]:
    today, finished = london(now), _finished(source, london(now))
    for first, last in weeks(days, today):
        for name in LISTS[finished.get((first, last), 0) :]:
            yield name, first, last


def _finished(source: Source, today: date) -> dict[tuple[date, date], int]:
    """How often each week was read; a week that was not over then counts on the same day only."""
    counts: dict[tuple[date, date], int] = {}
    for run in PollRun.objects.filter(source=source, pass_name=Pass.BACKFILL, finished_at__isnull=False):
        read_on, week = london(run.started_at), (run.window_from, run.window_to)
        if read_on > run.window_to or read_on == today:
            counts[week] = counts.get(week, 0) + 1
    return counts


def _read(work: Step, days: int) -> None:
    """Reads lists while there is time, then details."""
    source, now = work.source, work.now
    starts = {name: runs.window_start(source, name, london(now)) for name in runs.DAYS}
    while work.has_time() and (unread := next_list(source, days, now)):
        name, first, last = unread
        run = _run(source, first, last, now)
        work.read(run, Window(name, first, last), lambda run, page: work.store.history(run, page, _live(starts)))
    work.read_details()


def _run(source: Source, first: date, last: date, now: datetime) -> PollRun:
    """The open run of the week; one of another week was left by a back-fill of other days and is dropped."""
    opened = PollRun.objects.filter(source=source, pass_name=Pass.BACKFILL, finished_at=None)
    opened.exclude(window_from=first, window_to=last).delete()
    found = opened.first()
    return found or PollRun.objects.create(
        source=source, pass_name=Pass.BACKFILL, window_from=first, window_to=last, baseline=True, started_at=now
    )


def _live(starts: dict[str, date]):
    """Whether a poll reads a question as news, by the starts of its windows."""

    def is_live(question: Question) -> bool:
        return (
            question.tabled_on >= starts[Pass.NIGHTLY]
            or (question.answered_on or date.min) >= starts[Pass.ANSWERED]
            or (question.corrected_on or date.min) >= starts[Pass.CORRECTED]
        )

    return is_live


def _where(source: Source, days: int, now: datetime) -> str:
    unread = next_list(source, days, now)
    if unread is None:
        return "All lists are read"
    name, first, _ = unread
    return f"Reading the week of {first:%-d %B %Y}, questions {name}"


def _progress(where: str, summary: Summary, troubles: list[str]) -> Progress:
    got = f"{summary.pages:,} pages and {summary.details:,} full texts read, {summary.new:,} new questions"
    did_nothing = not summary.pages and not summary.details
    return Progress(" ".join([f"{where}: {got}.", *troubles]), waits=bool(troubles) or did_nothing)
