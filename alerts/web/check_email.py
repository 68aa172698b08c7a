"""Check your inbox: the six-digit code, and sending the mail again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alerts.models import SignUp
from alerts.web import browser, codes, confirm, confirming, signing_up
from alerts.web.held_up import held_up
from config import clock

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
    over = sign_up is not None and now >= sign_up.expires_at
    problem = codes.complaint(sign_up, request.POST.get("code", ""), CODE_ENDED, over)
    if problem:
        return _page(request, sign_up, problem=problem)
    assert sign_up
    return confirm.done(request, sign_up, confirming.confirm(sign_up.uuid, now, scope="code"))


def _page(request: HttpRequest, sign_up: SignUp | None, problem: str = "", again: bool = False) -> HttpResponse:
    problems = {"code": problem} if problem else {}
    context = {"sign_up": sign_up, "problems": problems, "again": again, "held_up": held_up(clock.now())}
    return render(request, "alerts/check_email.html", context)
