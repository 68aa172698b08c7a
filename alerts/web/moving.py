"""Moving to another address: asked for by who is signed in, done when both ends said yes; the one place that writes."""

import datetime
import secrets
from functools import partial

from django.db import IntegrityError, transaction

from accounts import address_changes, sessions, sign_ins, suppressions
from accounts.address_changes import LASTS, End, State
from accounts.models import AddressChange, Suppression, User
from alerts import tasks
from alerts.digests import moves, readdress
from alerts.models import Message
from alerts.web import limits
from alerts.web.record import record_person

SCOPE = "address"


class TooOften(Exception):
    """The person, or everybody together, has asked often enough; `wait` is until they may again."""

    def __init__(self, wait: datetime.timedelta):
        super().__init__("asked too often")
        self.wait = wait


def is_barred(person: User) -> bool:
    """Whether the person's address can say no yes: we must not write to it, and not because mail to it came back."""
    return suppressions.suppressed(person.email) and not suppressions.bounces(person.email)


def ask(person: User, address: str, typed: str, now: datetime.datetime) -> AddressChange:
    """A change to this canonical address (`typed` as it was typed), with a mail to either end; an earlier one is over.

    Whether somebody has the address, or asked us never to write to it, shows only in what its owner is mailed. The
    caller has seen that it is another address, and that the person is not barred. Asked twice within a minute it is
    asked once. Raises TooOften.
    """
    with transaction.atomic():
        person = User.objects.locked(person.pk)
        waiting = address_changes.open_of(person, now)
        if waiting and waiting.new_address == address and now - waiting.asked_at < limits.APART:
            return waiting
        if wait := limits.wait_to_move(person, now):
            raise TooOften(wait)
        _give_up(person, now)
        mailed = limits.mailed_moves(sign_ins.mailbox(address), now)
        keys = {end: secrets.token_urlsafe(32) for end in End}
        change = AddressChange.objects.create(
            user=person,
            old_address=person.email,
            new_address=address,
            new_as_typed=_as_typed(typed, address),
            mailbox=sign_ins.mailbox(address),
            needs_old=not suppressions.bounces(person.email),
            old_link_hash=sign_ins.hashed(keys[End.OLD]),
            new_link_hash=sign_ins.hashed(keys[End.NEW]),
            asked_at=now,
            expires_at=now + LASTS,
        )
        _mail_both(change, keys, limits.may_mail(mailed, now), now)
        record_person("address_asked", person, {}, {}, "signed-in", now)
        return change


def _as_typed(typed: str, address: str) -> str:
    """The spelling to show: as typed where that differs in capitals alone, else the canonical one."""
    return typed.strip() if typed.strip().lower() == address else address


def say_yes(change: AddressChange, end: End, now: datetime.datetime) -> AddressChange:
    """One end's yes, any number of times; with the other's the address changes. The change as it is then."""
    with transaction.atomic():
        person = User.objects.locked(change.user_id)
        change = AddressChange.objects.select_for_update().get(pk=change.pk)
        change.user = person
        if address_changes.state(change, now) is not State.OPEN or not _may_move(person):
            return change
        field = f"{end}_yes_at"
        setattr(change, field, getattr(change, field) or now)
        change.needs_old = change.needs_old and not suppressions.bounces(change.old_address)
        change.save(update_fields=[field, "needs_old"])
        if change.new_yes_at and (change.old_yes_at or not change.needs_old):
            _finish(change, person, now)
        return change


def cancel(change: AddressChange, end: End | None, now: datetime.datetime) -> AddressChange:
    """Give an open change up: by its person (None), or by an end that did not ask for it.

    The end that mail goes to now signs out everywhere with it; the other one is never written to again, unless it has
    an account of its own. The change as it is then.
    """
    with transaction.atomic():
        person = User.objects.locked(change.user_id)
        change = AddressChange.objects.select_for_update().get(pk=change.pk)
        if address_changes.state(change, now) is State.OPEN:
            _give_up(person, now)
            if end is End.OLD:
                _sign_out_everywhere(person)
            if end is End.NEW and not User.objects.filter(email=change.new_address).exists():
                suppressions.suppress(change.new_address, Suppression.Reason.BLOCKED, now)
            record_person("address_cancelled", person, {}, {"end": end or "person"}, SCOPE, now)
            change.refresh_from_db()
        return change


def _mail_both(change: AddressChange, keys: dict[End, str], may_mail_new: bool, now: datetime.datetime) -> None:
    """The same work whoever has the new address: what may not be mailed is written too, and given up."""
    if change.needs_old:
        moves.queue_to_old(change, keys[End.OLD], now)
    owner = User.objects.filter(email=change.new_address).first()
    is_welcome = not suppressions.suppressed(change.new_address, anew=True)
    with transaction.atomic():
        if owner is None:
            moves.queue_to_new(change, keys[End.NEW], now)
        else:
            moves.queue_taken(change, now)
        transaction.set_rollback(not (may_mail_new and is_welcome and (owner is None or _may_move(owner))))
    transaction.on_commit(partial(tasks.ring, "deliver"))


def _finish(change: AddressChange, person: User, now: datetime.datetime) -> None:
    """Both said yes. Where the address is somebody's by now, or must not be written to, it is given up instead."""
    if suppressions.suppressed(change.new_address, anew=True):
        _give_up(person, now)
    else:
        try:
            with transaction.atomic():
                _move(change, person, now)
        except IntegrityError:
            _give_up(person, now)
            moves.queue_taken(change, now)
    transaction.on_commit(partial(tasks.ring, "deliver"))
    change.refresh_from_db()


def _move(change: AddressChange, person: User, now: datetime.datetime) -> None:
    """Sessions stay, as do links that stop emails; those that sign in or manage were for the former address's reader.

    Raises IntegrityError where the new address is somebody's.
    """
    change.done_at = now
    change.save(update_fields=["done_at"])
    person.email, person.email_as_typed = change.new_address, change.new_as_typed
    person.token_version += 1
    person.save(update_fields=["email", "email_as_typed", "token_version"])
    person.sign_ins.all().delete()
    suppressions.begin_anew(person.email)
    readdress.follow(person, now)
    moves.queue_done(change, True, now)
    if not suppressions.suppressed(change.old_address):
        moves.queue_done(change, False, now)
    record_person("address_changed", person, {}, {}, SCOPE, now)


def _give_up(person: User, now: datetime.datetime) -> None:
    """Its mails that wait are given up too; those that tell of an earlier one, which is done, still go."""
    asked = person.address_changes.filter(done_at=None, cancelled_at=None).values_list("asked_at", flat=True).first()
    address_changes.give_up(person, now)
    waiting = Message.objects.filter(user=person, kind=Message.Kind.ADDRESS, state=Message.State.PENDING)
    waiting.filter(made_at=asked).update(
        state=Message.State.CANCELLED, settled_at=now, reason="the change of address was given up"
    )


def _sign_out_everywhere(person: User) -> None:
    sessions.end(person)
    person.sign_ins.all().delete()
    person.token_version += 1
    person.save(update_fields=["token_version"])


def _may_move(person: User) -> bool:
    return User.objects.subscribers().filter(pk=person.pk).exists()
