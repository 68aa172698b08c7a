"""What is kept for how long: the one table that lets go of rows and that the pages promise."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from alerts.retention import letting_go as go
from alerts.retention import walk

DAY = datetime.timedelta(days=1)
YEAR = 366 * DAY
"""As long as the link to an email's page works."""


@dataclass(frozen=True)
class Rule:
    """One kind of row: what it is to readers and why it is kept, and for how long.

    `batch(before, now)` lets go of some of what is older than `before` and says of how many rows; None when nothing is
    left. `oldest(before)` is the time of the oldest row that is left.
    """

    name: str
    what: str
    why: str
    age: datetime.timedelta
    batch: Callable[[datetime.datetime, datetime.datetime], int | None]
    oldest: Callable[[datetime.datetime], datetime.datetime | None]
    personal: bool = True
    until: str = ""

    @property
    def how_long(self) -> str:
        """`3 days`, `12 months`, in words; what is over at a time of its own goes then."""
        if self.age >= YEAR:
            return f"{self.age.days // 30} months"
        return self.until or f"{self.age.days} days"


@dataclass(frozen=True)
class Standing:
    """What is kept not for a number of days but as long as something else, or for good; and why."""

    what: str
    how_long: str
    why: str


def _of(name: str, what: str, why: str, age: datetime.timedelta, rows: go.Rows, **more) -> Rule:
    return Rule(name, what, why, age, rows.batch, rows.oldest, **more)


RULES = (
    _of(
        "sign_ups",
        "An alert you asked for, with your address and network, until you confirm it",
        "to send you the confirmation; what you confirm is kept with your account",
        7 * DAY,
        go.SIGN_UPS,
    ),
    _of(
        "sign_up_words",
        "The words of an alert that you asked for and did not confirm, without your address",
        "so that the link in our email can send you another",
        37 * DAY,
        go.SIGN_UP_WORDS,
    ),
    _of(
        "asked",
        "A scrambled form of an address that somebody asked for an alert with",
        "so that nobody can have us fill a mailbox",
        30 * DAY,
        go.ASKED,
    ),
    _of(
        "sign_ins",
        "Your asking to sign in, from which network, and what you were just typing if your session had ended",
        "to let you in, and to notice who tries too often",
        7 * DAY,
        go.SIGN_INS,
    ),
    _of(
        "address_changes",
        "Another address that you asked for, beside the one you had",
        "to ask both of them, and to notice who tries too often",
        31 * DAY,
        go.ADDRESS_CHANGES,
    ),
    _of(
        "sessions",
        "Where you are signed in: browser and shortened network",
        "so that you can see it and sign out there",
        0 * DAY,
        go.SESSIONS,
        until="until you sign out, 30 days at most",
    ),
    _of(
        "staff_sessions",
        "Where staff are signed in",
        "to know them again",
        0 * DAY,
        go.STAFF_SESSIONS,
        personal=False,
        until="until they sign out, 30 days at most",
    ),
    _of(
        "bytes",
        "What an email said word for word, once it was sent or given up",
        "to send the very same again if it is lost on the way",
        3 * DAY,
        go.BYTES,
    ),
    _of(
        "payloads",
        "What our mail provider reported of an email, word by word",
        "to find out why an email did not arrive",
        30 * DAY,
        go.PAYLOADS,
    ),
    _of(
        "delivery_events",
        "Whether an email was delivered or came back",
        "to stop writing to an address that no longer works",
        90 * DAY,
        go.DELIVERY_EVENTS,
    ),
    _of(
        "emails",
        "Which emails you got, when, their subject, and the page of each",
        "so that its page works, and nothing is told twice",
        YEAR,
        go.EMAILS,
    ),
    _of(
        "not_relevant",
        "What you marked as not relevant",
        "to see which searches need help",
        YEAR,
        go.NOT_RELEVANT,
    ),
    _of(
        "alerts",
        "An alert you stopped, while you have others",
        "so that you can take that back for 30 days, and the pages of its emails stay right",
        YEAR,
        go.ALERTS,
    ),
    _of(
        "people",
        "Your address, settings and all that hangs on them, once your last alert was stopped",
        "so that you can take that back",
        31 * DAY,
        go.PEOPLE,
    ),
    Rule(
        "hits",
        "Which news a search has found; it names nobody",
        "so that the page of an email can be shown",
        YEAR + 60 * DAY,
        walk.batch,
        walk.oldest,
        personal=False,
    ),
)
"""In the order in which they are looked at: what names people first."""

STANDING = (
    Standing(
        "Your address and settings, your alerts and their words",
        "as long as you have an alert",
        "to send you what you asked for",
    ),
    Standing(
        "That you agreed to our emails: when, to which text, on which page, and your network, shortened",
        "as long as your account",
        "to show that you asked for them",
    ),
    Standing(
        "Which news an alert has told you, as bare numbers",
        "as long as the alert",
        "so that nothing is told twice",
    ),
    Standing(
        "A scrambled copy of an address that was erased, was blocked by its owner or no longer works",
        "for good",
        "so that we never write to it again, unless whoever deleted an account signs up anew",
    ),
    Standing(
        "A log of who changed what, which names people by number only",
        "for good",
        "to find out what went wrong; the number of an erased account leads to nobody",
    ),
)
