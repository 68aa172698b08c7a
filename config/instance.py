"""An instance: one folder with everything that one Hark of its own writes, used by one start at a time."""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from config.processes import ROOT

CLOSING = 15
"""Seconds to wait for an earlier start whose main process is gone to end the rest of itself."""
SECRETS = ("HARK_SECRET_KEY", "HARK_TOKEN_KEY")


class InUse(Exception):
    """Another process works on this instance; the words name it."""


class Unusable(Exception):
    """The instance folder cannot be used; the words say why and what to do."""


@dataclass
class Instance:
    """The instance in a folder, which is made if need be."""

    folder: Path
    lock: int | None = field(default=None, repr=False)

    def __post_init__(self):
        self._make()
        for name in ("logs", "outbox", "static"):
            Path(self.folder, name).mkdir(exist_ok=True)

    def _make(self):
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.folder.stat().st_uid != os.geteuid():
                owner = _user_name(self.folder.stat().st_uid)
                raise Unusable(f"{self.folder} belongs to {owner}. Start as {owner}, or remove that folder.")
            # As root PostgreSQL runs as somebody else, who must get through to its own folder; nothing can be listed.
            self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        except OSError as problem:
            raise Unusable(
                f"Hark keeps its data in {self.folder}, which cannot be used: {problem.strerror}."
            ) from problem

    @property
    def logs(self):
        """The folder of the children's logs."""
        return self.folder / "logs"

    @property
    def outbox(self):
        """The folder of mails that were sent, as .eml files."""
        return self.folder / "outbox"

    def take(self, word):
        """Take the instance for `./run WORD` until this process and its guardian are gone; raises InUse."""
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + CLOSING
        while not _locked(lock):
            holder = os.pread(lock, 200, 0).decode().partition(" ")
            if _runs(holder[0]) or time.monotonic() > deadline:
                os.close(lock)
                raise InUse(f"{holder[2] or './run'} (process {holder[0]}) is using {self.folder}.")
            time.sleep(0.1)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()} ./run {word}".strip().encode(), 0)
        self.lock = lock

    def empty(self):
        """Remove everything in the instance but its lock, also what root keeps elsewhere for PostgreSQL."""
        for entry in self.folder.iterdir():
            if entry.is_symlink():
                shutil.rmtree(entry.resolve(), ignore_errors=True)
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                entry.unlink()
        self.__post_init__()

    def secrets(self):
        """The keys of this instance, and whether they were made just now."""
        file = self.folder / "secrets.json"
        if file.exists():
            return json.loads(file.read_text()), False
        made = {name: secrets.token_urlsafe(48) for name in SECRETS}
        write_whole(file, made)
        return made, True

    def announce(self, environment):
        """Let other words of ./run join the servers of this one."""
        write_whole(self.folder / "running.json", {"pid": os.getpid(), "environment": environment})

    def withdraw(self):
        """Take the announcement back."""
        (self.folder / "running.json").unlink(missing_ok=True)

    def joined(self):
        """The environment that the running `./run` announced, or None."""
        try:
            running = json.loads((self.folder / "running.json").read_text())
        except FileNotFoundError:
            return None
        return running["environment"] if _runs(str(running["pid"])) else None


def environment(instance, addresses, port):
    """What every child of this instance finds in its environment; docs/operations.md lists the names."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return (
        kept
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": addresses.database,
            "HARK_BROKER_URL": addresses.broker,
            "HARK_MODE": "embedded",
            "HARK_INSTANCE": str(instance.folder),
            "HARK_PORT": str(port),
            "HARK_SITE_URL": f"http://localhost:{port}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            "REMAP_SIGTERM": "SIGQUIT",  # Celery: SIGTERM too begins the soft shutdown, which has a limit
        }
        | instance.secrets()[0]
    )


def named(name=""):
    """The instance of the checkout with this name: '' or 'demo'."""
    return Instance(ROOT / (f".instance-{name}" if name else ".instance"))


def write_whole(file, value):
    """Write the value as JSON for our eyes only; a reader sees the old file or the new one, never half of one."""
    new = file.with_name(f"{file.name}.new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump(value, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)


def _locked(lock):
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _runs(pid):
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return True


def _user_name(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
