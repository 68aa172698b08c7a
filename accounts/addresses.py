"""Email addresses: which we accept, and the one spelling we keep."""

import re
import unicodedata
from functools import lru_cache

import idna
from email_validator import EmailNotValidError, validate_email

DOTS_DO_NOT_COUNT = {"gmail.com", "googlemail.com"}
HINT = "Enter an email address in the correct format, like name@example.com"
LOCAL_PART = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAINS_KEPT = 10_000


class AddressError(ValueError):
    """An address we cannot write to; the message is for the person who typed it."""


def canonical(typed: str) -> str:
    """The canonical spelling of one address: local part as typed but in small letters, domain as a small A-label.

    Raises AddressError, with what to type instead, for anything but one plain address at a domain name.
    """
    text = unicodedata.normalize("NFC", typed.strip())
    local, at, domain = text.rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local):
        raise AddressError(HINT)
    address = f"{local.lower()}@{_canonical_domain(domain)}"
    if len(address) > 254:
        raise AddressError(HINT)
    return address


@lru_cache(maxsize=DOMAINS_KEPT)
def _canonical_domain(typed: str) -> str:
    try:
        domain = idna.encode(typed, uts46=True).decode().lower()
        validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except (EmailNotValidError, idna.IDNAError) as error:
        raise AddressError(HINT) from error
    if "." not in domain:
        raise AddressError(HINT)
    return domain


def abuse_key(address: str) -> str:
    """What counts as one mailbox for limits: without `+tag`, without dots at Google; never an address to write to."""
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTS_DO_NOT_COUNT:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def masked(address: str) -> str:
    """The address as pages show it: `s…e@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[0]}…{local[-1] if len(local) > 2 else ''}@{domain}"
