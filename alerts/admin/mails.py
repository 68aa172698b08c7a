"""How emails look: every kind in every state, of fiction, in a frame that lets it do nothing. Nothing is written."""

from email import message_from_bytes, policy

from csp.decorators import csp
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from alerts.digests.samples import SAMPLES, Sample
from alerts.models import Message
from alerts.web.outbox import SANDBOX

SCHEMES = {"light": "Light", "dark": "Dark", "both": "Both"}
PARTS = {"html": "As HTML", "text": "As text", "headers": "Headers"}
WIDTHS = (700, 375)
"""A window on a desk, and a telephone."""
_ASKS_FOR_DARK = "@media (prefers-color-scheme:dark)"


def urls() -> list[URLPattern]:
    """The addresses of these pages, under the messages."""
    seen_by_staff = admin.site.admin_view
    return [
        path("samples/", seen_by_staff(mails), name="alerts_message_samples"),
        path("samples/<slug:name>/", seen_by_staff(mail), name="alerts_message_sample"),
        path("samples/<slug:name>/<slug:scheme>/", seen_by_staff(body), name="alerts_message_sample_body"),
    ]


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The list of all samples, by kind."""
    kinds = {kind.label: [one for one in SAMPLES.values() if one.kind == kind] for kind in Message.Kind}
    context = {
        **admin.site.each_context(request),
        "title": "How emails look",
        "kinds": {label: found for label, found in kinds.items() if found},
    }
    return TemplateResponse(request, "admin/mails.html", context)


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One sample: its HTML in both widths, its text, or its headers."""
    found = _sample(name)
    written = found.write()
    parts = {name: label for name, label in PARTS.items() if name != "html" or written.html}
    part, scheme = _chosen(request, "part", parts), _chosen(request, "scheme", SCHEMES)
    names = list(SAMPLES)
    place = names.index(name)
    sent = message_from_bytes(found.as_sent(), policy=policy.default)
    context = {
        **admin.site.each_context(request),
        "title": found.title,
        "is_nav_sidebar_enabled": False,  # both widths have room beside each other then
        "sample": found,
        "subject": sent["Subject"],
        "headers": sent.items(),
        "text": sent.get_body(("plain",)).get_content(),
        "html_bytes": len(written.html.encode()),
        "part": part,
        "parts": parts,
        "scheme": scheme,
        "schemes": SCHEMES,
        "shown": ["light", "dark"] if scheme == "both" else [scheme],
        "widths": WIDTHS,
        "before": names[place - 1] if place else "",
        "after": names[place + 1] if place + 1 < len(names) else "",
    }
    return TemplateResponse(request, "admin/mail.html", context)


@require_safe
@csp(SANDBOX)
@xframe_options_sameorigin
def body(request: HttpRequest, name: str, scheme: str) -> HttpResponse:
    """The HTML part of a sample, for the frame: as a mail program shows it in this colour scheme."""
    html = _sample(name).write().html
    if scheme not in ("light", "dark") or not html:
        raise Http404
    return HttpResponse(in_scheme(html, scheme))


def in_scheme(html: str, scheme: str) -> str:
    """An email's HTML with its rules for the dark always in force, or never, whatever the browser prefers."""
    html = html.replace(_ASKS_FOR_DARK, "@media all" if scheme == "dark" else "@media not all")
    return html.replace('content="light dark"', f'content="{scheme}"')


def _sample(name: str) -> Sample:
    if name not in SAMPLES:
        raise Http404
    return SAMPLES[name]


def _chosen(request: HttpRequest, field: str, known: dict[str, str]) -> str:
    wished = request.GET.get(field, "")
    return wished if wished in known else next(iter(known))
