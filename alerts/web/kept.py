"""What somebody typed into a form of theirs when their session had ended: it comes back once they are signed in again.

Each form says whose it is (`whose`, signed), so that whoever signs in instead is shown none of it. It travels signed in
the sign-in form, then lies in the row of the mailed sign-in, so that the link may be opened in another browser.
"""

import re
import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, QueryDict

from accounts.models import Session, SignIn, User

FORMS = re.compile(r"/(?:alerts(?:/new|/[0-9a-f-]{36})?|settings(?:/address)?)")
NOT_TYPED = {"csrfmiddlewaretoken", "whose", "seen"}
MOST = 5_000
"""Characters that are kept: a longer form was not filled in by hand."""
_WHOSE, _TYPED = "hark.whose", "hark.typed"

Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Typed:
    """What was typed into the form at a path, and by whom (their uuid)."""

    path: str
    fields: Fields
    whose: str


def whose(person: User) -> str:
    """The person, signed, for a hidden field of their forms."""
    return signing.dumps(str(person.uuid), salt=_WHOSE)


def sealed(request: HttpRequest) -> str:
    """What was posted to a form, for a hidden field of the sign-in form; '' where there is nothing to keep."""
    if request.method != "POST" or not FORMS.fullmatch(request.path):
        return ""
    fields = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    try:
        ident = signing.loads(request.POST.get("whose", ""), salt=_WHOSE)
    except signing.BadSignature:
        return ""
    if sum(len(word) for name, values in fields.items() for word in (name, *values)) > MOST:
        return ""
    return signing.dumps([request.path, fields, ident], salt=_TYPED, compress=True)


def opened(seal: str) -> Typed | None:
    """What such a field holds; None where it is empty or forged."""
    try:
        return Typed(*signing.loads(seal, salt=_TYPED))
    except signing.BadSignature:
        return None


def onward(signed_in: SignIn, home: str) -> str:
    """The page to go on to after signing in, with what is to be put back there."""
    back = f"?typed={signed_in.uuid}" if signed_in.typed is not None else ""
    return f"{signed_in.goes_to or home}{back}"


def of(request: HttpRequest, session: Session) -> QueryDict | None:
    """What this person had typed here, as it was posted; None for everybody else, and where there is nothing."""
    try:
        ident = uuid.UUID(request.GET.get("typed", ""))
    except ValueError:
        return None
    known = SignIn.objects.filter(uuid=ident, user=session.user_id, goes_to=request.path, used_at__isnull=False)
    typed = known.filter(typed__isnull=False).values_list("typed", flat=True).first()
    if typed is None:
        return None
    fields = QueryDict(mutable=True)
    for name, values in typed.items():
        fields.setlist(name, values)
    return fields
