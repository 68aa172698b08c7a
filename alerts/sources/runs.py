"""Poll runs: which windows to read, and what a window read to its end means."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from alerts.models import Cursor, Item, PollRun, Source
from alerts.models.choices import Kind
from alerts.models.poll_run import Pass
from alerts.sources.lease import LeaseLost
from alerts.sources.question_rows import LONDON, london

DAYS = {Pass.TABLED: 4, Pass.ANSWERED: 4, Pass.CORRECTED: 14, Pass.NIGHTLY: 45}
MOST_REREADS = 3
NIGHTS = 2
KEPT = timedelta(days=90)


def window_start(source: Source, pass_name: str, today: date) -> date:
    """min(today - n, last complete read - n): days of downtime lose nothing."""
    cursor = Cursor.objects.filter(source=source, pass_name=pass_name).first()
    oldest = min(today, cursor.last_complete_on) if cursor else today
    return oldest - timedelta(days=DAYS[pass_name])


def open_runs(source: Source) -> list[PollRun]:
    """The poll's runs that are not read to their end, in the order in which they are read."""
    running = PollRun.objects.filter(source=source, finished_at=None).exclude(pass_name=Pass.BACKFILL)
    return sorted(running, key=lambda run: list(DAYS).index(run.pass_name))


def start_poll(source: Source, now: datetime) -> list[PollRun]:
    """Opens a run for each pass, the nightly one once a London night; all of a source's first poll is baseline."""
    today = london(now)
    passes = [name for name in DAYS if name != Pass.NIGHTLY or not _was_read_tonight(source, now)]
    with transaction.atomic():
        for name in passes:
            PollRun.objects.create(
                source=source,
                pass_name=name,
                window_from=window_start(source, name, today),
                baseline=source.baseline_at is None,
                started_at=now,
            )
        old = PollRun.objects.filter(source=source, finished_at__lt=now - KEPT)
        old.exclude(pass_name=Pass.BACKFILL).delete()
    return open_runs(source)


def finish(run: PollRun, source: Source, now: datetime, left_out: int = 0) -> str:
    """Ends a run whose last page is stored, in one transaction; gives words where rows are missing.

    Fewer distinct items than the source counts: rows moved between the pages, so the window is read again, three
    times at most. The cursor moves only when none is missing; else the next poll starts where this one did. Rows that
    were `left_out` on purpose are not missed.
    """
    with transaction.atomic():
        if not Source.objects.select_for_update().filter(pk=source.pk, claim_token=source.claim_token).exists():
            raise LeaseLost
        missing = (run.total_results or 0) - Item.objects.filter(seen_in_run=run.pk).count() - left_out
        if missing > 0 and run.rereads < MOST_REREADS:
            run.next_skip, run.rereads = 0, run.rereads + 1
            run.save(update_fields=["next_skip", "rereads"])
            return ""
        if missing <= 0:
            _complete(run, source, now)
        run.finished_at = now
        run.save(update_fields=["finished_at"])
        if source.baseline_at is None and not open_runs(source):
            source.baseline_at = now
            source.save(update_fields=["baseline_at"])
    return _incomplete(run, missing) if missing > 0 else ""


def _was_read_tonight(source: Source, now: datetime) -> bool:
    midnight = datetime.combine(london(now), time(), LONDON)
    nightly = PollRun.objects.filter(source=source, pass_name=Pass.NIGHTLY)
    return nightly.filter(started_at__gte=midnight).exists()


def _complete(run: PollRun, source: Source, now: datetime) -> None:
    if run.pass_name == Pass.BACKFILL:
        return
    # The first pages were read when the run started, which may have been days ago.
    read = {"last_complete_on": london(run.started_at), "last_complete_at": now}
    Cursor.objects.update_or_create(source=source, pass_name=run.pass_name, defaults=read)
    if run.pass_name == Pass.NIGHTLY:
        _count_absences(run, source)


def _count_absences(run: PollRun, source: Source) -> None:
    """Unanswered questions of the window that the night did not show: the second time their detail is asked."""
    listed = Item.objects.filter(source=source, state=Kind.TABLED, tabled_on__gte=run.window_from).exclude(list_hash="")
    unseen = listed.exclude(seen_in_run=run.pk)
    unseen.update(nights_missing=F("nights_missing") + 1)
    for item in unseen.filter(nights_missing__gte=NIGHTS):
        item.detail_due, item.detail_not_before = True, None
        item.due_kinds = [*(kind for kind in item.due_kinds if kind != Kind.WITHDRAWN), Kind.WITHDRAWN]
        item.save(update_fields=["detail_due", "detail_not_before", "due_kinds"])


def _incomplete(run: PollRun, missing: int) -> str:
    return (
        f"{missing} of {run.total_results} questions could not be read, though the list ({run.pass_name}, from "
        f"{run.window_from}) was read {run.rereads + 1} times. The next poll reads it again; nothing is lost."
    )
