"""The servers of a test run: one PostgreSQL and one Valkey of its own, on sockets in a folder nobody else knows.

Workers of pytest-xdist share the servers of their controller; each has its own database and its own broker number.
HARK_TEST_DATABASE_URL and HARK_TEST_BROKER_URL name servers to use instead.
"""

import os
from functools import cache
from pathlib import Path

from config import embedded
from config.processes import Household

FOLDER = "HARK_TEST_FOLDER"
"""The variable by which a controller tells its workers where the servers are."""
KEPT = ("HARK_TEST_", "HARK_SHARED_DATA")


def prepare_environment():
    """Set the environment that settings read, and nothing of the caller's; no server is started yet."""
    for name in [name for name in os.environ if name.startswith("HARK_") and not name.startswith(KEPT)]:
        del os.environ[name]
    folder = _folder()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    instance = folder / f"instance{worker}"
    instance.mkdir(exist_ok=True)
    addresses = embedded.Addresses(folder)
    broker = os.environ.get("HARK_TEST_BROKER_URL", addresses.broker)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=os.environ.get("HARK_TEST_DATABASE_URL", addresses.database),
        HARK_MODE="embedded",
        HARK_INSTANCE=str(instance),
        HARK_BROKER_URL=f"{broker}?virtual_host={worker.removeprefix('gw') or 0}",
        HARK_PARLIAMENT_URL="http://127.0.0.1:9",  # Nobody listens there: a test names the Parliament it means.
        HARK_SECRET_KEY="test-secret-key-" + "s" * 40,
        HARK_TOKEN_KEY="test-token-key-" + "t" * 40,
    )


def _folder():
    if FOLDER not in os.environ:
        folder = embedded.make_socket_folder()
        (folder / "servers").mkdir()
        for closed in (folder, folder / "servers"):
            closed.chmod(0o711)  # so that the user PostgreSQL runs under when we are root gets to its data
        os.environ[FOLDER] = str(folder)
        _household().remove_at_end(folder)
    return Path(os.environ[FOLDER])


@cache
def _household():
    """The household of the process that owns the servers."""
    return Household()


@cache
def start():
    """Start the servers, once, and wait until they answer; in a worker they are already there."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    folder = _folder()
    if "HARK_TEST_BROKER_URL" not in os.environ:
        embedded.start_valkey(_household(), folder / "servers", folder, folder)
    if "HARK_TEST_DATABASE_URL" not in os.environ:
        embedded.start_postgres(_household(), folder / "servers", folder, folder, embedded.THROWAWAY)


def stop():
    """End the servers and remove their folder, in the process that owns them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _household().close()
