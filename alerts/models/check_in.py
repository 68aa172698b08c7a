"""What we ask of whoever has an alert that finds far too much, or nothing at all."""

import uuid

from django.db import models

from alerts.models.change import Change
from alerts.models.message import Message
from alerts.models.subscription import Subscription


class CheckIn(models.Model):
    """One email that an alert earned: *busy* once in its life, *silent* once for each year without news.

    `since` is when that year, or those four weeks, began. `query` and `name` are the alert's as it was then. What is
    busy found so many results in the four weeks, and would have found `narrower_found` with the words `narrower`;
    these are '' where there are none to offer.
    """

    class Why(models.TextChoices):
        BUSY = "busy", "four weeks with far too much"
        SILENT = "silent", "a year with nothing"

    class Answer(models.TextChoices):
        SWITCHED = "switched", "switched to the narrower words"
        LEFT = "left", "left as it is"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="check_ins")
    why = models.CharField(max_length=6, choices=Why.choices)
    since = models.DateTimeField()
    at = models.DateTimeField()
    message = models.OneToOneField(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="check_in")
    query = models.CharField(max_length=1000)
    name = models.CharField(max_length=120, blank=True)
    found = models.PositiveIntegerField(default=0)
    narrower = models.CharField(max_length=1000, blank=True)
    narrower_found = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    change = models.OneToOneField(
        Change, null=True, blank=True, on_delete=models.SET_NULL, help_text="The line in the log of the switch"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription"], condition=models.Q(why="busy"), name="check_in_busy_once"),
            models.UniqueConstraint(
                fields=["subscription", "since"], condition=models.Q(why="silent"), name="check_in_once_a_silence"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="check_in_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why}: {self.title}"

    @property
    def title(self) -> str:
        """What the alert was called."""
        return self.name or self.query
