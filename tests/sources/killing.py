"""A process that dies at a chosen statement to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Killed(BaseException):
    """The end of a process: nothing below may catch it."""


class Trigger:
    """Kills at the statement with number `at`, once; with None it only counts."""

    def __init__(self, at: int | None = None):
        self.at, self.statements = at, 0

    def __call__(self, execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.statements += 1
            if self.statements == self.at:
                raise Killed
            if self.at and self.statements > self.at:
                # A statement outside `atomic` is a transaction of its own, but not within that of the test.
                connection.needs_rollback = False
        return execute(sql, params, many, context)


@contextmanager
def killed_at(statement: int | None) -> Iterator[Trigger]:
    """Runs the block with a trigger; being killed ends the block, not the test."""
    trigger = Trigger(statement)
    try:
        with connection.execute_wrapper(trigger):
            yield trigger
    except Killed:
        connection.needs_rollback = False
