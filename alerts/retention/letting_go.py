"""Rows that are old enough to be let go of, and how: oldest first, a batch in one short transaction.

Who is at work on a row has it locked, and it waits for a later round; so a batch may run at once with itself and with
everything else, and be killed at any line. Messages are let go of in their final states only: one that waits, is
being handed over or is uncertain keeps what it needs.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.sessions.models import Session as StaffSession
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from accounts.models import AddressChange, Session, SignIn, User
from alerts.models import Asked, DeliveryEvent, Digest, Message, NotRelevant, Section, SignUp, Subscription
from alerts.retention.erasing import erase

BATCH = 500
State = Message.State
UNDER_WAY = (State.CLAIMED, State.HANDOFF, State.UNCERTAIN)

Due = Callable[[datetime.datetime], QuerySet]
LetGo = Callable[[Sequence, datetime.datetime, datetime.datetime], int | None]


@dataclass(frozen=True)
class Rows:
    """Those of one kind: which of them are due if older than a moment, by which field, and how they go."""

    due: Due
    since: str
    let_go: LetGo

    def batch(self, before: datetime.datetime, now: datetime.datetime) -> int | None:
        """Let go of at most 500 that are older than `before`; of how many, or None where none can go now."""
        with transaction.atomic():
            ordered = self.due(before).order_by(self.since, "pk")
            rows = list(ordered.select_for_update(skip_locked=True, of=("self",))[:BATCH])
            return self.let_go(rows, before, now) or None if rows else None

    def oldest(self, before: datetime.datetime) -> datetime.datetime | None:
        """The time of the oldest that is older than `before`."""
        return self.due(before).order_by(self.since, "pk").values_list(self.since, flat=True).first()


def _older(model: type[Model], field: str, **which) -> Due:
    return lambda before: model._default_manager.filter(**{f"{field}__lte": before}, **which)


def _whole(rows: Sequence[Model], before: datetime.datetime, now: datetime.datetime) -> int:
    """The rows with all that hangs on them."""
    type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _sign_ups(rows: Sequence[SignUp], before: datetime.datetime, now: datetime.datetime) -> int:
    """With their emails; what still waits to be sent is given up, since its link has ended.

    Of one that was not confirmed the words stay without the address: its link, which names it, may send another.
    """
    mails = Message.objects.filter(sign_up__in=rows).order_by("pk")
    locked = list(mails.select_for_update(of=("self",)).values_list("sign_up", "state"))
    busy = {sign_up for sign_up, state in locked if state in UNDER_WAY}
    over = SignUp.objects.filter(pk__in=[row.pk for row in rows if row.pk not in busy])
    mails.exclude(sign_up__in=busy).delete()
    unconfirmed = over.filter(confirmed_at__isnull=True, cancelled_at__isnull=True)
    nameless = unconfirmed.update(email="", email_as_typed="", network="", code_hash="")
    return nameless + over.exclude(email="").delete()[1].get(SignUp._meta.label, 0)


def _bytes(rows: Sequence[Message], before: datetime.datetime, now: datetime.datetime) -> int:
    return Message.objects.filter(pk__in=[row.pk for row in rows]).update(body=None)


def _payloads(rows: Sequence[DeliveryEvent], before: datetime.datetime, now: datetime.datetime) -> int:
    return DeliveryEvent.objects.filter(pk__in=[row.pk for row in rows]).update(payload={})


def _emails(rows: Sequence[Message], before: datetime.datetime, now: datetime.datetime) -> int:
    """The emails with their subjects, and what their digests say.

    Of a digest that was sent the bare numbers stay for as long as its alerts: they are the word that these events
    were told, which an item that is shown again must not be a second time, and that its period was served. One that
    never came told nothing and goes with its sections.
    """
    sent = [row.digest_id for row in rows if row.digest_id and row.state == State.SENT]
    never_came = [row.digest_id for row in rows if row.digest_id and row.state != State.SENT]
    Section.objects.filter(digest__in=sent).update(query="", name="")
    Message.objects.filter(pk__in=[row.pk for row in rows]).delete()
    told = Exists(Section.objects.filter(digest=OuterRef("pk")))
    Digest.objects.filter(Q(pk__in=never_came) | (Q(pk__in=sent) & ~told)).delete()
    return len(rows)


def _alerts(rows: Sequence[Subscription], before: datetime.datetime, now: datetime.datetime) -> int:
    """With what they told, whose pages have ended too; a digest that was of these alone goes with them."""
    alone = Digest.objects.filter(user__in={row.user_id for row in rows}, message__isnull=True)
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).delete()
    alone.filter(~Exists(Section.objects.filter(digest=OuterRef("pk")))).delete()
    return len(rows)


def _without_an_alert(before: datetime.datetime) -> QuerySet[User]:
    """People whose last alert ended before that; staff have an account for other reasons."""
    theirs = Subscription.objects.filter(user=OuterRef("pk"))
    wanted = Exists(theirs.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=before)))
    last = Subquery(theirs.order_by("-ended_at").values("ended_at")[:1])
    return User.objects.filter(~wanted, is_staff=False).annotate(last_ended_at=last).filter(last_ended_at__isnull=False)


def _people(rows: Sequence[User], before: datetime.datetime, now: datetime.datetime) -> int:
    """Read again under their locks: one may have begun anew just before."""
    return sum(erase(person, now) for person in _without_an_alert(before).filter(pk__in=[row.pk for row in rows]))


SIGN_UPS = Rows(lambda before: SignUp.objects.filter(asked_at__lte=before).exclude(email=""), "asked_at", _sign_ups)
SIGN_UP_WORDS = Rows(_older(SignUp, "asked_at", email=""), "asked_at", _whole)
ASKED = Rows(_older(Asked, "at"), "at", _whole)
SIGN_INS = Rows(_older(SignIn, "asked_at"), "asked_at", _whole)
ADDRESS_CHANGES = Rows(_older(AddressChange, "asked_at"), "asked_at", _whole)
SESSIONS = Rows(_older(Session, "ends_at"), "ends_at", _whole)
STAFF_SESSIONS = Rows(_older(StaffSession, "expire_date"), "expire_date", _whole)
BYTES = Rows(_older(Message, "settled_at", body__isnull=False, state__in=Message.SETTLED), "settled_at", _bytes)
PAYLOADS = Rows(
    lambda before: DeliveryEvent.objects.filter(received_at__lte=before, processed_at__isnull=False).exclude(
        payload={}
    ),
    "received_at",
    _payloads,
)
DELIVERY_EVENTS = Rows(_older(DeliveryEvent, "received_at", processed_at__isnull=False), "received_at", _whole)
EMAILS = Rows(_older(Message, "made_at", state__in=Message.SETTLED), "made_at", _emails)
NOT_RELEVANT = Rows(_older(NotRelevant, "at"), "at", _whole)
ALERTS = Rows(_older(Subscription, "ended_at"), "ended_at", _alerts)
PEOPLE = Rows(_without_an_alert, "last_ended_at", _people)
