"""Developments of items, and those that wait for a moderator."""

from functools import partial

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from alerts import tasks
from alerts.admin.reasons import with_reason
from alerts.admin.views import ReadOnly
from alerts.models import Event
from alerts.moderation import waiting
from config import clock

REASONS_TO_REJECT = ["spam", "off-topic", "duplicate", "copyright", "bad split", "personal data"]


class Stands(admin.SimpleListFilter):
    """How far an event has come."""

    title = "how it stands"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, desk: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("waiting", "waits for a moderator"), ("released", "released"), ("rejected", "rejected")]

    def queryset(self, request: HttpRequest, events: QuerySet[Event]) -> QuerySet[Event]:
        chosen = {
            "waiting": {"released_at": None, "rejected_at": None},
            "released": {"released_at__isnull": False},
            "rejected": {"rejected_at__isnull": False},
        }
        return events.filter(**chosen.get(self.value(), {}))


@admin.register(Event)
class EventAdmin(ReadOnly):
    """Developments, with how many topics each hit. Of those that wait staff decide here, the oldest first."""

    list_display = (
        "happened_on",
        "kind",
        "heading",
        "source",
        "department",
        "first_seen_at",
        "released_at",
        "seq",
        "topics",
        "flags",
    )
    list_filter = (
        Stands,
        "held_for",
        "kind",
        "baseline",
        "cut",
        "house",
        "item__source",
        ("seq", admin.EmptyFieldListFilter),
    )
    list_select_related = ("department", "item__source")
    search_fields = ("=item__uin", "heading", "question", "text")
    search_help_text = "UIN, or words of the heading or the text"
    date_hierarchy = "happened_on"
    raw_id_fields = ("item",)
    actions = ("approve", "reject")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).annotate(topic_count=Count("hits"))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("first_seen_at", "id") if request.GET.get(Stands.parameter_name) == "waiting" else ("-id",)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("alerts.change_event")

    @admin.display(ordering="topic_count")
    def topics(self, event: Event) -> int:
        return event.topic_count

    @admin.display(ordering="item__source__name")
    def source(self, event: Event) -> str:
        return event.item.source.name

    @admin.display(description="")
    def flags(self, event: Event) -> str:
        waits = event.released_at is None and event.rejected_at is None
        named = {
            f"waits: {event.get_held_for_display()}": waits,
            "rejected": event.rejected_at,
            "baseline": event.baseline,
            "cut text": event.cut,
            f"{event.days_late} days late": event.days_late > 14,
        }
        return ", ".join(name for name, value in named.items() if value)

    @admin.action(description="Approve: let them out", permissions=["decide"])
    def approve(self, request: HttpRequest, events: QuerySet[Event]) -> None:
        decision = waiting.approve(events, request.user, clock.now())
        if decision.done:
            transaction.on_commit(partial(tasks.ring, "percolate"))
        self._say(request, "Approved", decision)

    @admin.action(description="Reject…", permissions=["decide"])
    def reject(self, request: HttpRequest, events: QuerySet[Event]) -> TemplateResponse | None:
        def act(reason: str) -> None:
            self._say(request, "Rejected", waiting.reject(events, request.user, reason, clock.now()))

        return with_reason(self, request, events, "Reject", REASONS_TO_REJECT, act)

    def _say(self, request: HttpRequest, done: str, decision: waiting.Decision) -> None:
        level = messages.WARNING if decision.words else messages.SUCCESS
        words = f" Of the others, {decision.words}" if decision.words else ""
        self.message_user(request, f"{done}: {decision.done} of {decision.asked}.{words}", level)
