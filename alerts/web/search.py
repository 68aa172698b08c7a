"""The search box, and the preview of what an alert would find."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from alerts.matching.preview import MONTH, preview
from alerts.query import describe
from alerts.web.coverage import coverage
from alerts.web.reading import NOTHING_TYPED, read
from alerts.web.results import results
from config import clock

EXAMPLES = ('"health inequalities"', 'cancer AND "young people"', "maternity OR neonatal")


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The first page: one box."""
    return render(request, "alerts/landing.html", {"examples": EXAMPLES, "coverage": coverage(clock.now())})


@require_safe
def preview_page(request: HttpRequest) -> HttpResponse:
    """What the typed words find in the last 90 days, or what is wrong with them; a shareable address."""
    now = clock.now()
    reading = read(request.GET.get("q", ""))
    context = {"reading": reading, "typed": reading.typed, "coverage": coverage(now), "nothing_typed": NOTHING_TYPED}
    if reading.query:
        found = preview(reading.query, now)
        context["found"] = found
        context["month_is_cut"] = found.over and found.since > timezone.localdate(now) - timedelta(days=MONTH)
        context["restatement"] = describe(reading.query)
        context["results"] = results(found.newest, reading.query)
    return render(request, "alerts/preview.html", context)


def preview_url(typed: str) -> str:
    """The address of the preview of these words."""
    return f"/preview?{urlencode({'q': typed})}"
