"""The verb `poll`: one bounded round over every source that is due."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db.models import F

from alerts.models import Source
from alerts.sources.lease import LeaseLost, lease
from alerts.sources.step import Step, Summary
from alerts.sources.store import due_items
from alerts.sources.trouble import REASSURANCE, Trouble, back_off
from alerts.sources.written_questions import OFFICIAL, Api

STEP_SECONDS = 45.0
LONGEST_WAIT = timedelta(hours=1)
OFFICIAL_NAME = "UK Parliament written questions"
REHEARSAL_NAME = "Rehearsal Parliament (invented)"
MOVED = "HARK_PARLIAMENT_URL names another address"

log = structlog.get_logger()


def poll(now: datetime) -> Summary:
    """Reads whatever is due of every source, for 45 s in all; what is left the next call goes on with.

    Trouble with a source is recorded on it, in words, and ends only its own step.
    """
    summary, until = Summary(), time.monotonic() + STEP_SECONDS
    ensure_parliament(now)
    sources = Source.objects.filter(kind=Source.Kind.WRITTEN_QUESTIONS, paused_at=None).order_by("next_poll_at")
    for source_id in [source.pk for source in sources if _is_due(source, now)]:
        if time.monotonic() >= until:
            summary.unfinished = True
            break
        with lease(source_id) as source:
            if source is not None and _is_due(source, now):
                step(source, now, summary, until, Step.poll)
    if summary.pages or summary.details:
        log.info("polled", pages=summary.pages, details=summary.details, new=summary.new, released=summary.released)
    return summary


def ensure_parliament(now: datetime) -> Source:
    """The source that `settings.PARLIAMENT_URL` names; trusted and due at once when it is new.

    A rehearsal that listens at another port than before is the same source. Otherwise a source that the setting named
    before is paused until it does so again: two of them would tell everything twice.
    """
    url, kind = settings.PARLIAMENT_URL, Source.Kind.WRITTEN_QUESTIONS
    if url != OFFICIAL and not Source.objects.filter(url=url).exists():
        Source.objects.filter(kind=kind, name=REHEARSAL_NAME).update(url=url)
    fields = {
        "kind": kind,
        "name": OFFICIAL_NAME if url == OFFICIAL else REHEARSAL_NAME,
        "review": Source.Review.TRUSTED,
        "next_poll_at": now,
    }
    source, _ = Source.objects.get_or_create(url=url, defaults=fields)
    others = Source.objects.filter(kind=kind, paused_at=None).exclude(pk=source.pk)
    others.update(paused_at=now, pause_reason=MOVED)
    if source.pause_reason == MOVED:
        source.paused_at, source.pause_reason = None, ""
        source.save(update_fields=["paused_at", "pause_reason"])
    return source


def _is_due(source: Source, now: datetime) -> bool:
    """Whether a poll is due, or details are left of the last one; after trouble both wait for the next poll."""
    return source.next_poll_at <= now or (source.fail_count == 0 and due_items(source, now).exists())


def step(source: Source, now: datetime, summary: Summary, until: float, work: Callable[[Step], None]) -> None:
    """Does `work` as one step on a source we hold the lease of; trouble is recorded on the source."""
    try:
        with Api(source.url, now) as api:
            work(Step(source, now, api, summary, until))
    except LeaseLost:
        log.warning("overtaken", source=source.name)
    except Trouble as trouble:
        _record(source, str(trouble), trouble.wait, now, summary)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        log.exception("poll_failed", source=source.name)
        words = f"Something went wrong on our side ({type(error).__name__}). {REASSURANCE}"
        _record(source, words, None, now, summary)


def _record(source: Source, words: str, wait: timedelta | None, now: datetime, summary: Summary) -> None:
    """Says on the source what is wrong and when it is tried again; cursors and runs stay as they are."""
    wait = wait or back_off(source.fail_count + 1, min(LONGEST_WAIT, 2 * timedelta(seconds=settings.POLL_SECONDS)))
    Source.objects.filter(pk=source.pk).update(
        fail_count=F("fail_count") + 1, last_error=words[:500], last_error_at=now, next_poll_at=now + wait
    )
    log.warning("source_in_trouble", source=source.name, words=words, next_poll_at=str(now + wait))
    summary.troubles.append(words)
