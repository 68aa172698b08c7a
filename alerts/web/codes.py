"""The six digits that confirm, or sign in, in the browser that asked."""

import hashlib
import hmac
import secrets
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import SignIn
from alerts.models import SignUp

TRIES = 5

NO_CODE = "Enter the six digits from the email"
WRONG_CODE = "That is not the code in the newest email. Check it, or use the link in the email"


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def code_hash(ident: uuid.UUID, code: str) -> str:
    """The keyed hash of the code of the sign-up or sign-in called `ident`."""
    key = b"hark.code." + settings.TOKEN_KEY.encode()
    return hmac.new(key, ident.bytes + code.encode(), hashlib.sha256).hexdigest()


def is_right(mailed: SignUp | SignIn, typed: str) -> bool:
    """Whether the typed code, blanks aside, is the one mailed for this."""
    code = "".join(typed.split())
    return hmac.compare_digest(mailed.code_hash, code_hash(mailed.uuid, code))


def complaint(mailed: SignUp | SignIn | None, typed: str, ended: str, over: bool) -> str:
    """What is wrong with the code, or ''; every wrong try is counted, five end it: `ended`, as where `over`."""
    if not typed.strip():
        return NO_CODE
    if mailed is None:
        return WRONG_CODE
    rows = type(mailed).objects
    with transaction.atomic():
        waiting = rows.select_for_update().get(pk=mailed.pk)
        if waiting.wrong_codes >= TRIES or over:
            return ended
        if is_right(waiting, typed):
            return ""
        rows.filter(pk=waiting.pk).update(wrong_codes=F("wrong_codes") + 1)
        return ended if waiting.wrong_codes + 1 == TRIES else WRONG_CODE
