"""Emails about a change of address: to either end to confirm it, and to both once it is done."""

import datetime

from accounts.addresses import masked
from accounts.models import AddressChange, User
from alerts.digests import links
from alerts.digests.mail import Letter
from alerts.digests.outgoing import fixed, letter, new_message
from alerts.digests.wording import day
from alerts.models import Message

Kind = Message.Kind


def queue_to_old(change: AddressChange, key: str, now: datetime.datetime) -> Message:
    """Queue the email by which the address a person has now says yes, or stops it, by the link of this key."""
    return _queued(change.old_address, change, to_old_letter(change, key), now)


def queue_to_new(change: AddressChange, key: str, now: datetime.datetime) -> Message:
    """Queue the email by which the address a person wants says yes, by the link of this key."""
    return _queued(change.new_address, change, to_new_letter(change, key), now)


def queue_taken(change: AddressChange, now: datetime.datetime) -> Message:
    """Queue the email that tells the owner of the wanted address, who has alerts there, that nothing changes."""
    return _queued(change.new_address, change, taken_letter(), now)


def queue_done(change: AddressChange, is_here: bool, now: datetime.datetime) -> Message:
    """Queue the email that says it is done: to the new address (`is_here`), or as the last one to the former."""
    address = change.new_address if is_here else change.old_address
    return _queued(address, change, done_letter(change, is_here), now)


def to_old_letter(change: AddressChange, key: str) -> Letter:
    """What the address a person has now is asked."""
    return letter("address_old", _asked(change, key) | {"new": masked(change.new_address)})


def to_new_letter(change: AddressChange, key: str) -> Letter:
    """What the address a person wants is asked."""
    return letter("address_new", _asked(change, key) | {"needs_old": change.needs_old})


def taken_letter() -> Letter:
    """What is said where the address a person wants has alerts already."""
    return letter("address_taken", {"sign_in_url": links.sign_in_page()})


def done_letter(change: AddressChange, is_here: bool) -> Letter:
    """What both ends are told once it is done."""
    urls = {"my_alerts_url": links.my_alerts(), "sign_in_url": links.sign_in_page()}
    return letter("address_changed", urls | {"is_here": is_here, "new": masked(change.new_address)})


def _asked(change: AddressChange, key: str) -> dict[str, str]:
    return {"until": _moment(change.expires_at, change.user), "page_url": links.address(key)}


def _moment(moment: datetime.datetime, person: User) -> str:
    local = moment.astimezone(person.zone)
    return f"{day(local.date())}, {local:%H:%M}"


def _queued(address: str, change: AddressChange, written: Letter, now: datetime.datetime) -> Message:
    return fixed(new_message(Kind.ADDRESS, address, now, user=change.user), written, now)
