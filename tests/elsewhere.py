"""PostgreSQL servers of a test's own, and doing something as a process would that is connected to one of them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from config import embedded
from config.processes import Household
from tests.workers import PATIENCE


@contextmanager
def own_folder() -> Iterator[tuple[Household, Path]]:
    """A household, and a folder that is removed with it, which the user PostgreSQL runs under can go through."""
    folder = embedded.make_socket_folder()
    (folder / "servers").mkdir()
    for closed in (folder, folder / "servers"):
        closed.chmod(0o711)  # as for every server of a test run
    household = Household()
    household.remove_at_end(folder)
    try:
        yield household, folder
    finally:
        household.close()


@contextmanager
def connected_to(sockets: Path, name: str = "hark") -> Iterator[Callable[[Callable[[], object]], object]]:
    """A function that does something with a connection to this database instead, and gives what came of it."""

    def do(deed: Callable[[], object]) -> object:
        own = connections["default"]
        own.settings_dict = own.settings_dict | {"HOST": str(sockets), "NAME": name}
        try:
            return deed()
        finally:
            own.close()

    with ThreadPoolExecutor(1) as pool:
        yield lambda deed: pool.submit(do, deed).result(PATIENCE)
