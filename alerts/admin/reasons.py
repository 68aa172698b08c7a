"""Asking staff for a reason before something is done, on a page between the list and the deed."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

OTHER = "other"
SHOWN = 50


class ReasonForm(forms.Form):
    """A required reason out of a list, with a note that "other" cannot do without."""

    reason = forms.ChoiceField()
    note = forms.CharField(max_length=250, required=False, widget=forms.TextInput(attrs={"size": 80}))

    def __init__(self, reasons: list[str], *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "Choose a reason"), *((reason, reason) for reason in [*reasons, OTHER])]
        self.fields["reason"].choices = choices

    def clean(self) -> dict:
        """The reason with its note as `words`."""
        cleaned = super().clean()
        reason, note = cleaned.get("reason", ""), cleaned.get("note", "").strip()
        if reason == OTHER and not note:
            self.add_error("note", "Say in a few words what the reason is.")
        cleaned["words"] = ": ".join(filter(None, [reason if reason != OTHER or not note else "", note]))
        return cleaned


def with_reason(
    desk: admin.ModelAdmin,
    request: HttpRequest,
    rows: QuerySet,
    title: str,
    reasons: list[str],
    act: Callable[[str], None],
) -> TemplateResponse | None:
    """Does `act` with the reason if the page sent a good one, else shows the page that asks for it."""
    form = ReasonForm(reasons, request.POST if "reason" in request.POST else None)
    if form.is_valid():
        act(form.cleaned_data["words"])
        return None
    context = {
        **desk.admin_site.each_context(request),
        "title": title,
        "opts": desk.model._meta,
        "form": form,
        "count": rows.count(),
        "rows": [getattr(row, "heading", "") or str(row) for row in rows[:SHOWN]],
        "more": max(0, rows.count() - SHOWN),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": request.POST.get("action", ""),
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/reason.html", context)
