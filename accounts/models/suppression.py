"""Addresses we must not write to."""

from django.db import models


class Suppression(models.Model):
    """An address we must not write to, by keyed hash, since when and why; a lifted one keeps its history in the log."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", "the address does not exist"
        SOFT_BOUNCES = "soft_bounces", "mail kept failing"
        COMPLAINT = "complaint", "marked as spam"
        BLOCKED = "blocked", "its owner asked us never to write"
        DELETED = "deleted", "the account was deleted"
        STAFF = "staff", "blocked by staff"

    address_key = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    since = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.address_key[:12]}…: {self.get_reason_display()}"
