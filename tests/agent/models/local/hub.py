"""A hub on a real socket of this machine: it serves one folder, or answers as a test says."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Served:
    """What the hub does.

    Attributes:
        folder: what it serves under every id.
        status: what it answers instead, with the hub's code for the error.
        code: as the hub names the error, e.g. "GatedRepo".
        broken: file of which only half is sent.
    """

    folder: Path | None = None
    status: int = 404
    code: str = "RepoNotFound"
    broken: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(served: Served) -> Iterator[str]:
    """Give the address of a hub."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            if served.folder is None:
                self.answer(served.status, {"X-Error-Code": served.code, "X-Error-Message": "no"}, b"{}")
            elif self.path.startswith("/api/models/"):
                told = self.tree(served.folder) if "/tree/" in self.path else self.info(served.folder)
                self.answer(200, {"Content-Type": "application/json"}, json.dumps(told).encode())
            else:
                self.file(served.folder / self.path.rpartition(f"/resolve/{COMMIT}/")[2])

        do_HEAD = do_GET

        def info(self, folder: Path) -> object:
            return {
                "id": "tiny/model",
                "sha": COMMIT,
                "siblings": [{"rfilename": f.name} for f in folder.iterdir()],
            }

        def tree(self, folder: Path) -> object:
            return [
                {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": etag(file)}
                for file in folder.iterdir()
            ]

        def file(self, file: Path) -> None:
            data = file.read_bytes()
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
            named = {"ETag": f'"{etag(file)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
            length = len(data) - start
            sent = data[start:] if file.name != served.broken else data[start : start + length // 2]
            self.answer(206 if start else 200, named, sent, length)

        def answer(
            self, status: int, headers: dict[str, str], body: bytes, length: int | None = None
        ) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def etag(file: Path) -> str:
    return hashlib.sha1(file.read_bytes()).hexdigest()
