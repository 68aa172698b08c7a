"""Starts the embedded servers: a real PostgreSQL and a real Valkey, on unix sockets only we can open."""

import os
import pwd
import shutil
import signal
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import postgres_home
from config.binaries import ServerError, find_postgres, find_valkey
from config.guardian import Ward, is_alive
from config.processes import Child

SOCKET_LIMIT = 107
"""Bytes in the path of a unix socket (sun_path of Linux has 108 with its ending zero)."""
LONGEST_SOCKET = "/hark-12345678/pg/.s.PGSQL.5432.lock"
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
"""Settings for data that need not survive the machine: tests."""
CLEAN = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
"""The environment of a server: nothing of the caller's PGPORT, LANG and the like."""


@dataclass(frozen=True)
class Addresses:
    """Where the servers of one start listen."""

    sockets: Path

    @property
    def database(self):
        """DATABASE_URL as django-environ and libpq read it."""
        return f"postgresql://hark@:5432/hark?host={quote(str(self.sockets / 'pg'), safe='')}"

    @property
    def broker(self):
        """HARK_BROKER_URL as Celery reads it."""
        return f"redis+socket://{quote(str(self.sockets / 'valkey.sock'))}"


def make_socket_folder():
    """A new folder of unguessable name for the sockets, under a temp dir of short path; the caller removes it."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):
        if len(os.fsencode(parent) + LONGEST_SOCKET.encode()) <= SOCKET_LIMIT and os.access(parent, os.W_OK):
            return Path(tempfile.mkdtemp(prefix="hark-", dir=parent))
    raise ServerError("No folder for sockets: set TMPDIR to a writable folder with a short path, like /tmp.")


def start_valkey(household, instance, sockets, logs, pause=time.sleep):
    """Start Valkey on its data in `instance`, and wait until it answers; `pause` as for PostgreSQL."""
    folder = Path(instance, "valkey")
    folder.mkdir(mode=0o700, exist_ok=True)
    command = [
        *(find_valkey(), "--port", "0", "--unixsocket", sockets / "valkey.sock", "--unixsocketperm", "700"),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"),
        *("--databases", "64", "--daemonize", "no"),
    ]
    with open(logs / "valkey.log", "ab") as log:
        child = household.start(
            "valkey", command, role="server", cwd=folder, stdout=log, stderr=log, env=_env(instance)
        )
    wait_until(lambda: _valkey_answers(sockets), child, logs / "valkey.log", pause)
    return child


def start_postgres(household, instance, sockets, logs, settings=None, pause=time.sleep):
    """Start PostgreSQL on its data in `instance`, which are made first if need be, and wait until it answers.

    `settings` go over its defaults. `pause(seconds)` is called while waiting, and may raise to give up.
    """
    home, user = postgres_home.lodge(instance)
    data = home / "data"
    binaries = postgres_home.reachable_binaries(find_postgres(_major(data)), user)
    if not data.exists():
        _init(household, binaries, home, user, _env(instance), logs, pause)
    _let_us_in(data, user)
    _end_leftover(data)
    folder = sockets / "pg"
    folder.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        sockets.chmod(0o711)
        postgres_home.give(folder, user)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{folder}"',
        "port": "5432",
        "log_line_prefix": "%m [%p] ",
    } | (settings or {})
    command = [binaries.program("postgres"), "-D", data, *(f"--{key}={value}" for key, value in settings.items())]
    child = _start_as(household, "postgres", command, user, home, _env(instance), logs)
    wait_until(lambda: _is_ready(data, child.process.pid), child, logs / "postgres.log", pause)
    _make_database(folder)
    return child


def _env(instance):
    return CLEAN | {"HARK_INSTANCE": str(instance)}


def _start_as(household, name, command, user, home, env, logs):
    with open(logs / "postgres.log", "ab") as log:
        return household.start(
            name,
            command,
            role="server",
            stop=signal.SIGINT,  # PostgreSQL's fast shutdown: connections are cut, data are safe
            cwd=home,
            env=env,
            stdout=log,
            stderr=log,
            **postgres_home.become(user),
        )


def _major(data):
    """The major version that wrote these data, or None for new data."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _init(household, binaries, home, user, env, logs, pause):
    """Make new data, under another name until they are complete."""
    new = home / "new"
    shutil.rmtree(new, ignore_errors=True)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
    command = [binaries.program("initdb"), "-D", new, "-U", "hark", "-A", "peer", "--encoding=UTF8", "--no-sync"]
    child = _start_as(household, "initdb", [*command, *(locale or ["--locale=C.UTF-8"])], user, home, env, logs)
    while child.exit_code is None:
        pause(0.02)
    household.forget(child)
    if child.process.returncode:
        raise ServerError(f"PostgreSQL could not make its data folder. Its words: {last_words(logs / 'postgres.log')}")
    new.rename(home / "data")


def _let_us_in(data, user):
    """Let the account we run under, and nobody else, be the database's one user, by what the kernel says of it."""
    (data / "pg_hba.conf").write_text("local all all peer map=hark\n")
    names = {pwd.getpwuid(os.geteuid()).pw_name, *([user.pw_name] if user else [])}
    (data / "pg_ident.conf").write_text("".join(f'hark "{name}" hark\n' for name in sorted(names)))
    for name in ("pg_hba.conf", "pg_ident.conf"):
        postgres_home.give(data / name, user)


def _end_leftover(data):
    """End a PostgreSQL that somehow outlived an earlier start: two on the same data would both be refused."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return
    if os.fsencode(data) in command:
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 10
        while is_alive(Ward(pid, "server", signal.SIGINT, False)) and time.monotonic() < deadline:
            time.sleep(0.05)


def _is_ready(data, pid):
    """Whether this PostgreSQL says in its lock file that it accepts connections (lines 1 and 8, as pg_ctl reads it)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return lines[0] == str(pid) and lines[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def _make_database(folder):
    where = {"host": str(folder), "port": 5432, "user": "hark", "dbname": "postgres", "autocommit": True}
    with psycopg.connect(**where) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'hark'").fetchone():
            connection.execute("CREATE DATABASE hark")


def _valkey_answers(sockets):
    """Whether Valkey answers a ping."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(sockets / "valkey.sock"))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def wait_until(ready, child: Child, log, pause, seconds=60):
    """Wait until `ready()`; raises ServerError with the last words of the log if the server ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.exit_code is not None or time.monotonic() > deadline:
            raise ServerError(f"{child.name} did not start. Its last words (all in {log}): {last_words(log)}")
        pause(0.02)


def last_words(log):
    """The last lines of a log, for a person."""
    lines = log.read_text(errors="replace").splitlines()
    return " / ".join(lines[-5:])
