"""Emails on their way out. Bodies are shown nowhere here."""

from django.contrib import admin
from django.contrib import messages as notes
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern

from alerts.admin import mails
from alerts.admin.reasons import with_reason
from alerts.admin.views import ReadOnly, ReadOnlyInline
from alerts.models import DeliveryEvent, Hold, Message
from alerts.moderation import unsettled
from alerts.moderation.log import line
from config import clock

REASONS_TO_SEND_AGAIN = ["the provider never had it", "the cause is mended"]
REASONS_TO_TAKE_AS_SENT = ["the provider's log shows it", "too late to be of use"]


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
        "resends",
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
    actions = ("send_again", "take_as_sent")

    def get_urls(self) -> list[URLPattern]:
        """With the pages that show how emails look."""
        return [*mails.urls(), *super().get_urls()]

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("alerts.change_message")

    @admin.action(description="Send again…", permissions=["settle"])
    def send_again(self, request: HttpRequest, messages: QuerySet[Message]) -> TemplateResponse | None:
        def act(reason: str) -> None:
            self._say(request, "To be sent again", unsettled.send_again(messages, request.user, reason, clock.now()))

        return with_reason(self, request, messages, "Send again", REASONS_TO_SEND_AGAIN, act)

    @admin.action(description="Take as sent…", permissions=["settle"])
    def take_as_sent(self, request: HttpRequest, messages: QuerySet[Message]) -> TemplateResponse | None:
        def act(reason: str) -> None:
            self._say(request, "Taken as sent", unsettled.take_as_sent(messages, request.user, reason, clock.now()))

        return with_reason(self, request, messages, "Take as sent", REASONS_TO_TAKE_AS_SENT, act)

    def _say(self, request: HttpRequest, what: str, done: int) -> None:
        words = f"{what}: {done}." if done else "Nothing here is uncertain for good, or failed."
        self.message_user(request, words, notes.SUCCESS if done else notes.WARNING)


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(ReadOnly):
    list_display = ("received_at", "esp", "event_type", "bounce", "reject_reason", "message", "processed_at")
    list_filter = ("esp", "event_type", "bounce", ("processed_at", admin.EmptyFieldListFilter))
    list_select_related = ("message",)
    search_fields = ("=provider_id", "=message__uuid")
    date_hierarchy = "received_at"
    ordering = ("-id",)
    exclude = ("payload",)


@admin.register(Hold)
class HoldAdmin(admin.ModelAdmin):
    """What halts all sending: staff may put on a hold of their own, and take away any by deleting its row."""

    fields = ("reason", "until")
    list_display = ("cause", "since", "until", "reason", "in_force")
    ordering = ("-since",)

    @admin.display(boolean=True, description="in force")
    def in_force(self, hold: Hold) -> bool:
        return hold.until is None or hold.until > clock.now()

    def has_add_permission(self, request: HttpRequest) -> bool:
        taken = Hold.objects.filter(cause=Hold.Cause.STAFF).exists()
        return super().has_add_permission(request) and not taken

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def save_model(self, request, obj, form, change) -> None:
        """A hold by staff, with a line in the log."""
        obj.cause, obj.since = Hold.Cause.STAFF, clock.now()
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            line("held", request.user, obj, obj.since, reason=obj.reason).save()

    def delete_model(self, request, obj) -> None:
        """Sending goes on, with a line in the log."""
        with transaction.atomic():
            line("released", request.user, obj, clock.now(), before={"cause": obj.cause}, reason=obj.reason).save()
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset) -> None:
        """As for one."""
        for hold in queryset:
            self.delete_model(request, hold)
