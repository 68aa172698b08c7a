"""Links that have expired offer to mail a fresh one to the address we know, which need not be typed again."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from alerts.web import signing_up, subscriptions
from alerts.web.network import network


def remind(request: HttpRequest, owner: User | None, now: datetime.datetime, template: str) -> HttpResponse:
    """The page that offers it; on POST a fresh link is mailed where its owner has an alert, which is not told."""
    sent = request.method == "POST"
    alert = next(iter(subscriptions.live(owner)), None) if owner and sent else None
    if owner and alert:
        signing_up.remind(owner, alert, network(request), now)
    return render(request, template, {"sent": sent})
