"""Rendering a claimed message: its bytes, fixed once."""

import datetime

from django.db import transaction

from alerts.digests.handoff import Handoff, NotHandedOver, Refusal
from alerts.digests.mail import as_bytes
from alerts.digests.render import letter
from alerts.models import Message


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
