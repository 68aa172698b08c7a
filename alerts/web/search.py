"""The search box, and the preview of what an alert would find."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from alerts.digests.wording import counted, plural
from alerts.matching.preview import MONTH, Preview, preview
from alerts.query import Query, describe
from alerts.web import controls, frequencies, narrowing, volume
from alerts.web.chart import chart
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
    """What the typed words find in the last 90 days, or what is wrong with them; a shareable address.

    To htmx, which asks while somebody types, only the part that changes.
    """
    now = clock.now()
    if "was" in request.GET:
        return HttpResponseRedirect(_as_chosen(request.GET))
    reading = read(request.GET.get("q", ""))
    context = {"reading": reading, "typed": reading.typed, "coverage": coverage(now), "nothing_typed": NOTHING_TYPED}
    if reading.query:
        context |= previewed(reading.query, now) | {"kept": controls.said_of(request.GET.get("kept", ""))}
    follows = is_following(request)
    response = render(request, "alerts/preview_live.html" if follows else "alerts/preview.html", context)
    patch_vary_headers(response, ["HX-Request"])
    # A box that was emptied while somebody types is no mistake, but the first page again.
    return replace_url(response, "/") if follows and not reading.typed.strip() else response


def is_following(request: HttpRequest) -> bool:
    """Whether it is htmx that asks, while somebody types, for the part of a page that changes."""
    return bool(request.htmx and not request.htmx.history_restore_request)


def _as_chosen(asked: QueryDict) -> str:
    """The address of what is typed with the filters that were chosen, which are typed in it from now on."""
    typed, kept = controls.composed(asked.get("q", ""), asked["was"], asked.dict())
    return preview_url(typed) + (f"&{urlencode({'kept': kept[0]})}" if kept else "")


def preview_url(typed: str) -> str:
    """The address of the preview of these words."""
    return f"/preview?{urlencode({'q': typed})}"


def previewed(query: Query, now: datetime) -> dict[str, object]:
    """What a query finds, as the templates show it."""
    found, advice = preview(query, now), next(iter(query.advice), None)
    known, variations = volume.of_preview(found, now), found.beside.variations
    repaired = advice.repaired if advice else None
    filters = controls.controls(query, found)
    return {
        "found": found,
        "tally": tally(found.last_90_days, found.questions, found.texts),
        "lately": _lately(found, now),
        "restatement": describe(query),
        "advice": advice,
        "advised_results": narrowing.results_of(variations, repaired),
        "chart": chart(found.weeks),
        "volume": known,
        "offers": frequencies.offers(known),
        "too_much": frequencies.too_much(known),
        "narrowings": narrowing.rows(variations, repaired),
        "filters": filters,
        "filters_chosen": controls.count(filters),
        "results": results(found.newest, query),
    }


def tally(results: int, questions: int, texts: int) -> dict[str, str]:
    """`23 results`, and what they are made of."""
    total = plural(results, "result")
    made_of = counted(results, questions, texts).removeprefix(total)
    return {"total": total, "made_of": made_of}


def _lately(found: Preview, now: datetime) -> str:
    """How many of them are of the last 30 days; '' where there are none at all."""
    month, quarter = found.last_30_days, found.last_90_days
    is_cut = found.over and found.since > timezone.localdate(now) - timedelta(days=MONTH)
    if month == quarter and not is_cut:
        return {0: "", 1: "it came in the last 30 days"}.get(month, "all of them in the last 30 days")
    return f"{'at least ' * is_cut}{month or 'none':{',' if month else ''}} in the last 30 days"
