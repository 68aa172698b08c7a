"""The verb `poll`: one bounded round over every source that is due."""

from collections.abc import Callable
from datetime import datetime
from heapq import heapify, heappop, heappush

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from alerts.models import Source
from alerts.sources import failures
from alerts.sources.feed_poll import PLANS, Feeds
from alerts.sources.lease import LeaseLost, lease
from alerts.sources.rounds import Round
from alerts.sources.step import Step, Summary
from alerts.sources.store import due_items
from alerts.sources.trouble import REASSURANCE, Trouble
from alerts.sources.written_questions import OFFICIAL, Api

STEP_SECONDS = 45.0
OFFICIAL_NAME = "UK Parliament written questions"
REHEARSAL_NAME = "Rehearsal Parliament (invented)"
MOVED = "HARK_PARLIAMENT_URL names another address"
QUESTIONS = Source.Kind.WRITTEN_QUESTIONS

log = structlog.get_logger()

Reader = Callable[[Source, Round], datetime | None]
"""Reads a source of its kind as far as it comes; gives when to come back if its turn has not come."""


def poll(now: datetime) -> Summary:
    """Reads whatever is due of every source, for 45 s in all; what is left the next call goes on with.

    Parliament comes first, then the feeds that have waited longest. Trouble with a source is recorded on it, in
    words, and ends only its own step. A feed whose host was asked just now has its turn later, in this round or
    another.
    """
    round = Round(now, STEP_SECONDS)
    ensure_parliament(now)
    with Feeds() as feeds:
        readers = {QUESTIONS: read_questions} | dict.fromkeys(PLANS, feeds.read)
        _work_through([source.pk for source in _due(list(readers), now)], readers, round)
    summary = round.summary
    if summary.pages or summary.details or summary.feeds:
        done = {name: getattr(summary, name) for name in ("pages", "details", "feeds", "new", "released")}
        log.info("polled", **done)
    return summary


def _due(kinds: list[str], now: datetime) -> list[Source]:
    polled = Source.objects.filter(kind__in=kinds, paused_at=None).order_by("next_poll_at", "id")
    due = [source for source in polled if _is_due(source, now)]
    return sorted(due, key=lambda source: source.kind != QUESTIONS)


def _work_through(source_ids: list[int], readers: dict[str, Reader], round: Round) -> None:
    """Gives each source its turn, those whose host had to rest again when it has."""
    queue = [(round.now, place, id_) for place, id_ in enumerate(source_ids)]
    heapify(queue)
    while queue and queue[0][0] <= round.moment:
        if round.is_over:
            round.summary.unfinished = True
            return
        _, place, id_ = heappop(queue)
        if later := _turn(id_, readers, round):
            heappush(queue, (later, place, id_))


def _turn(source_id: int, readers: dict[str, Reader], round: Round) -> datetime | None:
    with lease(source_id) as source:
        if source is None or source.paused_at or not _is_due(source, round.now):
            return None
        return attempt(source, round, readers[source.kind])


def read_questions(source: Source, round: Round) -> None:
    """One step of reading written questions."""
    work_on(source, round, Step.poll)


def work_on(source: Source, round: Round, work: Callable[[Step], None]) -> None:
    """Does `work` as one step on a source of written questions; raises Trouble."""
    with Api(source.url, round.now) as api:
        work(Step(source, round.now, api, round.summary, round.until))


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
    if source.next_poll_at <= now:
        return True
    return source.kind == QUESTIONS and source.fail_count == 0 and due_items(source, now).exists()


def attempt(source: Source, round: Round, read: Reader) -> datetime | None:
    """Reads a source we hold the lease of, and gives what `read` gives; trouble is recorded on the source."""
    try:
        return read(source, round)
    except LeaseLost:
        log.warning("overtaken", source=source.name)
    except Trouble as trouble:
        round.summary.troubles.append(failures.record(source, trouble, round.now))
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        log.exception("poll_failed", source=source.name)
        trouble = Trouble(f"Something went wrong on our side ({type(error).__name__}). {REASSURANCE}")
        round.summary.troubles.append(failures.record(source, trouble, round.now))
    return None
