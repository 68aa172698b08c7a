"""What people follow, and what they were told."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from alerts.admin.views import ReadOnly, ReadOnlyInline
from alerts.models import (
    Asked,
    Change,
    CheckIn,
    Counter,
    Digest,
    Forgetting,
    NotRelevant,
    Outlet,
    Schedule,
    Section,
    SignUp,
    Subscription,
    Topic,
    Walk,
)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    """Alerts: only their owners change them."""

    list_display = ("title", "user", "frequency", "state", "told_through", "confirmed_at", "ended_at")
    list_filter = (
        "frequency",
        "end_reason",
        ("paused_at", admin.EmptyFieldListFilter),
        ("broken_at", admin.EmptyFieldListFilter),
        ("ended_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("user",)
    search_fields = ("=user__email", "query", "name")
    search_help_text = "An exact address, or words of the query or the name"
    date_hierarchy = "confirmed_at"
    ordering = ("-id",)

    @admin.display
    def state(self, subscription: Subscription) -> str:
        named = {
            f"ended: {subscription.get_end_reason_display()}": subscription.ended_at,
            "broken": subscription.broken_at,
            "paused": subscription.paused_at,
        }
        return next((name for name, value in named.items() if value), "on")


class SubscriptionInline(ReadOnlyInline):
    model = Subscription
    fields = ("query", "name", "user", "frequency", "confirmed_at", "ended_at")


@admin.register(Topic)
class TopicAdmin(ReadOnly):
    """Topics, with how many people follow each."""

    list_display = ("canonical", "followers", "version", "filled_at", "made_at", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter), ("filled_at", admin.EmptyFieldListFilter))
    search_fields = ("canonical",)
    ordering = ("-id",)
    inlines = (SubscriptionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        live = Q(subscriptions__ended_at__isnull=True)
        return super().get_queryset(request).annotate(live=Count("subscriptions", filter=live))

    @admin.display(ordering="live")
    def followers(self, topic: Topic) -> int:
        return topic.live


@admin.register(SignUp)
class SignUpAdmin(ReadOnly):
    """Asked for, not yet confirmed; without the hash of the code."""

    list_display = ("asked_at", "email", "title", "frequency", "network", "opened_at", "confirmed_at", "cancelled_at")
    list_filter = (
        "frequency",
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("cancelled_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("=email", "=network", "query")
    search_help_text = "An exact address or network, or words of the query"
    date_hierarchy = "asked_at"
    ordering = ("-id",)
    exclude = ("code_hash",)


@admin.register(Asked)
class AskedAdmin(ReadOnly):
    """When mailboxes were mailed because somebody asked for an alert: for limits, and without addresses."""

    list_display = ("at", "mailbox")
    search_fields = ("=mailbox",)
    date_hierarchy = "at"
    ordering = ("-id",)


@admin.register(Forgetting)
class ForgettingAdmin(ReadOnly):
    """How far it has come to let go of what was kept long enough."""

    list_display = ("rule", "clear_at", "through", "begun_at")
    ordering = ("rule",)


@admin.register(Outlet)
class OutletAdmin(ReadOnly):
    """Which alerts are shared as a page or read as a feed; without what their addresses are made of."""

    list_display = ("opened_at", "kind", "subscription", "closed_at")
    list_filter = ("kind", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("subscription",)
    search_fields = ("=subscription__user__email", "subscription__query")
    search_help_text = "An exact address, or words of the query"
    date_hierarchy = "opened_at"
    ordering = ("-id",)
    exclude = ("uuid",)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnly):
    list_display = ("user", "frequency", "next_due_at", "last_sent_at")
    list_filter = ("frequency",)
    list_select_related = ("user",)
    search_fields = ("=user__email",)
    ordering = ("next_due_at",)


class SectionInline(ReadOnlyInline):
    model = Section
    fields = ("position", "query", "name", "topic", "kinds", "from_seq", "to_seq")


@admin.register(Digest)
class DigestAdmin(ReadOnly):
    list_display = ("made_at", "user", "frequency", "period_key", "part", "section_count")
    list_filter = ("frequency",)
    list_select_related = ("user",)
    search_fields = ("=user__email", "=period_key")
    date_hierarchy = "made_at"
    ordering = ("-id",)
    inlines = (SectionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        return super().get_queryset(request).annotate(sections_in_it=Count("sections"))

    @admin.display(description="sections", ordering="sections_in_it")
    def section_count(self, digest: Digest) -> int:
        return digest.sections_in_it


@admin.register(Section)
class SectionAdmin(ReadOnly):
    list_display = ("digest", "position", "title", "topic", "kinds", "from_seq", "to_seq")
    list_select_related = ("digest", "topic")
    search_fields = ("query", "name", "=digest__user__email")
    ordering = ("-id",)


@admin.register(NotRelevant)
class NotRelevantAdmin(ReadOnly):
    """What readers said was not for them, with the words that found it."""

    list_display = ("at", "query", "item", "event", "subscription")
    list_select_related = ("item", "event", "subscription")
    search_fields = ("query", "item__heading", "=item__uin")
    search_help_text = "Words of the query or of the heading, or a question's number"
    date_hierarchy = "at"
    ordering = ("-id",)


@admin.register(CheckIn)
class CheckInAdmin(ReadOnly):
    """Alerts that found far too much, or nothing for a year, and what their owners made of it."""

    list_display = ("at", "why", "title", "found", "narrower_found", "answer", "answered_at")
    list_filter = ("why", "answer")
    search_fields = ("query", "name", "=subscription__user__email")
    search_help_text = "Words of the query or the name, or an exact address"
    date_hierarchy = "at"
    ordering = ("-id",)


@admin.register(Walk)
class WalkAdmin(ReadOnly):
    """How far the jobs have come that look at all alerts once a day."""

    list_display = ("name", "begun_at", "place")


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    """The log: newest first, never changed."""

    list_display = ("at", "actor", "actor_id", "action", "object_type", "object_id", "reason", "scope")
    list_filter = ("actor", "action", "object_type", "scope")
    search_fields = ("=object_id", "=actor_id", "action", "reason")
    search_help_text = "The number of a row or of who did it, or words of the action or reason"
    date_hierarchy = "at"
    ordering = ("-id",)


@admin.register(Counter)
class CounterAdmin(ReadOnly):
    list_display = ("id", "seq", "topic_version", "rung_through")
