"""`manage.py restored`: holds all sending of a restored database, says what waits, and lets it go on."""

from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from alerts.digests import hold, home
from alerts.moderation import restored
from config import clock

BY_HAND = "Put on by hand: this database knows nothing of mails sent since its backup."


class Command(BaseCommand):
    help = (
        "Holds all sending, as a restored database does by itself, and says what waits. With --release sending goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("--release", action="store_true", help="let sending go on")
        parser.add_argument(
            "--sent-before",
            metavar="TIME",
            help="with --release: take what was due before this time as sent, like '2026-11-22 09:30' (UTC)",
        )

    def handle(self, *args, release, sent_before, **options):
        if sent_before and not release:
            raise CommandError("--sent-before says what not to release: add --release.")
        now = clock.now()
        home.look(now)  # first, for the next round would find out and hold everything again
        self._release(sent_before, now) if release else self._hold(now)

    def _release(self, sent_before: str | None, now: datetime) -> None:
        taken = restored.release(now, _moment(sent_before) if sent_before else None)
        if taken is None:
            raise CommandError("No sending is held for a restored backup.")
        self.stdout.write(f"Released. Mails taken as sent before: {taken}.")
        if other := hold.held(now):
            self.stdout.write(f"All sending is still held. {other}")

    def _hold(self, now: datetime) -> None:
        held, waiting = home.hold_all(BY_HAND, now), restored.waiting()
        span = f", due from {_shown(waiting.first)} to {_shown(waiting.last)}" if waiting.mails else ""
        self.stdout.write(f"All sending is held since {_shown(held.since)}. {held.reason}")
        self.stdout.write(f"The last mail this database knows of left: {_shown(waiting.handed_over)}.")
        self.stdout.write(f"Mails that wait: {waiting.mails}{span}.")
        self.stdout.write("To send them all:                    restored --release")
        self.stdout.write("To leave out what had gone by then:  restored --release --sent-before 'YYYY-MM-DD HH:MM'")


def _moment(words: str) -> datetime:
    """A time somebody typed, in UTC where it names no other zone."""
    try:
        found = parse_datetime(words)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"'{words}' is no time. Write it like '2026-11-22 09:30', in UTC.")
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)


def _shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "never"
