"""Emails that other doors ask for: confirm an alert, you have it, sign in. Rendered at once, delivered like all."""

import datetime
import uuid

from django.conf import settings

from accounts.models import User
from alerts.digests import links
from alerts.digests.mail import Letter, as_bytes, one_line
from alerts.digests.templates import rendered
from alerts.digests.wording import day
from alerts.models import Message, SignUp, Subscription
from alerts.models.choices import Frequency

AT_ONCE = 1
"""The priority of an email somebody is waiting for."""
HOW_OFTEN = {
    Frequency.AS_IT_HAPPENS: "an email as it happens, at most every 15 minutes,",
    Frequency.DAILY: "one email a day",
    Frequency.WEEKLY: "one email a week",
}
SUBJECT_LENGTH = 60


def queue_confirm(sign_up: SignUp, code: str, now: datetime.datetime) -> Message:
    """Queue the email that lets the owner of the address confirm, by its link or by `code` (six digits)."""
    message = new_message(Message.Kind.CONFIRM, sign_up.email, now, sign_up=sign_up)
    return fixed(message, confirm_letter(sign_up, code), now)


def queue_already(had: Subscription, sign_up: SignUp, now: datetime.datetime) -> Message:
    """Queue the email that tells a person they get this alert already, and how often; nothing has changed."""
    message = new_message(Message.Kind.ALREADY, had.user.email, now, sign_up=sign_up, user=had.user)
    return fixed(message, already_letter(had, sign_up, now), now)


def queue_sign_in(address: str, person: User | None, link: str, code: str, now: datetime.datetime) -> Message:
    """Queue the email that lets the person at this address sign in, by its link (a key) or by `code` (six digits)."""
    message = new_message(Message.Kind.SIGN_IN, address, now, user=person)
    return fixed(message, sign_in_letter(link, code), now)


def queue_goodbye(person: User, now: datetime.datetime) -> Message:
    """Queue the last email to a person who leaves, with the way back."""
    message = new_message(Message.Kind.GOODBYE, person.email, now, user=person)
    return fixed(message, goodbye_letter(person, now), now)


def goodbye_letter(person: User, now: datetime.datetime) -> Letter:
    """What the email says to a person whose account is deleted at `delete_after`."""
    until = person.delete_after.astimezone(person.zone)
    return letter("goodbye", {"until": f"{day(until.date())}, {until:%H:%M}", "stay_url": links.stay(person, now)})


def confirm_letter(sign_up: SignUp, code: str) -> Letter:
    """What the email says by which an alert is confirmed."""
    return _letter("confirm", sign_up, {"confirm_url": links.confirm(sign_up), "code": _in_threes(code)})


def already_letter(had: Subscription, sign_up: SignUp, now: datetime.datetime) -> Letter:
    """What the email says to a person who has the alert already."""
    context = {"manage_url": links.manage(had.user, now), "frequency": Frequency(had.frequency).label}
    return _letter("already", sign_up, context)


def sign_in_letter(link: str, code: str) -> Letter:
    """What the email says by which a person signs in."""
    return letter("sign_in", {"sign_in_url": links.sign_in(link), "code": _in_threes(code)})


def _in_threes(code: str) -> str:
    return f"{code[:3]} {code[3:]}"


def new_message(kind: str, address: str, now: datetime.datetime, **fields) -> Message:
    """A message of this kind to this address, without its bytes; not saved."""
    ident = uuid.uuid4()
    values = {"priority": AT_ONCE, "message_id": f"<{ident}@{settings.MAIL_DOMAIN}>", "made_at": now}
    return Message(uuid=ident, kind=kind, to_address=address, **(values | fields))


def fixed(message: Message, written: Letter, now: datetime.datetime) -> Message:
    """The message saved with its bytes: pending, and fixed from here on."""
    message.subject, message.body = written.subject, as_bytes(written, message, now)
    message.save()
    return message


def _letter(name: str, sign_up: SignUp, context: dict) -> Letter:
    context = context | {
        "words": one_line(sign_up.query),
        "title": shortened(one_line(sign_up.title), SUBJECT_LENGTH - len('Confirm your alert: ""')),
        "how_often": HOW_OFTEN[Frequency(sign_up.frequency)],
    }
    return letter(name, context)


def letter(name: str, context: dict) -> Letter:
    """The letter of the templates called `name`: its subject, text and HTML."""
    context = context | {
        "site_url": settings.SITE_URL,
        "postal_address": settings.POSTAL_ADDRESS,
        "contact_address": settings.CONTACT_ADDRESS,
    }
    subject = one_line(rendered(f"{name}.subject.txt", context))
    text = rendered(f"{name}.txt", context)
    html = rendered(f"{name}.html", context | {"subject": subject})
    return Letter(subject, text, html)


def shortened(text: str, length: int) -> str:
    """`text` in at most `length` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
