"""What the children's logs say that a person at the terminal should see: warnings and errors, not too many."""

import re
import shutil
import time

NOTABLE = re.compile(r"level='?(warning|error|critical)|\[(ERROR|CRITICAL)\]|: (ERROR|CRITICAL)/| (FATAL|PANIC): ")
"""As structlog, gunicorn, Celery and PostgreSQL write them. PostgreSQL's ERROR is left out: a constraint at work."""
COMMON = re.compile(r'event="Not Found: ')
"""A mistyped address is nothing to trouble anybody with."""
LINES, SECONDS = 5, 10
"""So many lines in so many seconds are shown from one log."""
WIDTH, ESCAPED_NEWLINE = 240, r"\n"
"""A line is shown so far, and without the traceback that structlog writes into it."""
LARGEST = 10_000_000
"""Bytes of a log that is put aside."""


class LogTail:
    """Follows one log from its present end; `name` is what the child is called."""

    def __init__(self, name, file):
        self.name = name
        self.file = file
        self.shown = []
        self.silent = False
        self.place = file.stat().st_size if file.exists() else 0

    def news(self):
        """The notable lines since last time, each ready to print."""
        for line in self._lines():
            if NOTABLE.search(line) and not COMMON.search(line):
                yield from self._measured(line)

    def _lines(self):
        if not self.file.exists():
            return []
        with open(self.file, "rb") as stream:
            stream.seek(self.place)
            whole, newline, _ = stream.read().rpartition(b"\n")
        self.place += len(whole) + len(newline)
        return whole.decode(errors="replace").splitlines()

    def _measured(self, line):
        now = time.monotonic()
        self.shown = [moment for moment in self.shown if moment > now - SECONDS]
        if len(self.shown) < LINES:
            self.shown.append(now)
            self.silent = False
            yield f"{self.name}: {line.partition(ESCAPED_NEWLINE)[0][:WIDTH]}"
        elif not self.silent:
            self.silent = True
            yield f"{self.name}: more of this in {self.file}"

    def keep_small(self):
        """Put a large log aside as NAME.1; its writer, which appends, goes on in the emptied file."""
        if self.file.exists() and self.file.stat().st_size > LARGEST:
            shutil.copyfile(self.file, self.file.with_name(f"{self.file.name}.1"))
            with open(self.file, "r+b") as stream:
                stream.truncate()
            self.place = 0
