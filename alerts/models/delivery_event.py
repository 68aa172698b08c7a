"""What providers tell us."""

from django.db import models

from alerts.models.message import Message


class DeliveryEvent(models.Model):
    """What the provider told us about a message; inserted raw, worked through later, in any order, any number of times.

    `dedup_key` = (provider, message id, recipient, event type, event id or timestamp), hashed.
    """

    dedup_key = models.CharField(max_length=64, unique=True)
    esp = models.CharField(max_length=30)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="delivery_events"
    )
    provider_id = models.CharField(max_length=255, blank=True, db_index=True)
    event_type = models.CharField(max_length=30)
    reject_reason = models.CharField(max_length=30, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    payload = models.JSONField(default=dict, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.esp} {self.event_type}"
