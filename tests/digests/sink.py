"""A real SMTP server that keeps what it accepts, and misbehaves as it is told for a recipient's local part."""

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.smtp import SMTP

from tests.workers import PATIENCE

REFUSALS = {
    "busy": "451 4.7.1 Greylisted, try again later",
    "nobody": "550 5.1.1 No such user here",
    "full": "552 5.2.2 Mailbox full for good",
    "blocked": "550 5.7.1 Your host is blocked",
    "closing": "421 4.3.2 Closing down",
}


class Sink:
    """The server: `accepted` holds (recipient, bytes) of every text whose end it saw, also where no reply went out."""

    def __init__(self):
        self.accepted: list[tuple[str, bytes]] = []
        self.at_data: Callable[[str], None] = lambda recipient: None
        self.connections = 0
        self.tired_after: int | None = None
        """So many emails are taken over one connection; at the next the server hangs up."""
        self.refuses: str | None = None
        """What every recipient is answered instead of being accepted."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._loop, self._pool = asyncio.new_event_loop(), ThreadPoolExecutor()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def port(self) -> int:
        return self._socket.getsockname()[1]

    def start(self):
        self._thread.start()
        serving = self._loop.create_server(self._called, sock=self._socket)
        asyncio.run_coroutine_threadsafe(serving, self._loop).result(PATIENCE)

    def _called(self) -> SMTP:
        self.connections += 1
        return SMTP(self, loop=self._loop)

    def stop(self):
        """Hang up, and leave no thread and no open file: hundreds of these live in one process, one after another."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        self._pool.shutdown(wait=False)
        self._socket.close()

    async def _hang_up(self) -> None:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def handle_MAIL(self, server, session, envelope, address, options):
        session.mails = getattr(session, "mails", 0) + 1
        if self.tired_after is not None and session.mails > self.tired_after:
            return "421 4.7.0 Too many messages on this connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        mode = address.partition("@")[0]
        if self.refuses is not None:
            return self.refuses
        if mode == "gone":
            server.transport.abort()
        if mode in REFUSALS:
            return REFUSALS[mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        recipient = envelope.rcpt_tos[0]
        mode = recipient.partition("@")[0]
        await self._loop.run_in_executor(self._pool, self.at_data, recipient)
        if mode == "picky":
            return "554 5.6.0 Message refused"
        if mode == "later":
            return "452 4.3.1 Not enough storage"
        self.accepted += [(address, envelope.original_content) for address in envelope.rcpt_tos]
        if mode == "vanishing":
            server.transport.abort()
        if mode == "mute":
            await asyncio.Event().wait()
        return "250 OK"
