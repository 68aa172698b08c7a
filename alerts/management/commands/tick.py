"""manage.py tick: one bounded round of everything, for cron, a loop, or a look at what goes wrong."""

from django.core.management.base import BaseCommand, CommandError

from alerts.tick import tick
from config import clock


class Command(BaseCommand):
    help = "One bounded round: poll, percolate, compose, deliver, listen. Safe at any time and any number of times."

    def handle(self, *args, **options) -> None:
        round = tick(clock.now())
        for verb, summary in round.done.items():
            self.stdout.write(f"{verb}: {summary}")
        if round.failed:
            said = "\n".join(f"  {verb}: {error}" for verb, error in round.failed.items())
            raise CommandError(f"These verbs failed, the others ran; the log has the details:\n{said}")
