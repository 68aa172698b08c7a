"""Sign-in by mail."""

import uuid

from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """One mailed way in: a link and a six-digit code, both stored hashed, for 15 minutes, used once, by POST only.

    Staff sign in with a password and a second factor and never get one.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(wrong_codes__lte=5), name="sign_in_five_wrong_codes"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("asked_at")), name="sign_in_ends"),
        ]

    def __str__(self) -> str:
        return f"sign-in asked {self.asked_at:%Y-%m-%d %H:%M}"
