"""Alerts: one person's interest in one topic."""

import uuid

from django.conf import settings
from django.db import models

from alerts.models.choices import Away, Frequency, Kind
from alerts.models.topic import Topic

_BOXES = (
    (Kind.TABLED.value, "wants_tabled"),
    (Kind.HOLDING.value, "wants_answered"),
    (Kind.ANSWERED.value, "wants_answered"),
    (Kind.CORRECTED.value, "wants_corrected"),
    (Kind.WITHDRAWN.value, "wants_tabled"),
    (Kind.PUBLISHED.value, None),
    (Kind.REVISED.value, "wants_updated"),
)
"""Each kind of event, with the field by which it is wanted."""


class SubscriptionQuerySet(models.QuerySet):
    def live(self) -> "SubscriptionQuerySet":
        """Neither ended nor paused nor broken."""
        return self.filter(ended_at__isnull=True, paused_at__isnull=True, broken_at__isnull=True)


class Wanted(models.Model):
    """What is asked for, by a sign-up and by a subscription alike: the words, the name, how often, which events."""

    query = models.CharField(max_length=1000, help_text="As typed")
    name = models.CharField(max_length=120, blank=True)
    frequency = models.CharField(max_length=13, choices=Frequency.choices, default=Frequency.DAILY)
    wants_tabled = models.BooleanField(default=False, help_text="Tabled and withdrawn")
    wants_answered = models.BooleanField(default=True, help_text="Holding and answered")
    wants_corrected = models.BooleanField(default=True)
    wants_updated = models.BooleanField(default=False, help_text="Revised newsletter items")

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """The name, or else the words as typed."""
        return self.name or self.query

    @property
    def kinds(self) -> list[str]:
        """The kinds of event that are told, in a fixed order; *published* always is."""
        return [kind for kind, box in _BOXES if box is None or getattr(self, box)]


class Subscription(Wanted):
    """One person's interest in one topic.

    `told_through` is the `seq` up to which this subscription has been told; it only rises, and a
    database trigger holds that. An edit changes the topic and keeps the row and `told_through`: what was pending is
    told under the new words. So that nothing long past counts as pending, every live subscription is looked at each
    time its schedule is due, once a day at least where it is told as it happens, and what is looked at without news is
    told through too. Only compose, and the end of a holiday whose news is to be left out, move `told_through`.

    `away_since` and `away_for` say that emails were missed, until compose has looked again: the next one is a catch-up.
    """

    class EndReason(models.TextChoices):
        PERSON = "person", "ended by its owner"
        ONE_CLICK = "one_click", "unsubscribed from the mail program"
        COMPLAINT = "complaint", "marked as spam"
        DELETED = "deleted", "the account was deleted"
        STAFF = "staff", "ended by staff"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="subscriptions")
    position = models.PositiveIntegerField(default=0, help_text="The person's own order")
    told_through = models.BigIntegerField()
    last_told_at = models.DateTimeField(null=True, blank=True, help_text="When its last section was made")
    away_since = models.DateTimeField(null=True, blank=True)
    away_for = models.CharField(max_length=7, choices=Away.choices, blank=True, default="", db_default="")
    confirmed_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True, help_text="Goes on by itself then")
    broken_at = models.DateTimeField(null=True, blank=True, help_text="The words no longer parse; its owner was told")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=9, choices=EndReason.choices, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["user", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic"], condition=models.Q(ended_at__isnull=True), name="subscription_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end_reason="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(end_reason="")),
                name="subscription_ends_for_a_reason",
            ),
            models.CheckConstraint(condition=models.Q(told_through__gte=0), name="subscription_told_through"),
            models.CheckConstraint(
                condition=models.Q(paused_until__isnull=True) | models.Q(paused_at__lt=models.F("paused_until")),
                name="subscription_paused_until_later",
            ),
            models.CheckConstraint(
                condition=models.Q(away_since__isnull=True, away_for="")
                | (models.Q(away_since__isnull=False) & ~models.Q(away_for="")),
                name="subscription_away_for_a_reason",
            ),
        ]
        indexes = [
            # A ring asks of every topic that was hit who is told as it happens: few of the many.
            models.Index(
                fields=["topic"],
                condition=models.Q(ended_at__isnull=True, frequency=Frequency.AS_IT_HAPPENS),
                name="subscription_rung",
            ),
            models.Index(
                fields=["paused_until"],
                condition=models.Q(paused_until__isnull=False),
                name="subscription_paused_until",
            ),
            models.Index(fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="subscription_by_end"),
        ]

    def __str__(self) -> str:
        return self.title
