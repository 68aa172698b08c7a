"""Child processes of which none outlives us, however we end."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config import guardian

ROOT = Path(__file__).resolve().parent.parent
"""The folder that the project lies in."""


@dataclass
class Child:
    """A running child: its name for people, its process, and how it is to be ended."""

    name: str
    process: subprocess.Popen
    ward: guardian.Ward

    @property
    def exit_code(self):
        """None while it runs; else its exit code, negative for the signal that ended it."""
        # Looked at without reaping: until `forget` the process id, and so the group's, cannot become somebody else's.
        found = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if found is None:
            return None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


class Household:
    """The children of this process, and the guardian that ends them if this process cannot.

    `keep_open` are file descriptors the guardian holds as long as it lives: a lock given here is free only when
    nothing is left of the household.
    """

    def __init__(self, keep_open=()):
        self.keep_open = tuple(keep_open)
        self.children = []
        self.folders = []
        self._guardian = self._start_guardian()

    def _start_guardian(self):
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            pass_fds=self.keep_open,
        )

    def start(self, name, command, *, role="app", stop=signal.SIGTERM, own_group=True, **options):
        """Start a child in a group of its own; `options` go to Popen. Raises OSError when there is no such program.

        With `own_group=False` it stays in ours and so keeps the terminal.
        """

        def introduce():
            # In the child, before its program: so no moment exists in which it runs and the guardian does not know.
            os.write(self._pipe, guardian.Ward(os.getpid(), role, stop, own_group).line())

        options.setdefault("stdin", subprocess.DEVNULL if own_group else None)
        process = subprocess.Popen(
            [str(word) for word in command], start_new_session=own_group, preexec_fn=introduce, **options
        )
        child = Child(name, process, guardian.Ward(process.pid, role, stop, own_group))
        self.children.append(child)
        return child

    def remove_at_end(self, folder):
        """Have this folder removed when the household ends, however it ends."""
        self.folders.append(folder)
        os.write(self._pipe, f"~ {folder}\n".encode())

    @property
    def _pipe(self):
        return self._guardian.stdin.fileno()

    def forget(self, child):
        """Take a child that has ended out of the book, and end what it left of its group."""
        guardian.end([child.ward], 0)
        child.process.wait()
        self.children.remove(child)
        os.write(self._pipe, f"- {child.process.pid}\n".encode())

    def stop(self, *children):
        """End these children, or all: programs before servers, each with its grace."""
        chosen = children or tuple(self.children)
        guardian.end_all([child.ward for child in chosen])
        for child in chosen:
            self.forget(child)

    def kill_programs(self):
        """Kill the programs, not the servers, without grace."""
        for child in self.children:
            if child.ward.role == "app":
                guardian.send(os.killpg if child.ward.leads_group else os.kill, child.process.pid, signal.SIGKILL)

    def renew_guardian(self):
        """Give the household a new guardian if somebody killed the one it had."""
        if self._guardian.poll() is None:
            return
        self._guardian = self._start_guardian()
        for child in self.children:
            os.write(self._pipe, child.ward.line())
        for folder in self.folders:
            os.write(self._pipe, f"~ {folder}\n".encode())

    def close(self):
        """End all children and the guardian, which removes the folders; afterwards nothing of the household is left."""
        self.stop()
        self._guardian.stdin.close()
        self._guardian.wait()
