"""The staff's view of people."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import addresses, suppressions
from accounts.models import AddressChange, Consent, Session, SignIn, Suppression, User

admin.site.site_header = "Hark"
admin.site.site_title = "Hark"
admin.site.index_title = "The staff’s desk"


class PersonForm(AdminUserCreationForm):
    """A new person, or a new member of staff, by address."""

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        """The canonical address."""
        try:
            return addresses.canonical(self.cleaned_data["email"])
        except addresses.AddressError as error:
            raise forms.ValidationError(str(error)) from error

    def save(self, commit: bool = True) -> User:
        """The person, with the address as typed."""
        self.instance.email_as_typed = self.data["email"].strip()
        return super().save(commit)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People: their address and settings are theirs to change."""

    add_form = PersonForm
    list_display = ("email", "confirmed_at", "joined_at", "is_active", "is_staff", "paused_until", "delete_after")
    list_filter = ("is_staff", "is_active", ("confirmed_at", admin.EmptyFieldListFilter), "combined")
    search_fields = ("=email",)
    search_help_text = "An exact address"
    ordering = ("-joined_at",)
    date_hierarchy = "joined_at"
    readonly_fields = (
        "uuid",
        "email",
        "email_as_typed",
        "joined_at",
        "confirmed_at",
        "last_login",
        "token_version",
        "delivery_time",
        "delivery_weekday",
        "timezone",
        "combined",
        "text_only",
        "paused_from",
        "paused_until",
        "skips_pause",
        "delete_after",
    )
    fieldsets = (
        (None, {"fields": ("email", "email_as_typed", "password", "uuid", "token_version")}),
        ("Emails", {"fields": ("delivery_time", "delivery_weekday", "timezone", "combined", "text_only")}),
        ("Holiday", {"fields": ("paused_from", "paused_until", "skips_pause")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("When", {"fields": ("joined_at", "confirmed_at", "last_login", "delete_after")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields if obj else ()


class Kept(admin.ModelAdmin):
    """Rows that nobody changes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Consent)
class ConsentAdmin(Kept):
    list_display = ("user", "text_version", "form_url", "network", "asked_at", "confirmed_at")
    list_filter = ("text_version",)
    list_select_related = ("user",)
    search_fields = ("=user__email", "=token_id")
    date_hierarchy = "confirmed_at"


@admin.register(SignIn)
class SignInAdmin(Kept):
    list_display = ("user", "asked_at", "expires_at", "used_at", "wrong_codes")
    list_filter = (("used_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("=user__email",)
    exclude = ("link_hash", "code_hash", "mailbox", "typed")


@admin.register(AddressChange)
class AddressChangeAdmin(Kept):
    """Changes of address, and how far they are; without the hashes of their links."""

    list_display = ("user", "asked_at", "needs_old", "old_yes_at", "new_yes_at", "done_at", "cancelled_at")
    list_filter = (("done_at", admin.EmptyFieldListFilter), ("cancelled_at", admin.EmptyFieldListFilter), "needs_old")
    list_select_related = ("user",)
    search_fields = ("=user__email", "=old_address", "=new_address")
    search_help_text = "An exact address, of now or of before"
    date_hierarchy = "asked_at"
    exclude = ("old_link_hash", "new_link_hash", "mailbox")


@admin.register(Session)
class SessionAdmin(Kept):
    list_display = ("user", "browser", "begun_at", "ends_at")
    list_select_related = ("user",)
    search_fields = ("=user__email",)
    date_hierarchy = "begun_at"
    exclude = ("key_hash",)


class SuppressionForm(forms.ModelForm):
    """Names the address, which is then kept as a hash only."""

    address = forms.CharField(required=False, help_text="Kept as a keyed hash only")

    class Meta:
        model = Suppression
        fields = ("reason", "note")

    def clean_address(self) -> str:
        """The canonical address, which is not on the list yet."""
        try:
            address = addresses.canonical(self.cleaned_data["address"])
        except addresses.AddressError as error:
            raise forms.ValidationError(str(error)) from error
        if suppressions.suppressed(address):
            raise forms.ValidationError("This address is on the list already")
        return address


@admin.register(Suppression)
class SuppressionAdmin(admin.ModelAdmin):
    """Addresses we do not write to: staff may add one, or lift one by deleting its row."""

    form = SuppressionForm
    fields = ("address", "reason", "note")
    list_display = ("short_key", "reason", "since", "note")
    list_filter = ("reason",)
    search_fields = ("note",)
    search_help_text = "An exact address, or words of the note"
    date_hierarchy = "since"

    @admin.display(description="hash of the address")
    def short_key(self, suppression: Suppression) -> str:
        return suppression.address_key[:12]

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        try:
            key = suppressions.address_key(addresses.canonical(search_term))
        except addresses.AddressError:
            return found, distinct
        return found | queryset.filter(address_key=key), distinct

    def get_fields(self, request: HttpRequest, obj: Suppression | None = None) -> tuple[str, ...]:
        return ("address_key", "reason", "since", "note") if obj else self.fields

    def save_model(self, request, obj, form, change) -> None:
        """Under the person's lock, as for every suppression."""
        with transaction.atomic():
            address = form.cleaned_data["address"]
            person = User.objects.filter(email=address).first()
            if person:
                User.objects.locked(person.pk)
            obj.address_key, obj.since = suppressions.address_key(address), timezone.now()
            super().save_model(request, obj, form, change)
