"""What the matching keeps for itself."""

from django.contrib import admin

from alerts.admin.views import ReadOnly
from alerts.models import Snapshot, SnapshotPart


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly):
    """The compiled indexes that workers may map, the newest first."""

    list_display = ("version", "topics", "size", "analysis_version", "layout", "made_at")
    ordering = ("-id",)


@admin.register(SnapshotPart)
class SnapshotPartAdmin(ReadOnly):
    """Which parts there are; their bytes are shown nowhere."""

    list_display = ("snapshot", "number")
    list_select_related = ("snapshot",)
    exclude = ("content",)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")
