"""What was changed by the link of an email is told to the owner, each change with a link that takes it back.

Digests are passed on, and with them the link: whoever has it may change things, but not unnoticed.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Min, QuerySet

from accounts import suppressions
from accounts.models import User
from alerts.digests import links
from alerts.digests.change_words import CHECK_IN_SCOPE, in_words
from alerts.digests.mail import Letter, as_bytes, one_line
from alerts.digests.outgoing import SUBJECT_LENGTH, letter, new_message, shortened
from alerts.models import Change, Message, Subscription

SCOPE = "manage"
SCOPES = (SCOPE, CHECK_IN_SCOPE)
"""The links of emails by which things are changed."""
GATHERED = datetime.timedelta(minutes=3)
"""How long such an email waits for further changes: nobody with the link can have its owner written to more often."""
MOST = 20
"""Changes in one email, the newest."""
TITLE_LENGTH = 40
SOON = 2


@dataclass(frozen=True)
class Line:
    """One change in words, with the link that takes it back."""

    words: str
    undo_url: str


def last_line(person: User) -> int:
    """The id of the last change that links of emails to this person made, or 0; what comes after it is new."""
    return _lines(person).order_by("-id").values_list("id", flat=True).first() or 0


def tell(person: User, after: int, now: datetime.datetime) -> Message | None:
    """Queue the email about the changes since the line `after`, or add them to the one that waits.

    None where nothing changed or we must not write. The lock on the person is the caller's.
    """
    new = list(_lines(person).filter(id__gt=after).order_by("id"))
    if not new or suppressions.suppressed(person.email):
        return None
    waiting = Message.objects.filter(kind=Message.Kind.CHANGE, user=person, state=Message.State.PENDING)
    message = waiting.filter(handoff_at__isnull=True).order_by("-id").first()
    return (message and _add(message, person, now)) or _queue(person, new, now)


def tell_anew(person: User, now: datetime.datetime) -> Message | None:
    """Queue the email about the changes anew where it had not left for the address the person had until now.

    None where none waited. The lock on the person is the caller's, who sees to it that the former one never leaves.
    """
    waiting = Message.objects.filter(kind=Message.Kind.CHANGE, user=person, handoff_at=None)
    waiting = waiting.filter(state__in=[Message.State.PENDING, Message.State.CLAIMED])
    since = waiting.exclude(to_address=person.email).aggregate(first=Min("made_at"))["first"]
    changes = list(_lines(person).filter(at__gte=since).order_by("id")) if since else []
    return _queue(person, changes, now) if changes else None


def titles(changes: Iterable[Change]) -> dict[int, str]:
    """The names of the alerts these changes are about, by id, short and on one line."""
    ids = [change.object_id for change in changes if change.object_type == "subscription"]
    alerts = Subscription.objects.filter(pk__in=ids)
    return {alert.pk: shortened(one_line(alert.title), TITLE_LENGTH) for alert in alerts}


def words(change: Change) -> str:
    """The change in words."""
    return in_words(change, titles([change]).get(change.object_id, ""))


def _lines(person: User) -> QuerySet[Change]:
    return Change.objects.filter(actor=Change.Actor.PERSON, actor_id=person.pk, scope__in=SCOPES)


def _queue(person: User, changes: Sequence[Change], now: datetime.datetime) -> Message:
    fields = {"user": person, "priority": SOON, "not_before": now + GATHERED}
    message = new_message(Message.Kind.CHANGE, person.email, now, **fields)
    written = change_letter(person, changes, titles(changes), now)
    message.subject, message.body = written.subject, as_bytes(written, message, now)
    message.save()
    return message


def _add(message: Message, person: User, now: datetime.datetime) -> Message | None:
    """The waiting email, with everything since it was queued; None where a worker has taken it meanwhile."""
    changes = list(_lines(person).filter(at__gte=message.made_at).order_by("id"))
    written = change_letter(person, changes, titles(changes), now)
    still = Message.objects.filter(pk=message.pk, state=Message.State.PENDING, handoff_at__isnull=True)
    return message if still.update(subject=written.subject, body=as_bytes(written, message, now)) else None


def change_letter(person: User, changes: Sequence[Change], named: Mapping[int, str], now: datetime.datetime) -> Letter:
    """What the email says of these changes; `named` are the names of their alerts by id."""
    shown = changes[-MOST:]
    lines = [Line(in_words(one, named.get(one.object_id, "")), links.undo(one, person, now)) for one in shown]
    many = f"{len(changes)} changes to your alerts"
    context = {
        "lines": lines,
        "more": len(changes) - len(shown),
        "title": shortened(lines[0].words, SUBJECT_LENGTH) if len(changes) == 1 else many,
        "manage_url": links.manage(person, now),
    }
    return letter("changed", context)
