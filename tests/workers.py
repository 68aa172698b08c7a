"""Several workers at once, for the tests: threads with database connections of their own, and waiting for them."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from django.db import connection, connections

PATIENCE = 300
"""Seconds after which a test gives up on something: longer than whatever happens takes on the busiest machine."""
WAITING = """SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (
    SELECT pid FROM pg_locks JOIN pg_database ON database = pg_database.oid WHERE datname = current_database())"""


@contextmanager
def workers(number: int) -> Iterator[Callable[..., Future]]:
    """A function that starts its argument in a thread with a connection and an index of its own."""

    def work(task, *arguments, **named):
        try:
            return task(*arguments, **named)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        yield partial(pool.submit, work)


def wait_until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def somebody_waits_for_a_lock(number: int = 1) -> bool:
    """Whether this many connections to this test's database wait for locks that others hold."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] >= number
