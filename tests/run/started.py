"""Real starts of `./run` in a copy of the project, watched from outside."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from config.postgres_home import LIBRARY
from config.processes import ROOT

PATIENCE = 90
"""Seconds after which a test gives up waiting; no test measures time with it."""


def copy_project(folder):
    """Copy what a clone holds, but the tests, into this folder; returns it."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "tests", "benchmarks", "__pycache__"))
    return folder


def remove_project(folder):
    """Remove the copy with what root kept elsewhere for its PostgreSQL."""
    for data in folder.glob(".instance*/postgres"):
        if data.is_symlink() and data.resolve().is_relative_to(LIBRARY):
            shutil.rmtree(data.resolve())
    shutil.rmtree(folder)


class Started:
    """One `./run` with these words, in this copy of the project."""

    def __init__(self, project, *words, prefix=(), python=sys.executable, **environment):
        self.project = project
        self.lines = []
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("HARK_", "DATABASE_", "PYTEST"))
        }
        self.process = subprocess.Popen(
            [*prefix, "./run", *words],
            cwd=project,
            env=kept | {"HARK_PYTHON": str(python)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def said(self):
        """Everything printed so far."""
        return "".join(self.lines)

    def wait_for(self, pattern):
        """Wait until something printed matches; returns the match."""
        wait_until(
            lambda: re.search(pattern, self.said) or self.process.poll() is not None,
            lambda: f"{pattern!r} was not said, but: {self.said}",
        )
        found = re.search(pattern, self.said)
        assert found, f"{pattern!r} was not said, but: {self.said}\n{self.logs()}"
        return found

    def logs(self):
        """The ends of all logs, for a failing test."""
        files = self.project.glob(".instance*/logs/*.log")
        return "\n".join(f"{file.name}: {file.read_text(errors='replace')[-1500:]}" for file in files)

    def address(self):
        """The address of the site once it is open."""
        return self.wait_for(r"Hark is open at (\S+)").group(1)

    def stop(self, number=signal.SIGINT):
        """Send a signal to `./run` and wait for its end; returns the exit code."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self):
        """Wait for the end of `./run` and of all it said; returns the exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def socket_folders(self):
        """The folders of the sockets of this instance's children."""
        found = [re.search(rb"host=([^\0]+)%2Fpg", environment(pid)) for pid in processes_of(self.project)]
        return {Path(match.group(1).decode().replace("%2F", "/")) for match in found if match}


def wait_until(holds, words):
    """Wait until `holds()`; fails with `words()` when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, words()
        time.sleep(0.1)


def processes_of(project):
    """The process ids that belong to a project's folder, by command line, environment or working folder."""
    sign = os.fsencode(project)
    return [pid for pid in all_processes() if sign in command(pid) + environment(pid) + working_folder(pid)]


def all_processes():
    """The ids of all processes but this one and its kin that have ended."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]


def command(pid):
    """The command line of a process, empty where it is gone."""
    return _read(pid, "cmdline")


def environment(pid):
    """The environment a process began with, empty where it is gone or not ours to read."""
    return _read(pid, "environ")


def working_folder(pid):
    """The folder a process works in, empty where it is gone or not ours to see."""
    try:
        return os.fsencode(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        return b""


def _read(pid, name):
    try:
        return Path("/proc", str(pid), name).read_bytes()
    except OSError:
        return b""
