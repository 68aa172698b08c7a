"""A digest in the browser: all of what its email tells, from its sections, or what is chosen of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import tokens
from alerts.digests.page import page
from alerts.models import Digest
from alerts.web import signed_links
from alerts.web.headers import private
from config import clock


@private
@require_safe
def digest_page(request: HttpRequest, token: str) -> HttpResponse:
    """The digest a link names, also after its alerts were changed or ended; it names no reader."""
    now = clock.now()
    try:
        ident = signed_links.read(token, "digest", now).uuid
    except tokens.ExpiredToken:
        return render(request, "alerts/digest_gone.html", status=410)
    digest = Digest.objects.filter(uuid=ident).first()
    if digest is None:
        return render(request, "alerts/digest_gone.html", status=410)
    return render(request, "alerts/digest.html", {"digest": digest, "page": page(digest, request.GET.dict())})
