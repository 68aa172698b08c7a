import logging
import os

import pytest

from tests.digests.sink import Sink


@pytest.fixture(scope="module")
def sink():
    """A real SMTP server that keeps every copy it accepts."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = Sink()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def environment(django_db_setup):
    """The environment for processes of ours that work on this test database, for all tests of a file."""
    from django.db import connection

    path, _, query = os.environ["DATABASE_URL"].partition("?")
    database = f"{path.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{query}"
    return {**os.environ, "DATABASE_URL": database.rstrip("?")}
