"""The portal answers to its own names; to any other, nothing is read (DNS rebinding)."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.portal.guard.guarded_for_tests import guarded

HTTPS = "https://assistant.example.org"
LOCAL: dict[str, object] = {"hosts": ()}
OPEN: dict[str, object] = {"hosts": ("assistant.internal",), "host": "0.0.0.0", "url": HTTPS}
CASES = [
    (LOCAL, "127.0.0.1:8765", 200),
    (LOCAL, "localhost:8765", 200),
    (LOCAL, "LOCALHOST", 200),
    (LOCAL, "[::1]:8765", 200),
    (LOCAL, "127.0.0.1.", 200),
    (LOCAL, "evil.example.org", 421),
    (LOCAL, "evil.example.org:8765", 421),
    (LOCAL, "localhost.evil.example.org", 421),
    (LOCAL, "127.0.0.1.nip.io", 421),
    (LOCAL, "169.254.169.254", 421),
    (LOCAL, "0.0.0.0:8765", 421),
    (LOCAL, "", 400),
    (LOCAL, "127.0.0.1:8765:1", 400),
    (LOCAL, "user@127.0.0.1", 400),
    (LOCAL, "127.0.0.1, evil.example.org", 400),
    (LOCAL, "127.0.0.1/evil", 400),
    (OPEN, "assistant.example.org", 200),
    (OPEN, "assistant.example.org:443", 200),
    (OPEN, "assistant.internal:8765", 200),
    (OPEN, "localhost", 421),
    (OPEN, "127.0.0.1", 421),
    (OPEN, "0.0.0.0", 421),
    (OPEN, "10.0.0.7:8765", 421),
    (OPEN, "sub.assistant.example.org", 421),
]


@pytest.mark.parametrize(("settings", "host", "status"), CASES)
def test_only_its_own_names_are_answered(
    tmp_path: Path, settings: dict[str, object], host: str, status: int
) -> None:
    client = TestClient(guarded(tmp_path, **settings))
    assert client.get("/api/patients/1", headers={"Host": host}).status_code == status


def test_what_is_refused_is_told_plainly_and_says_the_name_to_nobody(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, **LOCAL))
    answer = client.get("/api/patients/1", headers={"Host": "evil.example.org"})
    assert answer.json() == {
        "detail": "This portal does not answer to the name it was called by; its operator can allow it with"
        " FHIR_ASSISTANT_HOSTS."
    }
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_two_names_are_none(tmp_path: Path) -> None:
    client = TestClient(guarded(tmp_path, **LOCAL))
    headers = [("Host", "127.0.0.1"), ("Host", "evil.example.org")]
    assert client.get("/api/patients/1", headers=headers).status_code == 400


PROBES = [
    (LOCAL, "/health/live", 421),
    (LOCAL, "/metrics", 421),
    (OPEN, "/health/live", 200),
    (OPEN, "/metrics", 200),
]


@pytest.mark.parametrize(("settings", "path", "status"), PROBES)
def test_probes_call_a_container_by_its_address(
    tmp_path: Path, settings: dict[str, object], path: str, status: int
) -> None:
    client = TestClient(guarded(tmp_path, **settings))
    assert client.get(path, headers={"Host": "10.0.0.7:8765"}).status_code == status
