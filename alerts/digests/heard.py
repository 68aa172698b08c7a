"""What we hear of a message after it left: each thing a row, stored as it came and worked through later."""

import datetime
import hashlib
import json
import uuid
from collections.abc import Mapping

from anymail.signals import AnymailTrackingEvent

from alerts.digests import bounce
from alerts.models import DeliveryEvent, Message

MOST_SAID = 2000
"""So many characters are kept of what a mail server answered."""


def store(event: AnymailTrackingEvent, esp: str, now: datetime.datetime) -> bool:
    """Store what a provider told us; whether that is new. The same post a second time changes nothing."""
    own = _plain(event.esp_event)
    payload = own if isinstance(own, dict) else {}
    said = _kept(event.mta_response or event.description or "")[:MOST_SAID]
    kind, reason = event.event_type or "unknown", event.reject_reason or ""
    name = _kept(str(event.message_id or ""))
    identity = event.event_id or (event.timestamp.isoformat() if event.timestamp else json.dumps(own))
    _, new = DeliveryEvent.objects.get_or_create(
        dedup_key=_key(esp, name, event.recipient or "", kind, str(identity)),
        defaults={
            "esp": esp,
            "message": _named(event.metadata),
            "provider_id": name[:255],
            "event_type": kind,
            "reject_reason": reason,
            "bounce": bounce.of_event(esp, kind, reason, said, payload),
            "happened_at": event.timestamp or now,
            "received_at": now,
            "payload": {"said": said, "event": own},
        },
    )
    return new


def refused(message: Message, words: str, now: datetime.datetime) -> None:
    """Store that the mail server itself answered that the mailbox does not take it; once for a message."""
    DeliveryEvent.objects.get_or_create(
        dedup_key=_key("SMTP", str(message.uuid)),
        defaults={
            "esp": "SMTP",
            "message": message,
            "event_type": "bounced",
            "bounce": bounce.SOFT,
            "happened_at": now,
            "received_at": now,
            "payload": {"said": words[:MOST_SAID]},
        },
    )


def _key(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _plain(value: object) -> object:
    """The provider's own words as JSON that PostgreSQL keeps; a posted form as a mapping."""
    if isinstance(value, Mapping):
        return {_kept(str(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | float | None) else _kept(str(value))


def _kept(text: str) -> str:
    """`text` without NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _named(metadata: object) -> Message | None:
    """The message whose uuid came back with an event."""
    try:
        ident = uuid.UUID(str(metadata["uuid"]))  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return None
    return Message.objects.filter(uuid=ident).only("pk").first()
