"""How far each reading of a source has come."""

import datetime
from itertools import pairwise

from django.db import models

from alerts.models.source import Source

SILENCE = datetime.timedelta(hours=6)
"""So long a source may not be read before that is worth a reader's while."""


class Pass(models.TextChoices):
    """The readings of the written questions, and the back-fill."""

    TABLED = "tabled"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    NIGHTLY = "nightly"
    BACKFILL = "backfill"


class Cursor(models.Model):
    """One pass's last complete read; it moves only when all pages of the window are stored."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="cursors")
    pass_name = models.CharField(max_length=12, choices=Pass.choices)
    last_complete_on = models.DateField(help_text="London date")
    last_complete_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "pass_name"], name="cursor_one_per_pass")]

    def __str__(self) -> str:
        return f"{self.pass_name} read {self.last_complete_at:%Y-%m-%d %H:%M}"


class PollRuns(models.QuerySet):
    def silences(
        self, source: Source, since: datetime.datetime, until: datetime.datetime
    ) -> list[tuple[datetime.datetime, datetime.datetime]]:
        """From when to when the answers were not read completely for SILENCE or longer, oldest first."""
        runs = self.filter(source=source, pass_name=Pass.ANSWERED, finished_at__range=(since, until))
        ends = runs.order_by("finished_at").values_list("finished_at", flat=True)
        return [(before, after) for before, after in pairwise(ends) if after - before >= SILENCE]


class PollRun(models.Model):
    """One reading of one window, in bounded steps: the next step goes on at `next_skip`.

    When fewer distinct items than `total_results` came, rows moved between pages and the window is read again
    (`rereads`).
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="poll_runs")
    pass_name = models.CharField(max_length=12, choices=Pass.choices)
    window_from = models.DateField()
    window_to = models.DateField(null=True, blank=True)
    baseline = models.BooleanField(default=False)
    next_skip = models.PositiveIntegerField(default=0)
    total_results = models.PositiveIntegerField(null=True, blank=True)
    rereads = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PollRuns.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "pass_name"],
                condition=models.Q(finished_at__isnull=True),
                name="poll_run_one_open_per_pass",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pass_name} from {self.window_from}"
