"""What sources published, and who is in it."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from alerts.admin.views import ReadOnly, ReadOnlyInline
from alerts.digests import links
from alerts.models import Department, DepartmentName, Event, Hit, Item, Member, Revision


class EventInline(ReadOnlyInline):
    model = Event
    fields = ("kind", "version", "happened_on", "first_seen_at", "released_at", "rejected_at", "seq", "baseline", "cut")


class RevisionInline(ReadOnlyInline):
    model = Revision
    fields = ("number", "at", "state", "department", "cut")


@admin.register(Item)
class ItemAdmin(ReadOnly):
    """Items: all but hiding is the sources' doing."""

    list_display = (
        "heading_or_key",
        "state",
        "house",
        "department",
        "asking_member",
        "tabled_on",
        "answered_on",
        "flags",
    )
    list_filter = (
        "state",
        "house",
        "detail_due",
        ("hidden_at", admin.EmptyFieldListFilter),
        "source",
        ("department", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("department", "asking_member")
    search_fields = ("uin", "heading", "question", "text", "external_key")
    search_help_text = "UIN, words of the heading or the text, or the source's key"
    date_hierarchy = "tabled_on"
    ordering = ("-id",)
    inlines = (EventInline, RevisionInline)
    editable = ("hidden_at", "hidden_reason")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> list[str]:
        return [field.name for field in Item._meta.fields if field.name not in self.editable]

    def view_on_site(self, item: Item) -> str:
        return links.item_path(item)

    @admin.display(description="item", ordering="heading")
    def heading_or_key(self, item: Item) -> SafeString:
        return format_html("<b>{}</b> {}", item.uin or item.external_key, item.heading or item.question[:80])

    @admin.display(description="")
    def flags(self, item: Item) -> str:
        named = {"hidden": item.hidden_at, "text to come": item.detail_due, "interest": item.has_interest}
        return ", ".join(name for name, value in named.items() if value)


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    list_display = ("item", "number", "at", "state", "department", "cut")
    list_filter = ("state", "cut")
    list_select_related = ("item", "department")
    search_fields = ("=item__uin", "heading")
    ordering = ("-id",)


@admin.register(Hit)
class HitAdmin(ReadOnly):
    list_display = ("seq", "topic", "event", "heading")
    list_select_related = ("topic", "event")
    search_fields = ("topic__canonical", "=event__item__uin")
    search_help_text = "Words of the topic, or the UIN of the question"
    ordering = ("-id",)

    @admin.display
    def heading(self, hit: Hit) -> str:
        return hit.event.heading


@admin.register(Member)
class MemberAdmin(ReadOnly):
    list_display = ("name", "party", "member_from", "house", "external_id")
    list_filter = ("house", "party")
    search_fields = ("name", "list_as", "member_from", "=external_id")


class DepartmentNameInline(admin.TabularInline):
    model = DepartmentName
    extra = 0


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    """Departments, with the names and short names `dept:` looks up."""

    list_display = ("name", "external_id")
    search_fields = ("name", "names__name", "=external_id")
    inlines = (DepartmentNameInline,)


@admin.register(DepartmentName)
class DepartmentNameAdmin(admin.ModelAdmin):
    list_display = ("name", "department", "folded")
    list_select_related = ("department",)
    search_fields = ("name", "folded")
    raw_id_fields = ("department",)
