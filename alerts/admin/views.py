"""What the admin's pages share."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import Kept


class ReadOnly(Kept):
    """Rows that only the machinery writes: the database forbids their change, or a change would break a promise."""

    list_per_page = 50
    show_full_result_count = False


class ReadOnlyInline(admin.TabularInline):
    """The same, inside another row's page."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
