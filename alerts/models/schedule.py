"""When a person is next due."""

import datetime

from django.conf import settings
from django.db import models

from alerts.models.choices import Frequency

APART = datetime.timedelta(minutes=15)
"""The shortest time between two emails of one person *as it happens*."""


class Schedule(models.Model):
    """One person's one frequency: when it is next due, when it was last sent. A due time is data, not a timer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedules")
    frequency = models.CharField(max_length=13, choices=Frequency.choices)
    next_due_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as it happens, and no alert is on")
    last_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "frequency"], name="schedule_one_per_frequency"),
            models.CheckConstraint(
                condition=models.Q(frequency=Frequency.AS_IT_HAPPENS) | models.Q(next_due_at__isnull=False),
                name="schedule_has_a_due_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(frequency=Frequency.AS_IT_HAPPENS)
                | models.Q(next_due_at__isnull=True)
                | models.Q(last_sent_at__isnull=True)
                | models.Q(next_due_at__gte=models.F("last_sent_at") + APART),
                name="schedule_as_it_happens_apart",
            ),
        ]
        indexes = [models.Index(fields=["next_due_at"], name="schedule_by_due_time")]

    def __str__(self) -> str:
        return f"{self.frequency}, next {self.next_due_at:%Y-%m-%d %H:%M}" if self.next_due_at else self.frequency
