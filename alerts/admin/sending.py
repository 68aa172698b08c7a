"""Emails on their way out. Bodies are shown nowhere here."""

from django.contrib import admin

from alerts.admin.views import ReadOnly, ReadOnlyInline
from alerts.models import DeliveryEvent, Message


class DeliveryEventInline(ReadOnlyInline):
    model = DeliveryEvent
    fields = ("event_type", "reject_reason", "happened_at", "received_at", "processed_at")


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """The delivery board: what waits, what went, what did not."""

    list_display = (
        "made_at",
        "kind",
        "state",
        "to_address",
        "subject",
        "attempts",
        "not_before",
        "settled_at",
        "reason",
    )
    list_filter = ("state", "kind", "resends")
    search_fields = ("=to_address", "=uuid", "=provider_id", "subject")
    search_help_text = "An exact address, a message's or the provider's id, or words of the subject"
    date_hierarchy = "made_at"
    ordering = ("-id",)
    exclude = ("body", "claim_token")
    inlines = (DeliveryEventInline,)


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(ReadOnly):
    list_display = ("received_at", "esp", "event_type", "reject_reason", "message", "processed_at")
    list_filter = ("esp", "event_type", ("processed_at", admin.EmptyFieldListFilter))
    list_select_related = ("message",)
    search_fields = ("=provider_id", "=message__uuid")
    date_hierarchy = "received_at"
    ordering = ("-id",)
    exclude = ("payload",)
