"""Pages about Hark itself, and the one that says whether the database is there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerts.query import rules
from alerts.retention.rules import RULES, STANDING
from alerts.web import coverage, health
from config import clock

CLOSED = (
    *("admin", "address", "alerts", "c", "confirm", "d", "m", "n", "outbox", "settings", "sign-in", "stay", "u"),
    "undo",
)
ROBOTS = "User-agent: *\n" + "".join(f"Disallow: /{name}/\n" for name in CLOSED)


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """What Hark reads and does, and what it does not."""
    return render(request, "alerts/how_it_works.html", {"coverage": coverage.coverage(clock.now())})


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Which sources are read, since when and how fresh; and what is known to be missing."""
    now = clock.now()
    covered = {"parliament": coverage.parliament(now), "newsletters": coverage.newsletters(now)}
    return render(request, "alerts/coverage.html", covered | {"gaps": coverage.gaps(now)})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why and for how long, by the rules that let go of it; who sees it, and how to leave."""
    told = {"standing": STANDING, "rules": [rule for rule in RULES if rule.personal]}
    return render(
        request, "alerts/privacy.html", told | {"operator": settings.OPERATOR, "postal": settings.POSTAL_ADDRESS}
    )


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What is tried so that everybody can use the site, and what has not been tried yet."""
    return render(request, "alerts/accessibility.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The language of the search box, in short."""
    return render(request, "alerts/help.html", {"rules": rules.RULES})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers should leave alone."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the database answers, with the numbers worth watching; 503 where it does not."""
    numbers = health.numbers(clock.now())
    return JsonResponse(numbers, status=200 if numbers["ok"] else 503, headers={"Cache-Control": "no-store"})
