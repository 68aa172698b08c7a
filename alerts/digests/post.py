"""The post office: the mail backend of the settings, kept open for a round of deliveries."""

import smtplib
from contextlib import suppress

from anymail.exceptions import AnymailError
from django.core.mail import get_connection

from alerts.digests.handoff import Handoff, NotHandedOver
from alerts.digests.mail import StoredEmail


class Post:
    """Sends one email at a time over one connection, as long as the server keeps it."""

    def __init__(self):
        self._backend = None
        self._used = False

    def send(self, email: StoredEmail, handoff: Handoff) -> str:
        """Send `email`, calling `handoff` before its bytes leave; what the provider calls it, or ''.

        A backend that cannot say when they leave has `handoff` called before it sends: a wider window, still safe.
        A server that hung up between two emails, as many do after some number, is called again at once.
        """
        used = self._used
        try:
            self._send(email, handoff)
        except Exception as error:
            if not (used and _hung_up(error) and not handoff.done):
                raise
            self._send(email, handoff)
        name = getattr(getattr(email, "anymail_status", None), "message_id", None)
        return "" if name is None else str(name)

    def _send(self, email: StoredEmail, handoff: Handoff) -> None:
        try:
            self._backend = self._backend or get_connection()
            self._used = True
            if hasattr(self._backend, "send_one"):
                self._backend.send_one(email, handoff)
            else:
                self._send_whole(email, handoff)
        except BaseException as error:
            if not _answered(error):
                self.close()
            raise

    def _send_whole(self, email: StoredEmail, handoff: Handoff) -> None:
        self._backend.open()
        handoff()
        self._backend.send_messages([email])

    def close(self) -> None:
        """Hang up. What goes wrong now means nothing: every answer that counts has come."""
        backend, self._backend, self._used = self._backend, None, False
        if backend is not None:
            with suppress(Exception):
                backend.close()


def _hung_up(error: Exception) -> bool:
    return isinstance(error, smtplib.SMTPServerDisconnected) or _code(error) == 421


def _answered(error: BaseException) -> bool:
    """Whether the server said no to this email alone and listens on; after any other error it gets a new connection."""
    if isinstance(error, NotHandedOver):
        return False
    if isinstance(error, AnymailError):
        return getattr(error, "status_code", None) is not None
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return _code(error) != 421
    return False


def _code(error: BaseException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return getattr(error, "smtp_code", None)
