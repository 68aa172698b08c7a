"""Sources and how their reading goes."""

from django.contrib import admin
from django.http import HttpRequest

from alerts.admin.views import ReadOnly, ReadOnlyInline
from alerts.models import Cursor, PollRun, Source
from alerts.web.coverage import describe
from config import clock


class CursorInline(ReadOnlyInline):
    model = Cursor


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """One row each, with how it goes in words."""

    list_display = ("name", "kind", "state_in_words", "review", "last_ok_at", "last_new_item_at", "fail_count")
    list_filter = ("kind", "review", ("paused_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "url", "last_error")
    inlines = (CursorInline,)
    fieldsets = (
        (None, {"fields": ("name", "kind", "url", "review", "paused_at", "pause_reason")}),
        ("How it goes", {"fields": ("state_in_words", "last_ok_at", "last_new_item_at", "baseline_at")}),
        ("Failures", {"fields": ("fail_count", "last_error", "last_error_at")}),
        ("Next poll", {"fields": ("next_poll_at", "lease_until", "etag", "last_modified")}),
    )
    readonly_fields = (
        "state_in_words",
        "last_ok_at",
        "last_new_item_at",
        "baseline_at",
        "fail_count",
        "last_error",
        "last_error_at",
        "lease_until",
        "etag",
        "last_modified",
    )

    @admin.display(description="state")
    def state_in_words(self, source: Source) -> str:
        return describe(source, clock.now())[0] if source.pk else "new"

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


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
