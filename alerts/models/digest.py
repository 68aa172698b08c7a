"""What one person is told in one period."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from alerts.models.choices import Away, Frequency, Kind
from alerts.models.subscription import Subscription
from alerts.models.topic import Topic


class Digest(models.Model):
    """The content of one email for one person and one period: its sections; one message.

    `period_key` is the local date served (daily, weekly) or the minute it was due, in UTC (as it happens); `part` is
    '' when combined or the subscription's id; one period has either one combined digest or parts. `since` is when the
    previous digest of this frequency was made, `due_at` when this one was due: long before `made_at` it is late.
    Where it did not reach its reader, it was `passed_on_at` to another message once they could be written to.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    frequency = models.CharField(max_length=13, choices=Frequency.choices)
    period_key = models.CharField(max_length=20)
    part = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    passed_on_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "frequency", "period_key", "part"], name="digest_one_per_period")
        ]

    def __str__(self) -> str:
        return f"{self.frequency} {self.period_key}"


class Section(models.Model):
    """One subscription's part of a digest: every hit of `topic` of these kinds with `from_seq < seq <= to_seq`.

    The words and the name are kept as they were, so that the digest's page stays true after an edit. Who was told an
    event = the sections with its topic, range and kind.

    What a reader must know about it: that it is the alert's `first`; that emails were missed since `away_since` and
    why (`away_for`); that some of what came meanwhile was too old to be told (`left_behind`).
    """

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="sections")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="sections")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveIntegerField()
    query = models.CharField(max_length=1000)
    name = models.CharField(max_length=120, blank=True)
    kinds = ArrayField(models.CharField(max_length=9, choices=Kind.choices))
    first = models.BooleanField(default=False, db_default=False)
    away_since = models.DateTimeField(null=True, blank=True)
    away_for = models.CharField(max_length=7, choices=Away.choices, blank=True, default="", db_default="")
    left_behind = models.BooleanField(default=False, db_default=False)
    from_seq = models.BigIntegerField()
    to_seq = models.BigIntegerField()

    class Meta:
        ordering = ["digest", "position"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "from_seq"], name="section_tells_once"),
            models.CheckConstraint(condition=models.Q(from_seq__lt=models.F("to_seq")), name="section_has_a_range"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.from_seq} to {self.to_seq}"

    @property
    def title(self) -> str:
        """The subscription's name as it was, or else its words."""
        return self.name or self.query
