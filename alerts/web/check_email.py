"""Check your inbox: the six-digit code, and sending the mail again."""

import datetime

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alerts.models import SignUp
from alerts.web import browser, codes, confirm, confirming, signing_up
from config import clock

NO_CODE = "Enter the six digits from the email"
WRONG_CODE = "That is not the code in the newest email. Check it, or use the link in the email"
CODE_ENDED = "This code has ended. The link in the email still works"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_email(request: HttpRequest) -> HttpResponse:
    """The same page whoever the address belongs to; a POST brings the code, or asks for the mail again."""
    sign_up = browser.remembered(request, browser.ASKED)
    if request.method != "POST":
        return _page(request, sign_up, again="again" in request.GET)
    now = clock.now()
    if "again" in request.POST:
        if sign_up:
            signing_up.ask_again(sign_up, now)
        return HttpResponseRedirect("/check-email?again")
    problem = complaint(sign_up, request.POST.get("code", ""), now)
    if problem:
        return _page(request, sign_up, problem=problem)
    assert sign_up
    return confirm.done(request, sign_up, confirming.confirm(sign_up.uuid, now, scope="code"))


def complaint(sign_up: SignUp | None, typed: str, now: datetime.datetime) -> str:
    """What is wrong with the code, or ''; every wrong try is counted, five end the code."""
    if not typed.strip():
        return NO_CODE
    if sign_up is None:
        return WRONG_CODE
    with transaction.atomic():
        waiting = SignUp.objects.select_for_update().get(pk=sign_up.pk)
        if waiting.wrong_codes >= codes.TRIES or now >= waiting.expires_at:
            return CODE_ENDED
        if codes.is_right(waiting, typed):
            return ""
        SignUp.objects.filter(pk=waiting.pk).update(wrong_codes=F("wrong_codes") + 1)
        return CODE_ENDED if waiting.wrong_codes + 1 == codes.TRIES else WRONG_CODE


def _page(request: HttpRequest, sign_up: SignUp | None, problem: str = "", again: bool = False) -> HttpResponse:
    context = {"sign_up": sign_up, "problem": problem, "again": again}
    return render(request, "alerts/check_email.html", context)
