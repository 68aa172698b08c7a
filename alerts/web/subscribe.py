"""Asking for an alert: the form, and "check your inbox"."""

import math

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alerts.web import browser, limits, signing_up, stamps
from alerts.web.forms import OFFERED, SubscribeForm
from alerts.web.network import network
from alerts.web.reading import Mistake, read
from alerts.web.signing_up import Asker
from config import clock

BOXES = ("wants_tabled", "wants_answered", "wants_corrected")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form on GET; on POST a sign-up and its mail, or the form again with everything that was typed."""
    if request.method != "POST":
        typed = request.GET.get("q", "")
        mistake = read(typed).mistake
        return _form(request, SubscribeForm(initial={"q": typed}), status=200, mistake=mistake)
    if "repair" in request.POST:
        return _form(request, _repaired(request.POST), status=200)
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=200, mistake=form.query_mistake)
    if form.is_a_trap_sprung:
        return HttpResponseRedirect("/check-email")
    now, origin = clock.now(), network(request)
    wait = limits.wait_for_network(origin, now)
    if wait is not None:
        return _wait(request, form, math.ceil(wait.total_seconds()))
    sign_up = signing_up.ask(_wanted(form), _asker(form, origin), now)
    return browser.remember(HttpResponseRedirect("/check-email"), browser.ASKED, sign_up)


def _repaired(typed: QueryDict) -> SubscribeForm:
    """The form as it was typed, but with the offered words: pressing a repair sends nothing yet."""
    kept = {name: typed.get(name, "") for name in ("name", "frequency", "address")}
    boxes = {name: name in typed for name in BOXES}
    return SubscribeForm(initial={"q": typed["repair"], **kept, **boxes})


def _wanted(form: SubscribeForm) -> dict[str, object]:
    data = form.cleaned_data
    return {"query": data["q"], **{field: data[field] for field in ("name", "frequency", *BOXES)}}


def _asker(form: SubscribeForm, origin: str) -> Asker:
    return Asker(form.cleaned_data["address"], form.data["address"].strip(), origin, "/subscribe")


def _wait(request: HttpRequest, form: SubscribeForm, seconds: int) -> HttpResponse:
    minutes = math.ceil(seconds / 60)
    form.add_error(None, f"Too many alerts were asked for from your network. Try again in {minutes} minutes")
    response = _form(request, form, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _form(request: HttpRequest, form: SubscribeForm, status: int, mistake: Mistake | None = None) -> HttpResponse:
    context = {"form": form, "offered": OFFERED, "mistake": mistake, "stamp": stamps.stamp()}
    return render(request, "alerts/subscribe.html", context, status=status)
