"""The database stopped, as far as this process can tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def stopped_database() -> Iterator[None]:
    """No connection is made, and none that is there answers any more, in any thread."""

    def refuse(*_, **__):
        raise OperationalError("connection refused")

    with patch.object(BaseDatabaseWrapper, "connect", refuse), patch.object(BaseDatabaseWrapper, "_cursor", refuse):
        yield
