"""The FHIR server of an EHR: asked only where the operator named it; an error there is never "none recorded"."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.hooks import fetched
from tests.builders import condition, medication_request, observation
from tests.portal.hooks.hooks_for_tests import RECORD, SERVICE, asked, behind, prefetch, searchset, signed
from tests.tools.sources.live.bad_servers import changed, endless, rows, status
from tests.tools.sources.live.serving import Behaviour, Server, serving

GRANTED = {
    "access_token": "opaque-7",
    "token_type": "Bearer",
    "expires_in": 300,
    "scope": "patient/*.rs",
    "subject": "assistant",
}


def answered(folder: Path, server: Server, allowed: list[str] | None = None, **more: Any) -> Any:
    """What a call that names the server gets; by default it is one that may be asked."""
    portal = behind(folder, fhir_servers=[server.base] if allowed is None else allowed)
    call = asked(fhirServer=server.base, fhirAuthorization=GRANTED, **more)
    return portal.post(SERVICE, json=call, headers=signed())


def detail(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.json()["cards"][0]["detail"])


def test_what_was_not_sent_is_read_with_the_token_of_the_call(tmp_path: Path) -> None:
    with serving(RECORD) as server:
        told = detail(answered(tmp_path, server))
    assert "**1 active condition**" in told
    assert "Hemoglobin A1c in Blood 8.1 % on 2025-12-04 (high)" in told
    assert "computed from the FHIR server of this system." in told
    assert {request.headers.get("Authorization") for request in server.asked} == {"Bearer opaque-7"}
    assert {request.path for request in server.asked} == {
        *("Patient/p1", "Condition", "MedicationRequest", "AllergyIntolerance", "MedicationStatement"),
        *("Observation", "Encounter"),
    }


def test_only_what_is_lacking_is_read(tmp_path: Path) -> None:
    with serving(RECORD) as server:
        told = detail(
            answered(tmp_path, server, prefetch=prefetch(results=..., conditions=searchset(total=3)))
        )
    assert sorted(request.path for request in server.asked) == ["Condition", "Observation"]
    assert "computed from what this system sent and its FHIR server." in told


@pytest.fixture
def another() -> Iterator[Server]:
    with serving(RECORD) as server:
        yield server


@pytest.mark.parametrize("allowed", [[], ["https://ehr.example.org/r4"], ["http://127.0.0.1:9/fhir"]])
def test_no_other_server_is_ever_asked(allowed: list[str], another: Server, tmp_path: Path) -> None:
    assert answered(tmp_path, another, allowed).status_code == 412
    assert not another.asked


@pytest.mark.parametrize(
    "written",
    [
        "{base}/../secret",
        "{base}?x=1",
        "{base}#x",
        "http://user:pw@127.0.0.1",
        "file:///etc/passwd",
        "{base}x",
        "//x",
    ],
)
def test_an_address_that_only_looks_like_it_is_not_asked(
    written: str, another: Server, tmp_path: Path
) -> None:
    portal = behind(tmp_path, fhir_servers=[another.base])
    call = asked(fhirServer=written.format(base=another.base), fhirAuthorization=GRANTED)
    assert portal.post(SERVICE, json=call, headers=signed()).status_code == 412
    assert not another.asked


def test_a_token_for_another_patient_is_not_used(another: Server, tmp_path: Path) -> None:
    portal = behind(tmp_path, fhir_servers=[another.base])
    call = asked(fhirServer=another.base, fhirAuthorization={**GRANTED, "patient": "p2"})
    assert portal.post(SERVICE, json=call, headers=signed()).status_code == 412
    assert not another.asked


def test_rows_of_others_never_show(tmp_path: Path) -> None:
    theirs = condition("secret", "Schizophrenia (disorder)", subject="p2")
    with serving(RECORD, Condition=rows(lambda found: [*found, theirs])) as server:
        told = detail(answered(tmp_path, server))
    assert "**1 active condition**" in told
    assert "Schizophrenia" not in told


DENIED, ENDLESS = status(403), changed(endless)


@pytest.mark.parametrize(
    ("behaviours", "said"),
    [
        ({"Condition": DENIED}, 412),
        ({"Patient": DENIED}, 412),
        ({"MedicationRequest": status(500)}, 412),
        ({"AllergyIntolerance": ENDLESS}, 412),
        ({"Observation": DENIED}, "laboratory results: could not be read: the server denied it (403)"),
        ({"Encounter": status(500)}, "visits: could not be read: the server answered 500, 2 times"),
        ({"MedicationStatement": status(404)}, "reported medications: could not be read: the server does not serve"),
    ],
)  # fmt: skip
def test_an_error_is_never_none_recorded(
    behaviours: dict[str, Behaviour], said: int | str, tmp_path: Path
) -> None:
    with serving(RECORD, **behaviours) as server:
        answer = answered(tmp_path, server)
    if isinstance(said, int):
        assert answer.status_code == said
    else:
        assert said in detail(answer)


def test_a_server_that_cannot_narrow_a_search_is_asked_for_all(tmp_path: Path) -> None:
    def strict(to: Any, request: Any) -> object:
        return to.whole(400, "{}") if "clinical-status" in request.terms else None

    with serving(RECORD, Condition=strict) as server:
        assert "**1 active condition**" in detail(answered(tmp_path, server))


def test_drugs_that_are_only_named_are_read_too(tmp_path: Path) -> None:
    drug = {"resourceType": "Medication", "id": "m1", "code": {"text": "Warfarin 5 MG"}}
    named = medication_request(
        "w", medicationCodeableConcept=None, medicationReference={"reference": "Medication/m1"}
    )
    with serving([*RECORD, drug, named]) as server:
        assert "- Warfarin 5 MG, active" in detail(answered(tmp_path, server))


@pytest.mark.slow
def test_a_slow_server_does_not_hold_up_the_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetched, "SECONDS", 1.5)

    def slow(to: Any, request: Any) -> object:
        time.sleep(3)
        return None

    with serving([*RECORD, observation("x")], Observation=slow) as server:
        told = detail(answered(tmp_path, server))
    assert "laboratory results: could not be read: no whole answer came within 1.5 s" in told
