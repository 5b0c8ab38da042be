"""A real FHIR R4 server on a free port of this machine, and how records get into it with their ids kept."""

import gzip
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

Bundle = dict[str, Any]
_REFERENCE = re.compile(r'"reference":\s*"([^"]+)"')


@contextmanager
def running(program: Path, folder: Path) -> Iterator[str]:
    """Run an empty server while the block runs; gives its base URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base, settings = f"http://127.0.0.1:{port}/fhir", folder / "settings.yaml"
    settings.write_text(
        f"host: 127.0.0.1\nport: {port}\nbase_url: {base}\ndata_dir: {folder / 'data'}\nsimulator: {{enabled: false}}\n"
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, "serve", "-c", settings], stdout=log, stderr=log, cwd=folder)
    try:
        _await(f"{base}/metadata", server)
        yield base
    finally:
        server.terminate()
        server.wait(20)


def load(base: str, files: Sequence[Path]) -> None:
    """Put every resource of some Bundles into the server, under its own id."""
    for file in files:
        text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        answer = httpx.post(base, json=_puts(json.loads(text)), timeout=300)
        answer.raise_for_status()
        assert all(entry["response"]["status"][:1] == "2" for entry in answer.json()["entry"])


def _puts(bundle: Bundle) -> Bundle:
    names = {name: reference for entry in bundle["entry"] for name, reference in _names(entry)}
    resources = [entry["resource"] for entry in bundle["entry"]]
    text = json.dumps([{"resource": r, "request": _put(r)} for r in resources])
    named = _REFERENCE.sub(lambda m: f'"reference": "{names.get(unquote(m[1]), m[1])}"', text)
    return {"resourceType": "Bundle", "type": "transaction", "entry": json.loads(named)}


def _put(resource: dict[str, Any]) -> dict[str, str]:
    return {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"}


def _names(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    resource = entry["resource"]
    reference = f"{resource['resourceType']}/{resource['id']}"
    yield entry.get("fullUrl", reference), reference
    identifiers = resource.get("identifier", [])
    for each in identifiers if isinstance(identifiers, list) else []:
        yield f"{resource['resourceType']}?identifier={each.get('system')}|{each.get('value')}", reference


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended before it answered"
        try:
            if httpx.get(address, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within a minute")
