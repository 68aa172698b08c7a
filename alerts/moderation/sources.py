"""What staff do with sources, each with a line in the log."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from alerts.models import Source
from alerts.moderation.log import line

LOGGED = ("name", "url", "kind", "review")
FORGOTTEN = {
    "etag": "",
    "last_modified": "",
    "body_hash": "",
    "asked_in_full_at": None,
    "ttl": None,
    "moved_url": "",
    "moved_at": None,
    "moved_times": 0,
}
"""What is known of a feed at its old address."""
FORGIVEN = {"fail_count": 0, "failing_since": None, "missing_since": None, "killed_parses": 0}


def save(source: Source, staff: User, now: datetime) -> None:
    """Stores what staff changed of a source, or a new one, which is due at once as one at a new address is."""
    with transaction.atomic():
        before = Source.objects.select_for_update().filter(pk=source.pk).first()
        changed = [name for name in LOGGED if before is None or getattr(before, name) != getattr(source, name)]
        if before is None:
            source.next_poll_at = now
            source.save()
        else:
            _update(before, source, changed, now)
        old = {name: getattr(before, name) for name in changed} if before else {}
        new = {name: getattr(source, name) for name in changed}
        if changed:
            line("changed" if before else "added", staff, source, now, before=old, after=new).save()


def pause(source: Source, staff: User, reason: str, now: datetime) -> None:
    """Polls it no more until staff let it go on; a source that is paused already keeps its reason."""
    with transaction.atomic():
        if Source.objects.filter(pk=source.pk, paused_at=None).update(paused_at=now, pause_reason=reason[:200]):
            line("paused", staff, source, now, reason=reason[:300]).save()


def go_on(source: Source, staff: User, now: datetime) -> None:
    """Polls it again, at once and as if nothing had been wrong; what its notice says has been dealt with."""
    with transaction.atomic():
        before = Source.objects.select_for_update().get(pk=source.pk)
        fields = {"paused_at": None, "pause_reason": "", "notice": "", "next_poll_at": now, **FORGIVEN}
        Source.objects.filter(pk=source.pk).update(**fields)
        told = {"pause_reason": before.pause_reason, "notice": before.notice}
        line("went on", staff, source, now, before=told).save()


def fetch_now(source: Source, staff: User, now: datetime) -> None:
    """Makes it due."""
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(next_poll_at=now)
        line("made due", staff, source, now).save()


def _update(before: Source, source: Source, changed: list[str], now: datetime) -> None:
    """Writes just what changed: a poll may be under way and writes the rest."""
    fields = {name: getattr(source, name) for name in changed}
    if "url" in changed:
        fields |= {**FORGOTTEN, **FORGIVEN, "next_poll_at": now, "former_urls": [*before.former_urls, before.url]}
    if "review" in changed:
        fields["notice"] = ""
    if fields:
        Source.objects.filter(pk=source.pk).update(**fields)
