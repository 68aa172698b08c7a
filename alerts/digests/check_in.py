"""The email an alert earns that finds far too much, or nothing for a year: what it says, and who still gets it."""

import datetime

from accounts.models import User
from alerts.digests import holiday, links, timetable
from alerts.digests.mail import Letter, one_line
from alerts.digests.outgoing import fixed, letter, new_message, shortened
from alerts.digests.wording import full_day, plural
from alerts.models import CheckIn, Message
from alerts.models.choices import Frequency

LAST = 7
"""Its priority: after all digests."""
TITLE_LENGTH = 26
"""Of a subject of 60 characters the rest says what it found."""


def queue(check_in: CheckIn, read: int, now: datetime.datetime) -> Message:
    """Queue the email about a check-in that is not stored yet, for the hour at which its reader has their emails.

    `read` are the items that we read meanwhile. The lock on the person is the caller's.
    """
    person = check_in.subscription.user
    hour = timetable.next_due(now, Frequency.DAILY, person.delivery_time, person.delivery_weekday, person.zone)
    message = new_message(Message.Kind.CHECK_IN, person.email, now, user=person, priority=LAST, not_before=hour)
    return fixed(message, check_in_letter(check_in, read), now)


def is_wanted(message: Message, person: User, now: datetime.datetime) -> bool:
    """Whether what the email says of the alert is still so, and its reader is there; the person's lock is held."""
    check_in = CheckIn.objects.filter(message=message).select_related("subscription").first()
    if check_in is None or holiday.on(person, now):
        return False
    alert = check_in.subscription
    is_on = alert.ended_at is None and alert.paused_at is None and alert.broken_at is None
    return is_on and alert.query == check_in.query and (check_in.why == CheckIn.Why.BUSY or _is_silent(check_in))


def _is_silent(check_in: CheckIn) -> bool:
    told = check_in.subscription.last_told_at
    return told is None or told <= check_in.since


def check_in_letter(check_in: CheckIn, read: int) -> Letter:
    """What the email says: two numbers and a way to the smaller one, or that we are still watching."""
    return _busy(check_in) if check_in.why == CheckIn.Why.BUSY else _silent(check_in, read)


def _busy(check_in: CheckIn) -> Letter:
    context = _shared(check_in) | {
        "found": plural(check_in.found, "result"),
        "narrower_found": f"{check_in.narrower_found:,}" if check_in.narrower else "",
        "choose_url": links.check_in(check_in),
    }
    return letter("busy", context)


def _silent(check_in: CheckIn, read: int) -> Letter:
    alert = check_in.subscription
    told, zone = alert.last_told_at, alert.user.zone
    since, last = check_in.since.astimezone(zone).date(), told and told.astimezone(zone).date()
    context = _shared(check_in) | {
        "since": f"{'its last result, on ' if last == since else ''}{full_day(since)}",
        "last": full_day(last) if last and last != since else "",
        "read": f"{read:,}",
    }
    return letter("silent", context)


def _shared(check_in: CheckIn) -> dict[str, object]:
    alert = check_in.subscription
    title, words = shortened(one_line(check_in.title), TITLE_LENGTH), one_line(check_in.query)
    return {
        "title": title,
        "words": "" if words == title else words,
        "edit_url": links.edit(alert),
        "manage_url": links.manage(alert.user, check_in.at),
        "stop_url": links.stop(alert, check_in.at),
    }
