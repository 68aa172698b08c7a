"""Emails that are no digests, as samples."""

import datetime
import uuid
from collections.abc import Mapping

from accounts.models import AddressChange
from alerts.digests.change_words import OF_ALERTS
from alerts.digests.changed import change_letter
from alerts.digests.check_in import check_in_letter
from alerts.digests.mail import Letter
from alerts.digests.moves import done_letter, taken_letter, to_new_letter, to_old_letter
from alerts.digests.outgoing import already_letter, confirm_letter, goodbye_letter, sign_in_letter
from alerts.digests.samples.values import MORNING, reader
from alerts.digests.trial import test_letter
from alerts.models import Change, CheckIn, SignUp, Subscription
from alerts.models.choices import Frequency

TITLE, WORDS = "Harbour pilots", "pilots AND (wages OR safety)"


def _sign_up(**fields: object) -> SignUp:
    return SignUp(uuid=uuid.UUID(int=2), email="reader@example.org", asked_at=MORNING, **fields)


def confirm() -> Letter:
    return confirm_letter(_sign_up(name=TITLE, query=WORDS, frequency=Frequency.DAILY), "482913")


def confirm_without_name() -> Letter:
    """Words so long that the subject cuts them, as it happens."""
    words = '("harbour pilots" OR "night ferries") AND (wages OR safety OR training) NOT dredging'
    return confirm_letter(_sign_up(query=words, frequency=Frequency.AS_IT_HAPPENS), "007100")


def already() -> Letter:
    had = Subscription(user=reader(), query=WORDS, frequency=Frequency.WEEKLY)
    return already_letter(had, _sign_up(name=TITLE, query=WORDS, frequency=Frequency.DAILY), MORNING)


def sign_in() -> Letter:
    return sign_in_letter("A" * 43, "482913")


def goodbye() -> Letter:
    leaver = reader()
    leaver.delete_after = MORNING + datetime.timedelta(days=7)
    return goodbye_letter(leaver, MORNING)


def address_old() -> Letter:
    return to_old_letter(_move(), "A" * 43)


def address_new() -> Letter:
    return to_new_letter(_move(), "A" * 43)


def address_new_alone() -> Letter:
    """Where the former address bounces and is not asked."""
    return to_new_letter(_move(needs_old=False), "A" * 43)


def address_taken() -> Letter:
    return taken_letter()


def address_changed_here() -> Letter:
    return done_letter(_move(), is_here=True)


def address_changed_there() -> Letter:
    return done_letter(_move(), is_here=False)


def test() -> Letter:
    return test_letter()


def _move(**fields: object) -> AddressChange:
    ends = {"old_address": "reader@example.org", "new_address": "keeper@lamps.example"}
    return AddressChange(user=reader(), expires_at=MORNING + datetime.timedelta(hours=24), **ends, **fields)


def one_change() -> Letter:
    return change_letter(reader(), [_change("paused")], {1: TITLE}, MORNING)


def every_change() -> Letter:
    """Everything that can be changed by the link of an email."""
    often = [{"frequency": frequency} for frequency in (Frequency.DAILY, Frequency.WEEKLY)]
    hours = [{"time": time, "weekday": 0, "timezone": "Europe/London"} for time in ("07:30", "18:00")]
    days = {"first": "2026-03-14", "until": "2026-03-21"}
    logged = [
        *(_change(action) for action in OF_ALERTS),
        _change("frequency", *often),
        _change("hours", *hours),
        _change("combined", {"combined": True}, {"combined": False}),
        _change("holiday", {}, days | {"skip": False}),
        _change("holiday", {}, days | {"skip": True}),
        _change("holiday", days | {"skip": True}, {}),
    ]
    return change_letter(reader(), logged, {1: TITLE}, MORNING)


def _change(action: str, before: Mapping | None = None, after: Mapping | None = None) -> Change:
    ident, at = uuid.uuid5(uuid.UUID(int=3), f"{action} {after}"), MORNING - datetime.timedelta(minutes=3)
    about = {"object_type": "subscription", "object_id": 1}
    return Change(uuid=ident, at=at, action=action, before=dict(before or {}), after=dict(after or {}), **about)


def finds_too_much() -> Letter:
    narrower = "heading:(pilots AND (wages OR safety)) OR question:(pilots AND (wages OR safety))"
    return _check_in(CheckIn.Why.BUSY, found=240, narrower=narrower, narrower_found=31)


def finds_too_much_as_narrow_as_it_is() -> Letter:
    return _check_in(CheckIn.Why.BUSY, query="heading:harbour*", name="", found=1_312)


def silent() -> Letter:
    return _check_in(CheckIn.Why.SILENT, told=MORNING - datetime.timedelta(days=366))


def silent_from_the_beginning() -> Letter:
    return _check_in(CheckIn.Why.SILENT, query='"night ferries" AND pilots', name="")


def _check_in(
    why: CheckIn.Why, query: str = WORDS, name: str = TITLE, told: datetime.datetime | None = None, **found: object
) -> Letter:
    alert = Subscription(uuid=uuid.UUID(int=10), user=reader(), query=query, name=name, last_told_at=told)
    began = MORNING - datetime.timedelta(days=366)
    ident = uuid.UUID(int=11)
    asked = CheckIn(uuid=ident, subscription=alert, why=why, since=began, at=MORNING, query=query, name=name, **found)
    return check_in_letter(asked, read=61_204)
