"""Which mailboxes were mailed because somebody asked for an alert with their address."""

from django.db import models


class Asked(models.Model):
    """One email that asking for an alert made us send: when, and to which mailbox by its keyed hash, for limits only.

    It holds no address and outlives the sign-up, so that whoever's address was let go of is not mailed the more often.
    """

    mailbox = models.CharField(max_length=64, help_text="For limits only: a keyed hash of the address")
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "asked"
        indexes = [models.Index(fields=["mailbox", "at"], name="asked_by_mailbox")]

    def __str__(self) -> str:
        return f"{self.mailbox[:12]}…, {self.at:%Y-%m-%d %H:%M}"
