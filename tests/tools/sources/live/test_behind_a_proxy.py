"""Links of a server that does not know that a proxy speaks https for it -> the same place, by https; no other."""

from collections.abc import Callable

import httpx
import pytest

from agent.assistant import Assistant
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.people_for_tests import ADA, EVE, LIMITS
from tests.tools.sources.live.serving import Server, serving
from tests.whole_questions import NOW
from tools.sources.live import LiveRecords
from tools.sources.live import server as asking
from tools.sources.live.trouble import Failed

OUTSIDE = "https://fhir.example.org/fhir"
SAME = [
    (OUTSIDE, "http://fhir.example.org/fhir/Observation?page=2"),
    (OUTSIDE, "http://fhir.example.org:80/fhir/Observation?page=2"),
    (OUTSIDE, "http://FHIR.example.org/fhir/Observation?page=2"),
    (OUTSIDE, "https://fhir.example.org:443/fhir/Observation?page=2"),
    (f"{OUTSIDE.replace('.org', '.org:443')}/", "http://fhir.example.org/fhir/Observation?page=2"),
]
ELSEWHERE = [
    (OUTSIDE, "http://fhir.example.org/admin/Observation"),
    (OUTSIDE, "http://fhir.example.org/fhir/../admin"),
    (OUTSIDE, "http://fhir.example.org:8080/fhir/Observation"),
    (OUTSIDE, "http://fhir.example.org:443/fhir/Observation"),
    (OUTSIDE, "http://other.example.org/fhir/Observation"),
    (OUTSIDE, "http://fhir.example.org.evil.example/fhir/Observation"),
    (OUTSIDE, "http://ada@fhir.example.org/fhir/Observation"),
    (OUTSIDE, "ftp://fhir.example.org/fhir/Observation"),
    (OUTSIDE, "ws://fhir.example.org/fhir/Observation"),
    ("https://fhir.example.org:8443/fhir", "http://fhir.example.org/fhir/Observation"),
    ("https://fhir.example.org:8443/fhir", "http://fhir.example.org:8443/fhir/Observation"),
    ("http://fhir.example.org/fhir", "https://fhir.example.org/fhir/Observation"),
]


@pytest.mark.parametrize(("base", "link"), SAME)
def test_the_same_place_is_asked_by_https(base: str, link: str) -> None:
    assert str(asking.Server(base).at(link)) == f"{OUTSIDE}/Observation?page=2"


@pytest.mark.parametrize(("base", "link"), ELSEWHERE)
def test_no_other_place_is_asked(base: str, link: str) -> None:
    with pytest.raises(Failed):
        asking.Server(base).at(link)


@pytest.mark.parametrize(
    ("base", "reference", "read"),
    [
        (OUTSIDE, "http://fhir.example.org/fhir/Patient/p1", "Patient/p1"),
        (OUTSIDE, "https://fhir.example.org/fhir/Patient/p1", "Patient/p1"),
        (OUTSIDE, "http://other.example.org/fhir/Patient/p1", "http://other.example.org/fhir/Patient/p1"),
        (
            "http://fhir.example.org/fhir",
            "https://fhir.example.org/fhir/Patient/p1",
            "https://fhir.example.org/fhir/Patient/p1",
        ),
        (
            "https://fhir.example.org:8443/fhir",
            "http://fhir.example.org:8443/fhir/Patient/p1",
            "http://fhir.example.org:8443/fhir/Patient/p1",
        ),
    ],
)
def test_references_by_either_address_are_this_server_s(base: str, reference: str, read: str) -> None:
    assert asking.Server(base).relative(reference) == read


class Proxy(httpx.AsyncHTTPTransport):
    """Speaks https for a server of this machine."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server, self.asked = server, set[str]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.add(f"{request.url.scheme}://{request.url.netloc.decode()}")
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.server.server_port)
        return await super().handle_async_request(request)


def _through(proxy: Proxy) -> Callable[..., httpx.AsyncClient]:
    client = httpx.AsyncClient
    return lambda **given: client(transport=proxy, **given)


def test_a_record_behind_a_proxy_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    written = bad.next_link(lambda url, _: f"http://fhir.example.org/fhir{url.partition('/fhir')[2]}")
    with serving([*ADA, *EVE], Observation=written) as server:
        proxy = Proxy(server)
        monkeypatch.setattr(asking.httpx, "AsyncClient", _through(proxy))
        records = LiveRecords(OUTSIDE, limits=LIMITS)
        record = Assistant(records, model="none").record("Patient/p1", NOW)
        read = [entry.reference for entry in record.entries("Observation")]
        records.close()
    assert (read, record.problems) == ([f"Observation/a{n}" for n in range(1, 6)], {})
    assert proxy.asked == {"https://fhir.example.org"}
