"""Asked for, not yet confirmed."""

import uuid

from django.db import models

from alerts.models.subscription import Wanted


class SignUp(Wanted):
    """A search somebody asked for with an address, until the address's owner confirms it by POST.

    It makes no topic, and changes nothing of a person already known. The six-digit code belongs to the browser that
    asked; the link is signed and needs no row of its own. Kept for 7 days. The hour, weekday and time zone are empty
    where the usual ones were left as they stood: then a known person keeps theirs.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("canonical address", max_length=254)
    email_as_typed = models.CharField(max_length=254)
    code_hash = models.CharField(max_length=64, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    delivery_time = models.TimeField(null=True, blank=True)
    delivery_weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 is Monday")
    timezone = models.CharField(max_length=64, blank=True)
    text_version = models.CharField(max_length=32, help_text="Version of the consent text shown")
    form_url = models.CharField(max_length=200)
    network = models.CharField(max_length=43, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, help_text="First GET of the confirm page")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="sign_up_confirmed_or_cancelled",
            ),
            models.CheckConstraint(
                condition=models.Q(delivery_weekday__isnull=True) | models.Q(delivery_weekday__lte=6),
                name="sign_up_weekday_exists",
            ),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("asked_at")), name="sign_up_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, asked {self.asked_at:%Y-%m-%d}"
