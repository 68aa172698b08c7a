"""What a refusal means for the address: there is none, or its mailbox did not take it, or it is not about it. Pure.

Only errors of the address itself (RFC 3463: 5.1.x) stop all mail to it at once. A policy against us or our host (x.7.x)
or against the content (x.6.x) says nothing of the mailbox, else one bad day would silence everybody.
"""

import re
from collections.abc import Mapping

from alerts.models import DeliveryEvent

HARD, SOFT, NEITHER = DeliveryEvent.Bounce.HARD.value, DeliveryEvent.Bounce.SOFT.value, ""

_ENHANCED = re.compile(r"(?<![\d.])([45])\.(\d)\.(\d{1,3})(?!\.?\d)")
_OF_THE_SENDER = {"7", "8", "9"}
"""Of 5.1.x these are about the sender's address."""
_AGAINST_US = re.compile(r"block|black|spam|policy|denied|reputation|relay|authenticat", re.IGNORECASE)
_WITHOUT_CODE = {550, 551, 552, 553}

_SAYS = {
    "Amazon SES": (("bounce", "bounceType"), {"Permanent"}),
    "Brevo": (("event",), {"hard_bounce", "invalid_email"}),
    "MailerSend": (("data", "type"), {"hard_bounced"}),
    "Mailjet": (("hard_bounce",), {True}),
    "Mandrill": (("event",), {"hard_bounce"}),
    "Postmark": (("Type",), {"HardBounce", "BadEmailAddress"}),
    "Resend": (("data", "bounce", "type"), {"Permanent"}),
    "SendGrid": (("type",), {"bounce"}),
    "SparkPost": (("msys", "message_event", "bounce_class"), {"10", "30"}),
}
"""Where in its own words a provider says what kind of bounce it was, and what means for good (its webhook's manual)."""
_REFUSALS = {"bounced", "rejected", "failed"}
_HARD_REASONS, _SOFT_REASONS = {"invalid", "bounced"}, {"timed_out", "blocked", "unsubscribed", "other"}


def of_reply(code: int, words: str) -> str:
    """What a mail server's refusal means, for good or for as long as it was tried."""
    found = _of_code(words)
    if found is not None:
        return SOFT if found == HARD and code < 500 else found
    return SOFT if code in _WITHOUT_CODE and not _AGAINST_US.search(words) else NEITHER


def of_event(esp: str, event_type: str, reject_reason: str, said: str, payload: Mapping[str, object]) -> str:
    """What a delivery event means: by the receiver's code, else by the provider's own words, else by Anymail's."""
    if event_type not in _REFUSALS:
        return NEITHER
    found = _of_code(said)
    if found is not None:
        return found
    path, for_good = _SAYS.get(esp, ((), set()))
    own = _at(payload, path) if path else None
    if own is not None and event_type == "bounced":
        return HARD if own in for_good else SOFT
    if reject_reason in _HARD_REASONS:
        return HARD
    return SOFT if reject_reason in _SOFT_REASONS else NEITHER


def _of_code(words: str) -> str | None:
    """By the enhanced status code in `words`; None where there is none."""
    code = _ENHANCED.search(words)
    if code is None:
        return None
    lasting, subject, detail = code.groups()
    if subject == "1" and lasting == "5":
        return NEITHER if detail in _OF_THE_SENDER else HARD
    return SOFT if subject in {"1", "2", "4"} else NEITHER


def _at(payload: object, path: tuple[str, ...]) -> object:
    for key in path:
        payload = payload.get(key) if isinstance(payload, Mapping) else None
    return payload if isinstance(payload, str | bool) else None
