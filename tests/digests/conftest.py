import pytest

from tests.digests.sink import Sink


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
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield server
    server.stop()
