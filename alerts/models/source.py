"""Places we poll."""

import uuid

from django.db import models


class Source(models.Model):
    """A place we poll (or that mails us), and how the last poll went, in words.

    A poll step holds the lease (`claim_token`, `lease_until`, by the database clock), so that one step at a time works
    on a source. `baseline_at` is when its first complete poll ended; what came before is never told. `etag`,
    `last_modified` and `body_hash` are of the last body that was stored to its end; `asked_in_full_at` is when a feed
    was last asked for without them. `failing_since` is the first of the failures in a row, `missing_since` the first
    of them that found nothing at its address; `killed_parses` counts the times in a row its feed had to be given up
    as too costly to read. `moved_url` is where a permanent redirect has pointed since `moved_at`, `moved_times` polls
    long; `former_urls` are the addresses it had before. `feed_title` and `ttl` are what its feed last called itself
    and how long it asked to be left alone. `notice` stays until somebody has dealt with what it says.
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
    asked_in_full_at = models.DateTimeField(null=True, blank=True)
    fail_count = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    missing_since = models.DateTimeField(null=True, blank=True)
    killed_parses = models.PositiveSmallIntegerField(default=0)
    moved_url = models.URLField(max_length=500, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_times = models.PositiveSmallIntegerField(default=0)
    former_urls = models.JSONField(default=list, blank=True)
    feed_title = models.CharField(max_length=500, blank=True)
    ttl = models.DurationField(null=True, blank=True)
    notice = models.CharField(max_length=300, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_new_item_at = models.DateTimeField(null=True, blank=True)
    baseline_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name
