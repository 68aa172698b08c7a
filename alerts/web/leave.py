"""The pages by which one deletes one's account, and takes that back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import addresses, tokens
from accounts.models import Session, User
from alerts.digests import links
from alerts.web import leaving, signed_links, subscriptions
from alerts.web.headers import private
from alerts.web.my_alerts import SCOPE
from alerts.web.signed_in import let_out, signed_in
from config import clock


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def leave(request: HttpRequest, session: Session) -> HttpResponse:
    """What would be deleted; the button begins it, and signs out everywhere."""
    person, now = session.user, clock.now()
    context: dict[str, object] = {"masked": addresses.masked(person.email)}
    if request.method != "POST":
        context |= {"alerts": len(subscriptions.live(person)), "is_mailed": leaving.is_mailed(person)}
        return render(request, "accounts/leave.html", context)
    is_mailed = leaving.ask(person, SCOPE, now)
    person.refresh_from_db()
    way_back = "" if is_mailed else links.stay(person, now)
    context |= {"until": person.delete_after, "way_back": way_back, "seems_signed_in": False}
    return let_out(render(request, "accounts/leaving.html", context))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    """The way back: a page on GET, and the button takes the deletion back, for seven days."""
    now = clock.now()
    try:
        ident = signed_links.read(token, "stay", now).uuid
    except tokens.ExpiredToken:
        return render(request, "accounts/stay.html", {"gone": True})
    person = User.objects.filter(uuid=ident, is_active=True).first()
    done = person is not None and request.method == "POST" and leaving.stay(person, "stay", now)
    context = {
        "gone": person is None,
        "done": done or (person is not None and person.delete_after is None),
        "masked": addresses.masked(person.email) if person else "",
        "until": person.delete_after if person else None,
    }
    return render(request, "accounts/stay.html", context)
