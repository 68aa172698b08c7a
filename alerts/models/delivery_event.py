"""What providers tell us."""

from django.db import models

from alerts.models.message import Message


class DeliveryEvent(models.Model):
    """What the provider told us about a message; inserted raw, worked through later, in any order, any number of times.

    `dedup_key` = (provider, message id, recipient, event type, event id or timestamp), hashed. A mail server that
    refuses an address in its own reply makes one too. `bounce` is what the provider's words mean for the address.
    """

    class Bounce(models.TextChoices):
        HARD = "hard", "there is no such address"
        SOFT = "soft", "the mailbox did not take it"

    dedup_key = models.CharField(max_length=64, unique=True)
    esp = models.CharField(max_length=30)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.CASCADE, related_name="delivery_events"
    )
    provider_id = models.CharField(max_length=255, blank=True, db_index=True)
    event_type = models.CharField(max_length=30)
    reject_reason = models.CharField(max_length=30, blank=True)
    bounce = models.CharField(max_length=4, choices=Bounce.choices, blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    payload = models.JSONField(default=dict, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(processed_at__isnull=True), name="delivery_event_waiting"),
            models.Index(fields=["received_at"], name="delivery_event_by_hearing"),
            models.Index(fields=["received_at"], condition=~models.Q(payload={}), name="delivery_event_with_payload"),
        ]

    def __str__(self) -> str:
        return f"{self.esp} {self.event_type}"
