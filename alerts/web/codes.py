"""The six digits that confirm in the browser that asked."""

import hashlib
import hmac
import secrets
import uuid

from django.conf import settings

from alerts.models import SignUp

TRIES = 5


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def code_hash(sign_up: uuid.UUID, code: str) -> str:
    """The keyed hash of a sign-up's code."""
    key = b"hark.code." + settings.TOKEN_KEY.encode()
    return hmac.new(key, sign_up.bytes + code.encode(), hashlib.sha256).hexdigest()


def is_right(sign_up: SignUp, typed: str) -> bool:
    """Whether the typed code, blanks aside, is the one mailed for this sign-up."""
    code = "".join(typed.split())
    return hmac.compare_digest(sign_up.code_hash, code_hash(sign_up.uuid, code))
