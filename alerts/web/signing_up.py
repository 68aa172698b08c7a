"""Asking for an alert: the sign-up and its mail, the same to look at whether the address is known or not."""

import datetime
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from accounts import sign_ins, suppressions
from accounts.models import User
from alerts import tasks
from alerts.digests import outgoing
from alerts.models import Asked, SignUp, Subscription
from alerts.models.subscription import Wanted
from alerts.query import parse, topic_key
from alerts.web import codes, limits

TEXT_VERSION = "2026-01"
"""Version of the consent text on the subscribe page; raise it when that text changes."""
HOURS = ("delivery_time", "delivery_weekday", "timezone")
LINK_WORKS = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Asker:
    """Who asks: canonical address, the same as typed, and the network and page they asked from."""

    address: str
    typed: str
    network: str
    form_url: str


def ask(what: dict[str, object], asker: Asker, now: datetime.datetime) -> SignUp:
    """A new sign-up for `what` is wanted (fields of `Wanted`), with the mail that its address may get now.

    The caller has parsed `what["query"]`. A suppressed or much mailed address gets a sign-up and no mail.
    """
    with transaction.atomic():
        sign_up = record(what, asker, now)
        mail(sign_up, now)
        return sign_up


def record(what: dict[str, object], asker: Asker, now: datetime.datetime) -> SignUp:
    """A new sign-up, with no mail."""
    return SignUp.objects.create(
        **what,
        email=asker.address,
        email_as_typed=asker.typed[:254],
        network=asker.network,
        form_url=asker.form_url,
        text_version=TEXT_VERSION,
        asked_at=now,
        expires_at=now + LINK_WORKS,
    )


def ask_again(sign_up: SignUp, now: datetime.datetime) -> None:
    """Mail the same sign-up once more, with a new code, if the limits allow."""
    with transaction.atomic():
        waiting = SignUp.objects.select_for_update().get(pk=sign_up.pk)
        if waiting.confirmed_at is None and waiting.cancelled_at is None and now < waiting.expires_at:
            mail(waiting, now)


def repeat(expired: SignUp, address: str, network: str, now: datetime.datetime) -> SignUp:
    """A new sign-up for the same alert and its canonical address, mailed within the same limits."""
    asker = Asker(address, expired.email_as_typed or address, network, expired.form_url)
    hours = {field: getattr(expired, field) for field in HOURS}
    return ask(wanted(expired) | hours, asker, now)


def remind(person: User, subscription: Subscription, network: str, now: datetime.datetime) -> SignUp:
    """Mail a person who has this alert "you already get this", with a fresh link to manage it, within the limits."""
    return ask(wanted(subscription), Asker(person.email, person.email_as_typed, network, "/m/"), now)


def wanted(given: Wanted) -> dict[str, object]:
    """What a sign-up or a subscription is for, as fields."""
    return {field.name: getattr(given, field.name) for field in Wanted._meta.get_fields()}


def mail(sign_up: SignUp, now: datetime.datetime) -> None:
    """Queue the confirmation, or "you already get this".

    Where the address may not be written to now the mail is made too, and given up: the time it takes tells nothing.
    """
    mailbox = sign_ins.mailbox(sign_up.email)
    mailed = limits.mailed(mailbox, now)
    is_welcome = not suppressions.suppressed(sign_up.email, anew=True)
    with transaction.atomic():
        Asked.objects.create(mailbox=mailbox, at=now)
        _queue(sign_up, now)
        transaction.set_rollback(not (is_welcome and limits.may_mail(mailed, now)))
    transaction.on_commit(partial(tasks.ring, "deliver"))


def _queue(sign_up: SignUp, now: datetime.datetime) -> None:
    had = already_gets(sign_up)
    if had:
        outgoing.queue_already(had, sign_up, now)
    else:
        code = codes.new_code()
        sign_up.code_hash, sign_up.wrong_codes = codes.code_hash(sign_up.uuid, code), 0
        sign_up.save(update_fields=["code_hash", "wrong_codes"])
        outgoing.queue_confirm(sign_up, code, now)


def already_gets(sign_up: SignUp) -> Subscription | None:
    """The live alert on the very same topic that the address has, if there is one."""
    key = topic_key(parse(sign_up.query).tree)
    same = Subscription.objects.filter(user__email=sign_up.email, topic__key=key, ended_at__isnull=True)
    return same.select_related("user").first()
