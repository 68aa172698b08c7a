"""Addresses at which an alert may be read by others than its owner."""

import uuid

from django.db import models

from alerts.models.subscription import Subscription


class Outlet(models.Model):
    """An address at which whoever has it reads what one alert finds: a page to share, or a feed.

    The address is this uuid, signed with a key that the database does not hold: neither a row nor a backup opens it.
    An alert has one of each kind at most. What is closed stays closed, which a database trigger holds, and is kept so
    that its address can say that it is gone.
    """

    class Kind(models.TextChoices):
        PAGE = "page", "page to share"
        FEED = "feed", "feed"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="outlets")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "kind"], condition=models.Q(closed_at__isnull=True), name="outlet_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.subscription}"
