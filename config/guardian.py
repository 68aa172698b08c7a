"""Ends process groups in order; as a script, ends those of a main process that died without doing so.

The script is started on a pipe whose other end the main process holds. Each child writes itself into that pipe
before it becomes its own program (`+ PID ROLE SIGNAL GROUP`), the main process takes it out when it is gone (`- PID`);
`~ FOLDER` is a folder to be removed afterwards. However the main process ends, the pipe closes, and whatever is still
written down is ended here.
Standard library only: it must start in a few milliseconds and weigh nothing.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

GRACE = {"app": 3.4, "server": 8.0}
"""Seconds each role gets to end by itself; a Celery worker's soft shutdown takes up to 3."""
LAST_WORD = {"app": signal.SIGKILL, "server": signal.SIGQUIT}
"""SIGQUIT is PostgreSQL's immediate shutdown: it still takes its own children along."""


class Ward(NamedTuple):
    """A process to be ended: its id, what it is, the signal that asks it to end, whether it leads a group."""

    pid: int
    role: str
    signal: int
    leads_group: bool

    def line(self):
        """The ward as the pipe carries it."""
        return f"+ {self.pid} {self.role} {int(self.signal)} {int(self.leads_group)}\n".encode()

    @classmethod
    def from_words(cls, words):
        """The ward in the words of a line, without the leading plus."""
        pid, role, number, leads_group = words
        return cls(int(pid), role, int(number), leads_group == "1")


def end_all(wards):
    """Ask all to end, programs before the servers they use, and kill what does not; returns when all are gone."""
    for role in ("app", "server"):
        end([ward for ward in wards if ward.role == role], GRACE[role], LAST_WORD[role])


def end(wards, seconds, last_word=signal.SIGKILL):
    """Ask these to end, wait so many seconds, and kill what is left of their groups."""
    for ward in wards:
        send(os.kill, ward.pid, ward.signal)
    for number in (last_word, signal.SIGKILL):
        wards = _wait(wards, seconds)
        for ward in wards:
            send(os.killpg if ward.leads_group else os.kill, ward.pid, number)
        seconds = 1.0
    _wait(wards, seconds)


def _wait(wards, seconds):
    """Wait until these are gone, at most so many seconds; returns those that are not."""
    deadline = time.monotonic() + seconds
    while (wards := [ward for ward in wards if is_alive(ward)]) and time.monotonic() < deadline:
        time.sleep(0.03)
    return wards


def send(kill, pid, number):
    """Send a signal with os.kill or os.killpg; nothing happens where nobody is left to get it."""
    with suppress(ProcessLookupError):
        kill(pid, number)


def is_alive(ward):
    """Whether the process, or any other of the group it leads, still runs. A zombie does not."""
    if not Path("/proc/self/stat").exists():
        return _answers(ward)
    return any(_counts(ward, process) for process in processes())


def _answers(ward):
    try:
        (os.killpg if ward.leads_group else os.kill)(ward.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _counts(ward, process):
    pid, state, group = process
    return state not in "ZX" and (pid == ward.pid or (ward.leads_group and group == ward.pid))


def processes():
    """All processes of the machine as (pid, state, process group), from /proc."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path("/proc", name, "stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            yield int(name), fields[0], int(fields[2])


def watch(lines):
    """Keep the book that these lines write; returns the wards and the folders left when the lines end."""
    wards, folders = {}, []
    for line in lines:
        sign, _, rest = line.rstrip("\n").partition(" ")
        if sign == "+":
            ward = Ward.from_words(rest.split())
            wards[ward.pid] = ward
        elif sign == "-":
            wards.pop(int(rest), None)
        else:
            folders.append(rest)
    return list(wards.values()), folders


def main():
    """Outlive every signal a terminal or a service manager sends first, then end and remove what is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    wards, folders = watch(sys.stdin)
    end_all(wards)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
