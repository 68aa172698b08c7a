"""The rehearsal server: Parliament's written questions API and publishers' feeds over HTTP, as the real ones behave."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event, Thread

from config import clock
from rehearsal.faults import Plan
from rehearsal.listener import Listener, Request
from rehearsal.posts import Feeds
from rehearsal.worlds import State, World


class Server:
    """A world behind an address, with a log of what was asked and a plan of what goes wrong.

    `now` is a fixed aware time, or None: then the clock of `config.clock` drives it. `before`, if set, is called
    with each request before it is answered: the place to change a world between two pages.
    """

    def __init__(self, world: World, now: datetime | None = None, host: str = "127.0.0.1", port: int = 0):
        self.world = world
        self.faults = Plan()
        self.requests: list[Request] = []
        self.before: Callable[[Request], None] | None = None
        self.stopping = Event()
        self.now = now
        self._address = (host, port)
        self._listener: Listener | None = None

    @property
    def now(self) -> datetime:
        """The time at which the world is shown."""
        return self._fixed or clock.now()

    @now.setter
    def now(self, moment: datetime | None) -> None:
        if moment is not None and moment.tzinfo is None:
            raise ValueError("The server's time needs a zone, like 2024-11-06T00:07:00+00:00.")
        self._fixed = moment

    @property
    def stands_still(self) -> bool:
        """Whether the time is fixed until somebody sets it anew."""
        return self._fixed is not None

    @property
    def state(self) -> State:
        """The world as it stands now."""
        return self.world.at(self.now)

    @property
    def feeds(self) -> Feeds:
        """The feeds as they stand now."""
        return self.world.feeds_at(self.now)

    @property
    def port(self) -> int:
        """The port, which stays the same from the first start on."""
        return self._address[1]

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://{self._address[0]}:{self.port}"

    def start(self) -> None:
        """Listens, again after a `stop` too; raises OSError if the port is taken."""
        self.stopping = Event()
        self._listener = Listener(self._address, self)
        self._address = self._listener.server_address[:2]
        Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuses connections from now on and breaks those that are open; a second time does nothing."""
        if self._listener is None:
            return
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._listener = None

    @contextmanager
    def down(self) -> Iterator[None]:
        """Connection refused while the block runs, then the same port again."""
        self.stop()
        try:
            yield
        finally:
            self.start()


@contextmanager
def serve(world: World, now: datetime | None = None, host: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """A running server, on a free port unless one is named, stopped at the end of the block."""
    server = Server(world, now, host, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
