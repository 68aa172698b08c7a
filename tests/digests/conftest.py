import pytest

from alerts.models import Counter
from tests.digests.sink import Sink


@pytest.fixture(autouse=True)
def counter(request):
    """The counter's one row, which emptying the tables after a test with real transactions takes away."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None:
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        Counter.objects.get_or_create(pk=1)


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
