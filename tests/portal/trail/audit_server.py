"""A FHIR server of the tests' own that takes AuditEvents and Provenances, as well as the test wants it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request; `turn` counts them from 0."""

    method: str
    path: str
    headers: dict[str, str]
    resource: dict[str, Any]
    turn: int


@dataclass(frozen=True)
class Said:
    """A status and headers."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)


Behaviour = Callable[[Asked], Said]


class AuditServer(ThreadingHTTPServer):
    """What was asked, and how it is answered."""

    daemon_threads, block_on_close = True, False

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.behaviour = behaviour
        self.asked: list[Asked] = []
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/fhir"

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The resources of all requests that were answered with 201."""
        return [asked.resource for asked in self.asked if self.behaviour(asked).status == 201]

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: AuditServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        with self.server.lock:
            turn = len(self.server.asked)
            asked = Asked(self.command, self.path, dict(self.headers), json.loads(body), turn)
            self.server.asked.append(asked)
        said = self.server.behaviour(asked)
        self.send_response(said.status)
        for name, value in {"content-length": "0", **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def audit_server(behaviour: Behaviour = lambda asked: Said()) -> Iterator[AuditServer]:
    """Run one while the block runs."""
    server = AuditServer(behaviour)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
