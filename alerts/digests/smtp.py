"""SMTP with one thing more: it says when the text of a message is about to leave."""

import smtplib
from collections.abc import Callable

from django.core.mail.backends.smtp import EmailBackend as DjangoBackend


class _SaysWhen:
    """An SMTP connection that calls `before_data` after the recipient was accepted and before DATA."""

    before_data: Callable[[], None] | None = None

    def data(self, msg):
        if self.before_data is not None:
            self.before_data()
        return super().data(msg)


class _Plain(_SaysWhen, smtplib.SMTP):
    pass


class _Encrypted(_SaysWhen, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoBackend):
    """Django's SMTP backend; `send_one` calls `handoff` at the last moment at which nothing has left."""

    @property
    def connection_class(self) -> type:
        return _Encrypted if self.use_ssl else _Plain

    def send_one(self, email, handoff: Callable[[], None]) -> None:
        """Send one email; whatever `handoff` raises ends the attempt with nothing sent."""
        self.open()
        self.connection.before_data = handoff
        try:
            self.send_messages([email])
        finally:
            if self.connection is not None:
                self.connection.before_data = None
