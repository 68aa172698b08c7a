"""The page of an alert that its owner shares: its words and what they find, and nothing else of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.web import outlets
from alerts.web.coverage import coverage
from alerts.web.headers import private
from alerts.web.reading import read
from alerts.web.search import previewed
from config import clock


@private
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What the alert's words find now; neither whose it is, nor its name, nor how often it comes."""
    now = clock.now()
    outlet = outlets.behind(token, outlets.PAGE, now)
    if outlet is None or outlet.subscription.ended_at:
        return render(request, "alerts/shared_gone.html", status=410)
    reading = read(outlet.subscription.query)
    context = {"typed": reading.typed, "coverage": coverage(now)}
    if reading.query:
        context |= previewed(reading.query, now)
    return render(request, "alerts/shared.html", context)
