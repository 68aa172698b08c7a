"""My alerts: all of a person's alerts on one page, for who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import addresses
from accounts.models import Session
from alerts.digests import links
from alerts.web import manage
from alerts.web.signed_in import signed_in
from config import clock


@require_safe
@signed_in
def my_alerts(request: HttpRequest, session: Session) -> HttpResponse:
    """The alerts, each with how it comes and when next."""
    now, person = clock.now(), session.user
    context = {
        "rows": list(manage.rows(person, now)),
        "masked": addresses.masked(person.email),
        "manage": links.manage(person, now),
    }
    return render(request, "accounts/my_alerts.html", context)
