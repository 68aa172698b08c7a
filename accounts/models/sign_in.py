"""Sign-in by mail."""

import uuid

from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """One mailed way in: a link and a six-digit code, both stored hashed, for 15 minutes, used once, by POST only.

    Where nothing was mailed, to an address nobody confirmed or one that was mailed enough, the row is there all the
    same, since it counts for its network, but it lets nobody in. Staff sign in with a password and never get one.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="sign_ins"
    )
    link_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    mailbox = models.CharField(
        max_length=64, db_index=True, db_default="", help_text="For limits only: a keyed hash of what was typed"
    )
    network = models.CharField(max_length=43, blank=True, db_default="")
    goes_to = models.CharField(max_length=200, blank=True, db_default="", help_text="The page that was asked for")
    typed = models.JSONField(
        null=True, blank=True, help_text="What this person had typed when their session ended, until this is over"
    )
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(wrong_codes__lte=5), name="sign_in_five_wrong_codes"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("asked_at")), name="sign_in_ends"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(code_hash="", used_at__isnull=True),
                name="sign_in_of_nobody_is_not_used",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(typed__isnull=True),
                name="sign_in_of_nobody_keeps_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(typed__isnull=False), name="sign_in_with_words")
        ]

    def __str__(self) -> str:
        return f"sign-in asked {self.asked_at:%Y-%m-%d %H:%M}"
