"""An EHR as the tests play it: its keys and tokens, what it prefetches, how it calls; and what the answers must be."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.testclient import TestClient

from portal.app import make
from tests.builders import Resource, allergy, condition, encounter, medication_request, observation, patient
from tests.portal.portal_for_tests import NOON, a_portal

ISSUER = "https://ehr.example.org"
BASE = "https://assistant.example.org"
SERVICE = "/cds-services/record-summary"
CALL = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
NOW = int(NOON.timestamp())
HIGH = [{"coding": [{"code": "H"}]}]
RECORD: tuple[Resource, ...] = (
    patient(),
    condition("dm", "Diabetes mellitus type 2 (disorder)", onset="2015-03-01"),
    condition("cold", "Common cold (disorder)", onset="2014-01-01", status="resolved"),
    medication_request("met"),
    allergy("nuts"),
    observation("a1c", value=8.1, when="2025-12-04", interpretation=HIGH),
    observation("ldl", "LDL Cholesterol", code="2089-1", value=90, unit="mg/dL", when="2025-11-02"),
    encounter("check", start="2025-12-04T10:00:00Z", end="2025-12-04T10:30:00Z"),
)
KINDS = {
    "conditions": "Condition",
    "prescriptions": "MedicationRequest",
    "allergies": "AllergyIntolerance",
    "medications": "MedicationStatement",
    "results": "Observation",
    "visits": "Encounter",
}
_CODING = {
    "type": "object",
    "required": ["code", "display"],
    "additionalProperties": False,
    "properties": {name: {"type": "string", "minLength": 1} for name in ("system", "code", "display")},
}
_URL = {"type": "string", "pattern": "^https?://"}
CARDS_SCHEMA = {
    "type": "object",
    "required": ["cards"],
    "additionalProperties": False,
    "properties": {
        "cards": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["summary", "indicator", "source"],
                "additionalProperties": False,
                "properties": {
                    "uuid": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
                    "summary": {"type": "string", "minLength": 1, "maxLength": 139},
                    "detail": {"type": "string", "minLength": 1},
                    "indicator": {"enum": ["info", "warning", "critical"]},
                    "source": {
                        "type": "object",
                        "required": ["label"],
                        "additionalProperties": False,
                        "properties": {
                            "label": {"type": "string", "minLength": 1},
                            "url": _URL,
                            "icon": _URL,
                            "topic": _CODING,
                        },
                    },
                    "overrideReasons": {"type": "array", "minItems": 1, "items": _CODING},
                    "links": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["label", "url", "type"],
                            "additionalProperties": False,
                            "properties": {
                                "label": {"type": "string", "minLength": 1},
                                "url": _URL,
                                "type": {"enum": ["absolute", "smart"]},
                            },
                        },
                    },
                },
            },
        }
    },
}
"""What the specification requires of an answer, and nothing besides."""
_TEXT = {"type": "string", "minLength": 1}
SERVICES_SCHEMA = {
    "type": "object",
    "required": ["services"],
    "additionalProperties": False,
    "properties": {
        "services": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["hook", "description", "id"],
                "additionalProperties": False,
                "properties": {
                    **{name: _TEXT for name in ("hook", "title", "description", "id", "usageRequirements")},
                    "prefetch": {"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
                },
            },
        }
    },
}


@cache
def ec_key(kid: str = "ward", curve: str = "P-384") -> ECKey:
    return ECKey.generate_key(curve, {"kid": kid, "use": "sig"})


@cache
def rsa_key(kid: str = "rsa", bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": kid, "use": "sig"})


def key_set(*keys: ECKey | RSAKey) -> str:
    return json.dumps(KeySet(list(keys)).as_dict(private=False))


def token(
    path: str = SERVICE,
    *,
    key: ECKey | RSAKey | None = None,
    header: dict[str, Any] | None = None,
    alg: str = "ES384",
    **claims: Any,
) -> str:
    """A token of the EHR for an address of the portal; None leaves a claim or header out."""
    key = key or ec_key()
    said: dict[str, Any] = {
        "iss": ISSUER,
        "aud": BASE + path,
        "iat": NOW,
        "exp": NOW + 300,
        "jti": f"once-{next(_NUMBERS)}",
        **claims,
    }
    head = {"alg": alg, "typ": "JWT", "kid": key.kid, **(header or {})}
    kept = {name: value for name, value in head.items() if value is not None}
    return jwt.encode(kept, {n: v for n, v in said.items() if v is not None}, key, algorithms=[alg])


_NUMBERS = iter(range(1_000_000))


def clients_file(folder: Path, **more: Any) -> str:
    """A file that names the EHR, with its keys beside it."""
    (folder / "ehr.jwks.json").write_text(key_set(ec_key(), ec_key("p256", "P-256"), rsa_key()))
    told = {"name": "Ward EHR", "issuer": ISSUER, "keys": "ehr.jwks.json", **more}
    lines = [f"{name} = {json.dumps(value)}" for name, value in told.items() if value is not None]
    file = folder / "hooks.toml"
    file.write_text("\n".join(["[[client]]", *lines]))
    return str(file)


def behind(folder: Path, **client: Any) -> TestClient:
    """A portal that the EHR calls with its tokens."""
    settings = {"url": BASE, "hooks": clients_file(folder, **client)}
    return TestClient(make(a_portal(folder, **settings)), base_url=BASE)


def local(folder: Path) -> TestClient:
    """A portal on this computer, without any clients."""
    return TestClient(make(a_portal(folder)), base_url="http://127.0.0.1:8765")


def searchset(*resources: Resource, **more: Any) -> Resource:
    entries = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries, **more}


def prefetch(resources: Iterable[Resource] = RECORD, **changed: Any) -> dict[str, Any]:
    """What an EHR sends of a record, whole; `changed` by key, `...` leaves one out."""
    held = list(resources)
    sent: dict[str, Any] = {"patient": next(r for r in held if r["resourceType"] == "Patient")}
    for key, kind in KINDS.items():
        rows = [resource for resource in held if resource["resourceType"] == kind]
        sent[key] = searchset(*rows) if rows else None
    return {key: value for key, value in (sent | changed).items() if value is not ...}


def asked(patient_id: str = "p1", **more: Any) -> dict[str, Any]:
    return {
        "hook": "patient-view",
        "hookInstance": CALL,
        "context": {"patientId": patient_id, "userId": "Practitioner/7"},
        **more,
    }


def signed(path: str = SERVICE) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(path)}"}


def card_of(portal: TestClient, **call: Any) -> dict[str, Any]:
    """The one card of a signed call."""
    answer = portal.post(SERVICE, json=asked(**call), headers=signed())
    assert answer.status_code == 200, answer.text
    (card,) = answer.json()["cards"]
    return dict(card)
