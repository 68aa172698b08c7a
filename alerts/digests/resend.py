"""Anymail's backend for Resend with one thing more: the message's uuid as the key against doubles."""

from anymail.backends.resend import EmailBackend as AnymailBackend
from anymail.backends.resend import ResendPayload


class EmailBackend(AnymailBackend):
    """Sends each email with an `Idempotency-Key`, so that the same one sent again within a day makes one copy."""

    def build_message_payload(self, message, defaults) -> ResendPayload:
        """Anymail's payload, with the key among the headers of the request."""
        payload = super().build_message_payload(message, defaults)
        payload.headers["Idempotency-Key"] = message.metadata["uuid"]
        return payload
