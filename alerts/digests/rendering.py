"""Rendering: a message gets its bytes once, many at a time while they wait, else when it is claimed.

What is hidden or stopped after that is seen at the handoff, whichever it was, and then it is rendered again.
"""

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar

import structlog
from django.db import DatabaseError, connection, transaction

from alerts.digests.gather import Known
from alerts.digests.handoff import Handoff, NotHandedOver, Refusal
from alerts.digests.mail import Letter, as_bytes
from alerts.digests.render import letter, writers
from alerts.digests.uncollected import uncollected
from alerts.models import Message

log = structlog.get_logger()

Made = TypeVar("Made")
Row = tuple[int, str, str]
"""The id of a message, its subject and its bytes."""

_STORE = """
    UPDATE alerts_message SET subject = rendered.subject, body = convert_to(rendered.body, 'UTF8')
    FROM (VALUES {}) AS rendered (id, subject, body)
    WHERE alerts_message.id = rendered.id
"""
"""Emails are ASCII, and as text they travel in half the bytes."""

_READ = (
    *("uuid", "kind", "to_address", "message_id"),
    *(
        f"digest__{name}"
        for name in ("uuid", "user", "frequency", "part", "since", "due_at", "made_at", "passed_on_at")
    ),
    *(f"digest__user__{name}" for name in ("uuid", "timezone", "text_only", "token_version")),
)
"""The columns an email is made of."""

BATCH = 50
"""How many waiting digests are read, rendered and stored in one transaction."""
ROUND_SECONDS = 30
"""After this no further batch is begun, so that the task ends well within its limit."""


@uncollected()
def render_waiting(now: datetime.datetime, limit: int = 5000) -> int:
    """Give at most `limit` digests that wait their bytes, the most urgent first; how many.

    Nothing is collected as garbage within a round, so nothing in it may hold on to bytes once they are stored.

    It may run at once with itself and with deliveries: who has a message locked has it to themselves.
    """
    waiting = Message.objects.filter(state=Message.State.PENDING, digest__isnull=False, body__isnull=True)
    ids = list(waiting.order_by("priority", "id").values_list("pk", flat=True)[:limit])
    known: Known = {}
    rendered, ends = 0, time.monotonic() + ROUND_SECONDS
    for start in range(0, len(ids), BATCH):
        if time.monotonic() > ends:
            break
        with transaction.atomic():
            locked = waiting.filter(pk__in=ids[start : start + BATCH]).select_for_update(skip_locked=True, of=("self",))
            rows = list(_rendered(list(locked.select_related("digest__user").only(*_READ)), now, known))
            _store(rows)
        rendered += len(rows)
    return rendered


def _store(rows: Sequence[Row]) -> None:
    """Store the subjects and bytes of messages, which are locked."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_STORE.format(", ".join(["(%s, %s, %s)"] * len(rows))), list(chain.from_iterable(rows)))


def _rendered(messages: list[Message], now: datetime.datetime, known: Known) -> Iterator[Row]:
    """The rows of these messages; without those that have nothing to tell or cannot be rendered, or read together,
    which are seen to when each is claimed.
    """
    writing = _unless_broken(lambda: writers([message.digest for message in messages], now, known)) or ()
    for message, write in zip(messages, writing, strict=False):
        written = _unless_broken(partial(_written, message, write, now))
        if written is not None:
            yield message.pk, *written


def _unless_broken(make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except DatabaseError:
        raise
    except Exception:
        log.exception("digests_not_rendered")
    return None


def _written(message: Message, write: Callable[[], Letter | None], now: datetime.datetime) -> tuple[str, str] | None:
    said = write()
    return None if said is None else (said.subject, as_bytes(said, message, now).decode("ascii"))


def fix_bytes(message: Message, now: datetime.datetime) -> None:
    """Give a claimed message its subject and bytes where it has none yet.

    Raises NotHandedOver where the claim is lost, or there is nothing to tell (it is then cancelled).
    """
    if message.body is not None:
        return
    with transaction.atomic():
        written = letter(message.digest, now)
    if written is None:
        Handoff(message, now)()
        return
    subject, body = written.subject, as_bytes(written, message, now)
    own = Message.objects.filter(pk=message.pk, claim_token=message.claim_token, state=Message.State.CLAIMED)
    if not own.filter(body__isnull=True).update(subject=subject, body=body):
        raise NotHandedOver(Refusal.LOST)
    message.subject, message.body = subject, body


def forget_bytes(message: Message) -> None:
    """Take the bytes of a message never handed over back, to be rendered again."""
    own = Message.objects.filter(pk=message.pk, claim_token=message.claim_token, state=Message.State.CLAIMED)
    if not own.filter(handoff_at__isnull=True).update(subject="", body=None):
        raise NotHandedOver(Refusal.LOST)
    message.subject, message.body = "", None
