import pytest

from tests.digests.provider import Provider
from tests.digests.sink import Sink
from tests.workers import PATIENCE


@pytest.fixture
def outbox(settings, tmp_path):
    """The local outbox in a folder of its own."""
    settings.EMAIL_BACKEND = "alerts.digests.outbox.OutboxBackend"
    settings.OUTBOX = tmp_path / "outbox"
    return settings.OUTBOX


@pytest.fixture
def sink(settings):
    """A real SMTP server, and settings that send to it."""
    server = Sink()
    server.start()
    settings.EMAIL_BACKEND = "alerts.digests.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, PATIENCE
    yield server
    server.stop()


@pytest.fixture
def provider(settings):
    """A stand-in for providers' interfaces, and settings that let every backend of Anymail's call it."""
    with Provider() as server:
        keys = {"RESEND_API_KEY": "k", "BREVO_API_KEY": "k", "POSTMARK_SERVER_TOKEN": "k", "SENDGRID_API_KEY": "k",
                "SPARKPOST_API_KEY": "k", "MAILERSEND_API_TOKEN": "k"}  # fmt: skip
        names = ("RESEND", "BREVO", "POSTMARK", "SENDGRID", "SPARKPOST", "MAILERSEND")
        settings.ANYMAIL = keys | {f"{name}_API_URL": server.url for name in names} | {"REQUESTS_TIMEOUT": PATIENCE}
        yield server
