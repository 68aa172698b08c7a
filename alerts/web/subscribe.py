"""Asking for an alert: the form, and "check your inbox"."""

import datetime
import math
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alerts.digests.wording import plural
from alerts.web import browser, controls, frequencies, limits, meant, problems, signed_in, signing_up, stamps, volume
from alerts.web.forms import SubscribeForm
from alerts.web.network import network
from alerts.web.reading import read
from alerts.web.signing_up import Asker
from alerts.web.wanted_form import BOXES
from config import clock

KEPT = ("name", "frequency", "address", "hour", "weekday", "zone")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form on GET; on POST a sign-up and its mail, or the form again with everything that was typed."""
    now = clock.now()
    if request.method != "POST" and signed_in.session(request):
        return HttpResponseRedirect(f"/alerts/new?{urlencode({'q': request.GET.get('q', '')})}")
    if request.method != "POST":
        return _form(request, SubscribeForm(initial={"q": request.GET.get("q", "")}, now=now), status=200)
    words = _other_words(request.POST)
    if words is not None:
        return _form(request, _retyped(request.POST, words, now), status=200)
    sent = meant.answered(request.POST)
    form, question = SubscribeForm(sent, now=now), meant.question(sent)
    if form.is_valid() and form.is_a_trap_sprung:
        return HttpResponseRedirect("/check-email")
    if form.errors or question:
        return _form(request, form, status=200, question=question)
    origin = network(request)
    wait = limits.wait_for_network(origin, now)
    if wait is not None:
        return _wait(request, form, math.ceil(wait.total_seconds()))
    sign_up = signing_up.ask(form.wanted | form.wished, _asker(form, origin), now)
    return browser.remember(HttpResponseRedirect("/check-email"), browser.ASKED, sign_up)


def _other_words(pressed: QueryDict) -> str | None:
    """The words as mended, or without a filter, where that is what was pressed, which sends nothing yet; else None."""
    if "without" in pressed:
        return controls.without(pressed.get("q", ""), pressed["without"])
    return pressed.get("repair")


def _retyped(typed: QueryDict, words: str, now: datetime.datetime) -> SubscribeForm:
    """The form as it was typed, but for the words."""
    kept = {name: typed[name] for name in KEPT if name in typed}
    boxes = {name: name in typed for name in BOXES}
    return SubscribeForm(initial={"q": words, **kept, **boxes}, now=now)


def _asker(form: SubscribeForm, origin: str) -> Asker:
    return Asker(form.cleaned_data["address"], form.data["address"].strip(), origin, "/subscribe")


def _wait(request: HttpRequest, form: SubscribeForm, seconds: int) -> HttpResponse:
    words = (
        f"Too many alerts were asked for from your network. Try again in {plural(math.ceil(seconds / 60), 'minute')}"
    )
    form.add_error(None, words)
    response = _form(request, form, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _form(
    request: HttpRequest, form: SubscribeForm, status: int, question: meant.Question | None = None
) -> HttpResponse:
    """The page; before anything was sent it says what is wrong with the words, and how much they find.

    Where only the address is asked about, the form is as old as it was, so that the answer may come at once.
    """
    found, mistake, query = form.volume, form.query_mistake, form.query
    if not form.is_bound:
        reading = read(form["q"].value())
        mistake, query = reading.mistake, reading.query
        found = volume.of_query(query, form.now) if query else None
    context = {
        "form": form,
        "problems": problems.of_form(form),
        "offers": frequencies.offers(found),
        "too_much": frequencies.too_much(found),
        "mistake": mistake,
        "chips": controls.chips(query) if query else [],
        "stamp": form.data["shown"] if question and not form.errors else stamps.stamp(),
        **meant.shown(question, request.POST),
    }
    return render(request, "alerts/subscribe.html", context, status=status)
