"""The local outbox: every email a file, in place of sending. The embedded default; never for production."""

import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Writes each email to `<settings.OUTBOX>/<Message-ID before the @>.eml`, whole or not at all.

    The same message twice is one file, so trying again after a crash cannot make a second copy.
    """

    esp_name = "Outbox"

    def send_messages(self, email_messages) -> int:
        """Write the emails; how many. Raises OSError where the folder cannot be written."""
        messages = [email.message() for email in email_messages]
        for message in messages:
            write(Path(settings.OUTBOX) / file_name(str(message["Message-ID"])), message.as_bytes(linesep="\r\n"))
        return len(messages)


def file_name(message_id: str) -> str:
    """The name of the file for a Message-ID: what stands before its @, without what a path could misread."""
    return re.sub(r"[^A-Za-z0-9-]", "_", message_id.strip("<> \r\n").partition("@")[0]) + ".eml"


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a crash at any moment leaves the whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
            os.replace(part.name, path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
