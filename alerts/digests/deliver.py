"""Deliver: every waiting message on its way, one claim at a time."""

import datetime
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError, connection

from alerts import stopping
from alerts.digests import hold, home, settle
from alerts.digests.claim import claim, sweep
from alerts.digests.handoff import Handoff, NotHandedOver, Refusal
from alerts.digests.mail import StoredEmail
from alerts.digests.post import Post
from alerts.digests.rendering import fix_bytes, forget_bytes
from alerts.digests.verdict import Fate, Verdict, judge
from alerts.failpoints import failpoint
from alerts.models import Hold, Message

log = structlog.get_logger()

ROUND_SECONDS = 50
"""After this no further message is claimed, so that the task ends well within its limit."""
PAUSES = (1, 3, 9)
"""Seconds between the tries to write down what became of a message."""
RENDERINGS = 3
"""How often a digest that changes under our hands is rendered again in one attempt."""


@dataclass(frozen=True)
class Delivered:
    """What one round did: messages accepted, put off, refused for good, cancelled, uncertain; leases put right."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    cancelled: int = 0
    uncertain: int = 0
    swept: int = 0


def deliver(now: datetime.datetime, limit: int = 500) -> Delivered:
    """Attempt at most `limit` waiting messages, the most urgent first; any number of workers may do so at once.

    A round ends early when the server, not an address, is the trouble: the next round tries again. And it ends after
    the message that is under way where the process is asked to end, so that none is cut off between text and answer.
    """
    home.look(now)
    _write_what_was_left()
    swept, outcomes = sweep(now), Counter()
    limit = 0 if hold.held(now) else min(limit, hold.may_send(now))
    ends, post = time.monotonic() + ROUND_SECONDS, Post()
    try:
        while sum(outcomes.values()) < limit and _goes_on(ends) and (message := claim(now)) is not None:
            outcome, everybody = attempt(message, post, now)
            outcomes[outcome] += 1
            if everybody:
                break
    finally:
        post.close()
    return Delivered(swept=swept, **{name: count for name, count in outcomes.items() if name != "lost"})


def _goes_on(ends: float) -> bool:
    return time.monotonic() < ends and not stopping.asked()


def attempt(message: Message, post: Post, now: datetime.datetime) -> tuple[str, bool]:
    """What became of one claimed message, and whether everybody else would fare the same."""
    failpoint("claim.committed", message.pk)
    handoff = Handoff(message, now)
    try:
        provider_id = _send(message, post, handoff, now)
    except NotHandedOver as stays:
        return _stayed(message, stays.refusal, now), False
    except Exception as error:
        verdict = judge(error, handoff.done, now)
        _log(message, verdict, error)
        _persist(lambda: settle.after_error(message, verdict, now))
        if verdict.hold is not None:
            _persist(lambda: hold.put_on(Hold.Cause.PROVIDER, now + verdict.hold, verdict.reason, now))
        return _name(verdict.fate), verdict.everybody
    except BaseException:
        if not handoff.done:
            settle.give_back(message, "the worker was stopped", None)
        raise
    failpoint("mail.accepted", message.pk)
    _persist(lambda: settle.sent(message, provider_id, now))
    failpoint("sent.committed", message.pk)
    return "sent", False


def _send(message: Message, post: Post, handoff: Handoff, now: datetime.datetime) -> str:
    for _ in range(RENDERINGS):
        fix_bytes(message, now)
        try:
            return post.send(StoredEmail(message), handoff)
        except NotHandedOver as stays:
            if stays.refusal is not Refusal.STALE:
                raise
        forget_bytes(message)
    raise NotHandedOver(Refusal.STALE)


def _stayed(message: Message, refusal: Refusal, now: datetime.datetime) -> str:
    if refusal in (Refusal.STALE, Refusal.LOST):
        settle.give_back(message, refusal.value, now + settle.FIRST_WAIT)
    names = {Refusal.CANCELLED: "cancelled", Refusal.HELD: "uncertain", Refusal.STALE: "later", Refusal.LOST: "lost"}
    return names[refusal]


def _name(fate: Fate) -> str:
    names = {Fate.LATER: "later", Fate.BROKEN: "later", Fate.FAILED: "failed", Fate.BEFORE: "sent"}
    return names.get(fate, "uncertain")


def _log(message: Message, verdict: Verdict, error: Exception) -> None:
    if verdict.fate in (Fate.BROKEN, Fate.HELD):
        log.error("message_broken", message=message.pk, exc_info=error)
    else:
        log.warning("message_not_sent", message=message.pk, fate=verdict.fate.name, error=type(error).__name__)


_unwritten: list[Callable[[], object]] = []
"""What this process could not write down: a later round does it first, and takes no other message before it did."""


def _write_what_was_left() -> None:
    """Late and certain answers still settle their messages, where nobody else has claimed these."""
    while _unwritten:
        _write_or_leave(_unwritten.pop(0))


def _write_or_leave(write: Callable[[], object]) -> None:
    """Write it; where the database is in trouble it is left to the next round, and the trouble raised."""
    try:
        write()
    except (OperationalError, InterfaceError):
        _unwritten.insert(0, write)
        raise


def _persist(write: Callable[[], object]) -> None:
    """Write the outcome, through a restart of the database if need be; else it is left to the next round.

    Where this process ends before, the lease makes the message uncertain, or gives it back.
    """
    for pause in PAUSES:
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(pause)
    _write_or_leave(write)
