"""A real HTTP server in place of providers' interfaces: it keeps what it accepts, and misbehaves as it is told."""

import json
import threading
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Provider:
    """`accepted` holds the JSON of every email that would go out; `asked` counts requests, those refused too.

    `answers` are used up one by one, then everything is accepted: a status with headers and body, or LOST for an
    email that is accepted, whose connection is closed without an answer; SILENT for one that is accepted and never
    answered. A key that was seen makes no second copy and gets the first answer.
    """

    accepted: list[dict] = field(default_factory=list)
    keys: dict[str, dict] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def asked(self) -> int:
        return len(self.headers)

    def __enter__(self) -> "Provider":
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                outer.connections += 1

            def do_POST(self):
                outer.answer(self)

            def log_message(self, *_):
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if len(body) < int(request.headers["Content-Length"]):
            request.close_connection = True  # who asked died while asking
            return None
        mail = json.loads(body)
        self.headers.append(dict(request.headers))
        told = self.answers.pop(0) if self.answers else None
        if isinstance(told, tuple):
            status, headers, body = told
            return self._reply(request, status, body, headers)
        headers = mail.get("headers", {})
        named = headers if isinstance(headers, dict) else {each["name"]: each["value"] for each in headers}
        key = request.headers.get("Idempotency-Key") or named.get("idempotencyKey")
        known = self.keys.get(key) if key else None
        body = known or self._accept(mail)
        if key:
            self.keys[key] = body
        if told is SILENT:
            self.over.wait()
        if told in (LOST, SILENT):
            request.close_connection = True
            return None
        return self._reply(request, 200, body, {"X-Message-Id": body["id"]})

    def _accept(self, mail: dict) -> dict:
        self.accepted.append(mail)
        name = str(uuid.uuid4())
        recipients = {"To": mail.get("To", ""), "MessageID": name, "ErrorCode": 0, "Message": "OK"}
        return {"id": name, "messageId": name, "results": {"id": name, "total_accepted_recipients": 1,
                "total_rejected_recipients": 0}} | recipients  # fmt: skip

    @staticmethod
    def _reply(request: BaseHTTPRequestHandler, status: int, body: dict, headers: dict | None = None) -> None:
        raw = json.dumps(body).encode()
        request.send_response(status)
        usual = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
        for name, value in (usual | (headers or {})).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(raw)


LOST = "accepted, and the answer is lost"
SILENT = "accepted, and nothing comes any more"
