"""Saved searches in canonical form."""

from django.db import models


class Topic(models.Model):
    """A query in canonical form, shared by everybody who saved it.

    `version` is given under the counter's lock whenever the topic starts to be matched (made, revived, re-analysed);
    without one it is retired and not matched. The back-fill of its last 90 days goes through the event ids:
    `filled_to` is the last id done, `filled_at` when the end was reached; compose waits for that.
    """

    key = models.CharField(max_length=64, unique=True)
    canonical = models.TextField()
    analysis_version = models.PositiveSmallIntegerField()
    version = models.BigIntegerField(null=True, blank=True, unique=True)
    filled_to = models.BigIntegerField(default=0)
    filled_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=True, retired_at__isnull=False)
                | models.Q(version__isnull=False, retired_at__isnull=True),
                name="topic_matched_or_retired",
            )
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(filled_at__isnull=True), name="topic_unfilled")]

    def __str__(self) -> str:
        return self.canonical
