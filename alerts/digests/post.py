"""The post office: the mail backend of the settings, kept open for a round of deliveries."""

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.mail import get_connection
from django.utils.module_loading import import_string

from alerts.digests.mail import StoredEmail


def idempotent() -> bool:
    """Whether the backend makes one copy of a message however often it is sent."""
    return getattr(import_string(settings.EMAIL_BACKEND), "idempotent", False)


class Post:
    """Sends one email at a time; after any error the next one gets a new connection."""

    def __init__(self):
        self._backend = None

    def send(self, email: StoredEmail, handoff: Callable[[], None]) -> str:
        """Send `email`, calling `handoff` before its bytes leave; what the provider calls it, or ''.

        A backend that cannot say when they leave has `handoff` called before it connects: a wider window, still safe.
        """
        try:
            self._send(email, handoff)
        except BaseException:
            self.close()
            raise
        name = getattr(getattr(email, "anymail_status", None), "message_id", None)
        return "" if name is None else str(name)

    def _send(self, email: StoredEmail, handoff: Callable[[], None]) -> None:
        self._backend = self._backend or get_connection()
        if hasattr(self._backend, "send_one"):
            self._backend.send_one(email, handoff)
        else:
            handoff()
            self._backend.send_messages([email])

    def close(self) -> None:
        """Hang up. What goes wrong now means nothing: every answer that counts has come."""
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(Exception):
                backend.close()
