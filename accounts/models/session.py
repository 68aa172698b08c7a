"""Where people are signed in."""

import uuid

from django.conf import settings
from django.db import models


class Session(models.Model):
    """One browser that a person is signed in with, for 30 days from signing in; gone when they sign out.

    It is apart from the framework's sessions, which staff have: no mailed link and no mailed code opens the admin.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    key_hash = models.CharField(max_length=64, unique=True)
    browser = models.CharField(max_length=80, blank=True, help_text="What it says it is, in a few words")
    network = models.CharField(max_length=43, blank=True, help_text="Shortened: /24 of IPv4, /48 of IPv6")
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begun_at")), name="session_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.browser or 'a browser'}, since {self.begun_at:%Y-%m-%d}"
