"""A FHIR server of the tests' own, on a real socket of this machine: well-behaved unless a test says otherwise.

A behaviour is a function of what was asked that answers it, or leaves it to the server by returning None.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.builders import Resource
from tools.record.kinds import KINDS

BASE = "/fhir"
KIND_NAMES = sorted({"Patient", *(name for names in KINDS.values() for name in names)})


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        path: below the base: "Observation", "Patient/p1", "metadata".
        terms: of the address, or of the form of a search by POST.
        turn: how many requests for this path there were before, without those that only count.
    """

    method: str
    path: str
    query: str
    terms: Mapping[str, str]
    headers: Mapping[str, str]
    turn: int

    @property
    def counts(self) -> bool:
        return "_summary" in self.terms

    @property
    def page(self) -> int:
        return int(self.terms.get("_offset", 0))


Behaviour = Callable[["Answering", Asked], object]


class Server(ThreadingHTTPServer):
    """What is stored, what was asked, who answers for which path, the address of another server, bytes of floods."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, resources: Iterable[Resource], behaviours: Mapping[str, Behaviour]) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.resources, self.behaviours = list(resources), behaviours
        self.elsewhere, self.flooded = "", 0
        self.asked: list[Asked] = []
        self.lock = threading.Lock()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{BASE}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass

    def matching(self, kind: str, terms: Mapping[str, str]) -> list[Resource]:
        return [r for r in self.resources if r["resourceType"] == kind and _matches(r, terms)]


class Answering(BaseHTTPRequestHandler):
    """One connection; the methods below write answers."""

    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True
    server: Server

    def do_GET(self) -> None:
        self._do("")

    def do_POST(self) -> None:
        self._do(self.rfile.read(int(self.headers["content-length"])).decode())

    def _do(self, form: str) -> None:
        address = urlsplit(self.path)
        path = address.path.removeprefix(f"{BASE}/")
        terms = {name: ",".join(values) for name, values in parse_qs(form or address.query).items()}
        with self.server.lock:
            turn = sum(a.path == path and not a.counts for a in self.server.asked)
            asked = Asked(self.command, path, address.query, terms, dict(self.headers), turn)
            self.server.asked.append(asked)
        behaviour = self.server.behaviours.get(path.partition("/")[0], lambda to, asked: None)
        if behaviour(self, asked) is None:
            self.well(asked)

    def well(self, asked: Asked) -> None:
        """Answer as a server should."""
        kind, _, id = asked.path.partition("/")
        if kind == "metadata":
            return self.json(statement())
        if id in ("", "_search"):
            return self.json(self.bundle(asked, self.server.matching(kind, asked.terms)))
        found = self.server.matching(kind, {"_id": id})
        return self.json(found[0]) if found else self.whole(404, "{}")

    def bundle(self, asked: Asked, rows: list[Resource], **more: Any) -> dict[str, Any]:
        """A page of a search, with a link to the next."""
        size = 0 if asked.counts else int(asked.terms.get("_count", 10))
        shown, rest = rows[asked.page : asked.page + size], rows[asked.page + size :]
        kind, terms = asked.path.partition("/")[0], {**asked.terms, "_offset": str(asked.page + size)}
        shown_terms = [(name, each) for name, value in asked.terms.items() for each in value.split(",")]
        links = [{"relation": "self", "url": f"{self.server.base}/{kind}?{urlencode(shown_terms)}"}]
        if rest and not asked.counts:
            links.append({"relation": "next", "url": f"{self.server.base}/{kind}?{urlencode(terms)}"})
        entries = [{"resource": row, "search": {"mode": "match"}} for row in shown]
        whole = {"resourceType": "Bundle", "type": "searchset", "total": len(rows), "link": links}
        return {**whole, "entry": entries, **more} if entries else {**whole, **more}

    def json(self, body: object) -> bool:
        return self.whole(200, json.dumps(body))

    def whole(
        self, status: int, body: str | bytes, kind: str = "application/fhir+json", **headers: str
    ) -> bool:
        data = body.encode() if isinstance(body, str) else body
        self.begin(status, kind, len(data), **headers)
        self.wfile.write(data)
        return True

    def begin(self, status: int, kind: str, length: int, **headers: str) -> None:
        """Begin an answer; an underscore in a header's name is a dash."""
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(length), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def statement(version: str = "4.0.1", **searches: list[str]) -> dict[str, Any]:
    """A CapabilityStatement that lists the kinds of a record."""
    listed = {kind: ["patient"] for kind in KIND_NAMES} | searches
    kinds = [{"type": k, "searchParam": [{"name": name} for name in names]} for k, names in listed.items()]
    rest = [{"mode": "server", "resource": kinds}]
    return {"resourceType": "CapabilityStatement", "fhirVersion": version, "rest": rest}


def _matches(resource: Resource, terms: Mapping[str, str]) -> bool:
    owner = resource.get("subject") or resource.get("patient") or {}
    name = json.dumps(resource.get("name"), ensure_ascii=False).casefold()
    identifiers = [f"{i.get('system', '')}|{i['value']}" for i in resource.get("identifier") or []]
    wanted, since = terms.get("identifier", ""), terms.get("_lastUpdated", "ge")
    updated = resource.get("meta", {}).get("lastUpdated", "")
    return (
        (updated > since[2:] or updated == since[2:] and since.startswith("ge"))
        and resource["id"] in terms.get("_id", resource["id"]).split(",")
        and all(_on(str(resource.get("effectiveDateTime", "")), day) for day in _split(terms.get("date", "")))
        and str(owner.get("reference")).endswith(terms.get("patient", ""))
        and all(f'"{word.casefold()}' in name for word in terms.get("name", "").split(",") if word)
        and str(resource.get("birthDate")).startswith(terms.get("birthdate", str(resource.get("birthDate"))))
        and (not wanted or any(wanted in (i, i.partition("|")[2]) for i in identifiers))
    )


def _split(values: str) -> list[str]:
    return values.split(",") if values else []


def _on(day: str, asked: str) -> bool:
    how, wanted = asked[:2], asked[2:]
    late, early = day[:10] > wanted, day[:10] < wanted
    return bool(day) and {"ge": not early, "le": not late, "eb": early, "sa": late}[how]


@contextmanager
def serving(resources: Iterable[Resource] = (), **behaviours: Behaviour) -> Iterator[Server]:
    """Run a server while the block runs; the behaviours by kind, or by "metadata", "token"."""
    server = Server(resources, behaviours)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        with suppress(OSError):
            server.server_close()
        thread.join()
