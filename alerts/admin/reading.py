"""Sources and how their reading goes."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alerts.admin.reasons import with_reason
from alerts.admin.views import ReadOnly, ReadOnlyInline
from alerts.models import Cursor, Host, Issue, PollRun, Source
from alerts.moderation import health
from alerts.moderation import sources as desk
from alerts.sources import guard
from alerts.sources.fetch_errors import FetchError, Refused, UnknownName
from config import clock

ADDED = (Source.Kind.FEED, Source.Kind.ISSUES)
"""What staff may add; written questions are where the settings say."""
REASONS_TO_PAUSE = ["off-topic", "asked by its publisher", "copyright", "taken over by others", "reads badly"]


class SourceForm(forms.ModelForm):
    """A feed to poll, whose address is looked up and judged before it is believed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].choices = [(kind.value, kind.label) for kind in ADDED]

    def clean_url(self) -> str:
        """The address as we ask for it, which no other source has or had."""
        try:
            url = guard.target(self.cleaned_data["url"]).url
            guard.check(url)
        except (Refused, UnknownName) as error:
            raise forms.ValidationError(f"We never fetch this: {error}. Enter the address of a public feed.") from error
        except FetchError:
            # Whether it can be reached at this moment is for the polls to say.
            pass
        former = Source.objects.filter(former_urls__contains=[url]).exclude(pk=self.instance.pk).first()
        if former:
            raise forms.ValidationError(f"{former.name} had this address before it moved to {former.url}.")
        return url


class CursorInline(ReadOnlyInline):
    model = Cursor


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """One row each, with how it goes in words. Feeds are added here; nothing is ever deleted."""

    form = SourceForm
    list_display = ("name", "kind", "state_in_words", "review", "waiting", "last_ok_at", "last_new_item_at")
    list_filter = ("kind", "review", ("paused_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "url", "last_error", "pause_reason", "notice")
    inlines = (CursorInline,)
    actions = ("fetch_now", "pause", "go_on")
    edited = ("name", "kind", "url", "review")
    fieldsets = (
        (None, {"fields": edited}),
        ("How it goes", {"fields": ("state_in_words", "last_ok_at", "last_new_item_at", "baseline_at", "feed_title")}),
        ("Pause", {"fields": ("paused_at", "pause_reason", "notice")}),
        ("Failures", {"fields": ("fail_count", "failing_since", "last_error", "last_error_at", "killed_parses")}),
        ("Next poll", {"fields": ("next_poll_at", "ttl", "lease_until", "etag", "last_modified", "asked_in_full_at")}),
        ("Its address", {"fields": ("moved_url", "moved_at", "moved_times", "former_urls")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        waits = Q(items__events__released_at=None, items__events__rejected_at=None, items__events__isnull=False)
        return super().get_queryset(request).annotate(waiting_count=Count("items__events", filter=waits))

    def get_readonly_fields(self, request: HttpRequest, source: Source | None = None) -> list[str]:
        shown = [name for _, options in self.fieldsets[1:] for name in options["fields"]]
        if source is None:
            return shown
        return [*shown, "kind", *(() if source.kind in ADDED else ("url",))]

    def get_fieldsets(self, request: HttpRequest, source: Source | None = None) -> tuple:
        return self.fieldsets if source else self.fieldsets[:1]

    def save_model(self, request: HttpRequest, source: Source, form: forms.ModelForm, change: bool) -> None:
        desk.save(source, request.user, clock.now())

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description="state")
    def state_in_words(self, source: Source) -> str:
        return health.state(source, clock.now())

    @admin.display(description="waiting", ordering="waiting_count")
    def waiting(self, source: Source) -> SafeString | str:
        if not source.waiting_count:
            return ""
        address = reverse("admin:alerts_event_changelist")
        query = f"?stands=waiting&item__source__id__exact={source.pk}"
        return format_html('<a href="{}{}">{}</a>', address, query, source.waiting_count)

    @admin.action(description="Fetch now", permissions=["change"])
    def fetch_now(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        for source in sources:
            desk.fetch_now(source, request.user, clock.now())
        paused = [source.name for source in sources if source.paused_at]
        words = f" Paused ones are not fetched before they go on: {', '.join(paused)}." if paused else ""
        level = messages.WARNING if paused else messages.SUCCESS
        self.message_user(request, f"Due at the next tick: {len(sources)}.{words}", level)

    @admin.action(description="Pause…", permissions=["change"])
    def pause(self, request: HttpRequest, sources: QuerySet[Source]) -> TemplateResponse | None:
        def act(reason: str) -> None:
            for source in sources:
                desk.pause(source, request.user, reason, clock.now())
            self.message_user(request, f"Paused: {len(sources)}.")

        return with_reason(self, request, sources, "Pause", REASONS_TO_PAUSE, act)

    @admin.action(description="Go on: poll again, and dismiss the notice", permissions=["change"])
    def go_on(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        for source in sources:
            desk.go_on(source, request.user, clock.now())
        self.message_user(request, f"Polled again: {len(sources)}.")


@admin.register(Host)
class HostAdmin(ReadOnly):
    """The pace at which shared machines are asked."""

    list_display = ("name", "gap", "next_at")
    search_fields = ("name",)
    ordering = ("-gap", "name")


@admin.register(Issue)
class IssueAdmin(ReadOnly):
    """Issues of newsletters, the least surely split first."""

    list_display = ("title", "source", "rule", "confidence", "first_seen_at", "changed_at")
    list_filter = ("rule", "source")
    list_select_related = ("source",)
    search_fields = ("title", "url", "=external_key")
    ordering = ("confidence", "-id")


@admin.register(Cursor)
class CursorAdmin(ReadOnly):
    list_display = ("source", "pass_name", "last_complete_on", "last_complete_at")
    list_filter = ("pass_name",)
    list_select_related = ("source",)


@admin.register(PollRun)
class PollRunAdmin(ReadOnly):
    list_display = (
        "started_at",
        "source",
        "pass_name",
        "window_from",
        "window_to",
        "next_skip",
        "total_results",
        "rereads",
        "finished_at",
    )
    list_filter = ("pass_name", "baseline", ("finished_at", admin.EmptyFieldListFilter))
    list_select_related = ("source",)
    date_hierarchy = "started_at"
    ordering = ("-started_at",)
