"""What a poll that failed leaves on its source: words, the next try, and a pause where trying on makes no sense."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction

from alerts.models import Source
from alerts.sources.changes import note
from alerts.sources.trouble import Gone, Missing, SameAs, SlowDown, TooCostly, Trouble, back_off

LONGEST_WAIT = timedelta(hours=24)
PARLIAMENTS_LONGEST_WAIT = timedelta(hours=1)
MISSING_FOR = timedelta(days=7)
MOST_KILLS = 3

log = structlog.get_logger()


def record(source: Source, trouble: Trouble, now: datetime) -> str:
    """Says on the source what is wrong and when it is tried again, and gives the words.

    Cursors, runs and validators stay as they are. Whoever has lost the lease says nothing.
    """
    words, failures = str(trouble), source.fail_count + 1
    wait = next_wait(source, trouble, failures)
    fields = {
        "fail_count": failures,
        "failing_since": source.failing_since or now,
        "missing_since": (source.missing_since or now) if isinstance(trouble, Missing) else source.missing_since,
        "killed_parses": source.killed_parses + isinstance(trouble, TooCostly),
        "last_error": words[:500],
        "last_error_at": now,
        "next_poll_at": now + wait,
        **(trouble.fields if isinstance(trouble, SameAs) else {}),
    }
    for name, value in fields.items():
        setattr(source, name, value)
    reason = reason_to_pause(source, trouble, now)
    with transaction.atomic():
        ours = Source.objects.filter(pk=source.pk, claim_token=source.claim_token)
        if ours.update(**fields) and reason:
            _pause(source, reason, now)
    log.warning("source_in_trouble", source=source.name, words=words, next_poll_at=str(now + wait))
    return words


def next_wait(source: Source, trouble: Trouble, failures: int) -> timedelta:
    """How long to leave the source alone: as it asks; a feed that asks for a moment each time is left for longer."""
    usual = back_off(failures, longest_wait(source))
    if isinstance(trouble, SlowDown) and source.kind != Source.Kind.WRITTEN_QUESTIONS:
        return max(trouble.wait or usual, usual)
    return trouble.wait or usual


def longest_wait(source: Source) -> timedelta:
    """Parliament is never left alone for much more than an hour."""
    if source.kind != Source.Kind.WRITTEN_QUESTIONS:
        return LONGEST_WAIT
    return min(PARLIAMENTS_LONGEST_WAIT, 2 * timedelta(seconds=settings.POLL_SECONDS))


def reason_to_pause(source: Source, trouble: Trouble, now: datetime) -> str:
    """Why the source is not to be tried again until somebody has looked at it; '' if it is."""
    if source.kind == Source.Kind.WRITTEN_QUESTIONS:
        return ""
    if isinstance(trouble, Gone) or (isinstance(trouble, SameAs) and trouble.for_good):
        return str(trouble)
    if isinstance(trouble, Missing) and now - source.missing_since >= MISSING_FOR:
        return f"Nothing has been there since {source.missing_since:%-d %B %Y}. {trouble}"
    if isinstance(trouble, TooCostly) and source.killed_parses >= MOST_KILLS:
        return f"Given up {source.killed_parses} times in a row: it takes too much time or memory to read."
    return ""


def _pause(source: Source, reason: str, now: datetime) -> None:
    """An operator hears of it by an error in the log."""
    unpaused = Source.objects.filter(pk=source.pk, paused_at=None)
    if unpaused.update(paused_at=now, pause_reason=reason[:200]):
        note(source, "paused", now, reason)
        log.error("source_paused", source=source.name, url=source.url, reason=reason)
