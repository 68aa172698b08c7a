"""Places we poll."""

import uuid

from django.db import models


class Source(models.Model):
    """A place we poll (or that mails us), and how the last poll went, in words.

    A poll step holds the lease (`claim_token`, `lease_until`, by the database clock), so that one step at a time works
    on a source. `baseline_at` is when its first complete poll ended; what came before is never told.
    """

    class Kind(models.TextChoices):
        WRITTEN_QUESTIONS = "written_questions", "written questions"
        FEED = "feed", "feed of items"
        ISSUES = "issues", "feed of newsletter issues"
        MAIL = "mail", "newsletter by mail"

    class Review(models.TextChoices):
        REVIEW = "review", "each item waits for a moderator"
        TRUSTED = "trusted", "items go out at once"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    url = models.URLField(max_length=500, unique=True)
    review = models.CharField(max_length=8, choices=Review.choices, default=Review.REVIEW)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    next_poll_at = models.DateTimeField()
    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fail_count = models.PositiveIntegerField(default=0)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_new_item_at = models.DateTimeField(null=True, blank=True)
    baseline_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
