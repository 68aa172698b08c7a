"""`manage.py backfill`: reads the past of the written questions, as long as it takes."""

import time

from django.core.management.base import BaseCommand, CommandError

from alerts.sources.backfill import backfill
from alerts.sources.poll import ensure_parliament
from config import clock

PATIENCE_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Reads the written questions of the last days from Parliament, politely, as past: searchable and counted, "
        "never told to anyone. It can be stopped at any moment; the next time it goes on where it was."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=90, help="how far back to read (default: 90)")

    def handle(self, *args, days, **options):
        if not 1 <= days <= 3660:
            raise CommandError("--days must be a number from 1 to 3660.")
        source = ensure_parliament(clock.now())
        self.stdout.write(f"Reading the last {days} days from {source.url}. Ctrl-C stops it; the next time it goes on.")
        while True:
            source.refresh_from_db()
            progress = backfill(source, days, clock.now())
            self.stdout.write(progress.words)
            if progress.done:
                return
            if progress.waits:
                time.sleep(PATIENCE_SECONDS)
