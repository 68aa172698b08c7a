"""Moving to another address."""

import uuid

from django.conf import settings
from django.db import models


class AddressChange(models.Model):
    """A person's wish to be written to elsewhere: done once both ends said yes, each by the button of a mailed link.

    Where mail to the former address bounces (`needs_old` is False) the new end alone is enough. Both links are stored
    hashed. It is let go of after a month, when nothing else names a former address any more.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_changes")
    old_address = models.EmailField(max_length=254)
    new_address = models.EmailField(max_length=254)
    new_as_typed = models.CharField(max_length=254)
    mailbox = models.CharField(max_length=64, db_index=True, help_text="For limits only: a keyed hash of the new one")
    needs_old = models.BooleanField(default=True, help_text="Whether the former address has to say yes too")
    old_link_hash = models.CharField(max_length=64, unique=True)
    new_link_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    old_yes_at = models.DateTimeField(null=True, blank=True)
    new_yes_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="address_change_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True)
                | models.Q(new_yes_at__isnull=False) & (models.Q(old_yes_at__isnull=False) | models.Q(needs_old=False)),
                name="address_change_done_by_both_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="address_change_done_or_cancelled",
            ),
            models.CheckConstraint(
                condition=~models.Q(old_address=models.F("new_address")), name="address_change_goes_elsewhere"
            ),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("asked_at")), name="address_change_ends"),
        ]

    def __str__(self) -> str:
        return f"change of address asked {self.asked_at:%Y-%m-%d %H:%M}"
