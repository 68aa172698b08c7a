"""HTTP around the answers: connections that stay open, compression, the log, faults, and breaking off."""

import gzip
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rehearsal import desk, feeds
from rehearsal.answers import Answer, answer
from rehearsal.faults import Wire
from rehearsal.parameters import Parameters

if TYPE_CHECKING:
    from rehearsal.server import Server

WORTH_PACKING = 1400


@dataclass(frozen=True)
class Request:
    """One request as it came in; `at` is the server's time, `real` the monotonic second."""

    method: str
    path: str
    query: str
    parameters: dict[str, list[str]]
    headers: dict[str, str]
    at: datetime
    real: float


class Listener(ThreadingHTTPServer):
    """Accepts connections, each in a thread of its own, and breaks them all when it closes."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], rehearsal: "Server"):
        self.rehearsal = rehearsal
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(address, Handler)

    def process_request(self, request, client_address):
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self):
        super().server_close()
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request, client_address):
        """A client that went away is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection's requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Listener

    def do_GET(self):
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        page = desk.page(self.server.rehearsal, path)
        if page is not None:
            self.reply(page)
        else:
            self.serve_request(path, query)

    do_HEAD = do_GET

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, 1000))
        self.close_connection = True
        self.reply(desk.change(self.server.rehearsal, urlsplit(self.path).path, body))

    def serve_request(self, path: str, query: str) -> None:
        rehearsal = self.server.rehearsal
        request = self.received(path, query)
        rehearsal.requests.append(request)
        if rehearsal.before:
            rehearsal.before(request)
        fault = rehearsal.faults.next_for(request)
        if fault:
            self.close_connection = True
            fault(Wire(self.send_now, lambda: self.good(path, query, {}), rehearsal.stopping))
        else:
            self.reply(self.good(path, query, request.headers))

    def good(self, path: str, query: str, headers: dict[str, str]) -> Answer:
        """What is answered in good times; without `headers`, the whole of it."""
        rehearsal = self.server.rehearsal
        if path.startswith(feeds.ROOT):
            return feeds.answer(rehearsal.feeds, path, headers, rehearsal.url)
        return answer(rehearsal.state, path, query)

    def received(self, path: str, query: str) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        parameters = Parameters(query).sent
        now = self.server.rehearsal.now
        return Request(self.command, path, query, parameters, headers, now, time.monotonic())

    def reply(self, given: Answer) -> None:
        """Sends a whole response, packed if that is worth while and the client can unpack it."""
        body, packed = given.body, False
        if len(body) > WORTH_PACKING and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, packed = gzip.compress(body, compresslevel=1), True
        self.send_response(given.status)
        if given.status != 304:
            self.send_header("Content-Type", given.content_type)
            self.send_header("Content-Length", str(len(body)))
        for name, value in given.headers:
            self.send_header(name, value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_now(self, data: bytes) -> None:
        """Sends bytes without waiting for more."""
        self.wfile.write(data)
        self.wfile.flush()

    def version_string(self):
        return "rehearsal"

    def log_message(self, format, *args):
        """Says nothing: what was asked stands in the server's log of requests."""
