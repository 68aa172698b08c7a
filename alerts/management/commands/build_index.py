"""manage.py build_index: compile the index of all topics anew; a round of percolating starts it when it is time."""

from django.core.management.base import BaseCommand

from alerts.matching.build import build
from config import clock


class Command(BaseCommand):
    help = "Compile the index of all saved searches anew. Safe at any time; who comes second leaves it to the first."

    def handle(self, *args, **options) -> None:
        snapshot = build(clock.now())
        self.stdout.write(f"built: {snapshot}" if snapshot else "nothing built: no searches, or somebody else is at it")
