"""A chat server that does what the test says, on a real socket of this machine.

A behaviour is a function that answers one POST; the n-th POST gets the n-th, and the last one stays.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Answering"], None]
USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


class Server(ThreadingHTTPServer):
    """What was asked, and what is answered."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *behaviours: Behaviour, models: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.behaviours = behaviours
        self.models = models or {}
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.paths: list[str] = []
        self.at_once = self.most_at_once = 0
        self.left = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.left.set()


class Answering(BaseHTTPRequestHandler):
    """One connection; the helpers below write answers."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        server = self.server
        with server.lock:
            behaviour = server.behaviours[min(len(server.bodies), len(server.behaviours) - 1)]
            server.bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            server.headers.append(dict(self.headers))
            server.paths.append(self.path)
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            behaviour(self)
        finally:
            with server.lock:
                server.at_once -= 1

    def do_GET(self) -> None:
        names = self.server.models.get(self.path)
        if names is None:
            self.whole(404, {"detail": "Not Found"})
        else:
            self.whole(200, {"object": "list", "data": [{"id": name} for name in names]})

    def do_CONNECT(self) -> None:
        self.whole(403, "no", "text/plain")

    def whole(self, status: int, body: object, kind: str = "application/json", **headers: str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(text)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text.encode())
        self.close_connection = True

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def raw(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def event(self, body: object) -> None:
        self.raw(f"data: {json.dumps(body)}\n\n")

    def delta(self, finish: str | None = None, **delta: object) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event(
            {"id": "1", "object": "chat.completion.chunk", "model": "m", "created": 1, "choices": [choice]}
        )

    def usage(self, **usage: int) -> None:
        self.event(
            {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [], "usage": usage}
        )

    def done(self) -> None:
        self.raw("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def says(*pieces: str, finish: str = "stop", pause: float = 0.0) -> Behaviour:
    """Stream pieces as a well-behaved server does."""

    def answer(to: Answering) -> None:
        to.begin()
        to.delta(role="assistant", content="")
        for piece in pieces:
            time.sleep(pause)
            to.delta(content=piece)
        to.delta(finish)
        to.usage(**USAGE)
        to.done()

    return answer


def status(code: int, body: object = "", kind: str = "application/json", **headers: str) -> Behaviour:
    """Refuse; an underscore in a header's name is a dash."""
    return lambda to: to.whole(code, body, kind, **headers)


def drips(what: str, every: float = 0.02) -> Behaviour:
    """Send the same for ever."""

    def answer(to: Answering) -> None:
        to.begin()
        while True:
            to.raw(what)
            time.sleep(every)

    return answer


@contextmanager
def serving(*behaviours: Behaviour, models: Mapping[str, list[str]] | None = None) -> Iterator[Server]:
    """Run a server while the block runs."""
    server = Server(*behaviours, models=models)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        with suppress(OSError):
            server.server_close()
        thread.join()
