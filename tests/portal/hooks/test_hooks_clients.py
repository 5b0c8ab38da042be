"""The file of the CDS Hooks clients, as operators write it, and what they are told of their mistakes."""

from pathlib import Path

import pytest

from portal.hooks.clients import Client, read_clients
from portal.hooks.keys import Keys
from tests.portal.hooks.hooks_for_tests import ec_key, key_set, rsa_key
from tools.calls.errors import SetupError

WHOLE = """\
[[client]]
name = "Ward EHR"
issuer = "https://ehr.example.org"
jwks = "https://ehr.example.org/jwks.json"
fhir_servers = ["https://EHR.example.org:443/r4"]
records = true
launch = true

[[client]]
name = "Clinic"
issuer = "urn:clinic"
keys = "clinic.json"
"""
ONE = '[[client]]\nname = "A"\nissuer = "urn:a"\n'


def written(folder: Path, text: str) -> str:
    file = folder / "hooks.toml"
    file.write_text(text)
    return str(file)


def test_clients(tmp_path: Path) -> None:
    ward, clinic = read_clients(written(tmp_path, WHOLE))
    assert (ward.subject, ward.records, ward.launch) == ("hooks:https://ehr.example.org", True, True)
    assert [
        ward.may_read(server)
        for server in (
            "https://ehr.example.org/r4",
            "https://ehr.example.org/r4/",
            "https://ehr.example.org",
            "x",
        )
    ] == [True, True, False, False]
    assert (clinic.keys, clinic.jwks, clinic.fhir_servers) == (str(tmp_path / "clinic.json"), "", [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected tables [[client]] and nothing else."),
        ("client = 1", "expected tables [[client]] and nothing else."),
        (ONE + 'keys = "k"\n[other]', "expected tables [[client]] and nothing else."),
        ("[[client]", "it is not TOML: Expected ']]' at the end of an array declaration (at line 1, column 9)."),
        (ONE, "client 1: expected either jwks, a URL, or keys, a file."),
        (ONE + 'keys = "k"\njwks = "https://x/y"', "client 1: expected either jwks, a URL, or keys, a file."),
        (ONE + 'jwks = "http://ehr/jwks"',
         "client 1 jwks: expected an https:// address, e.g. 'https://ehr.example.org/jwks.json'."),
        (ONE + 'keys = "k"\nfhir_servers = ["ftp://x"]',
         "client 1 fhir_servers: A FHIR server is named by its base URL, without user, password, query or fragment,"
         " e.g. https://fhir.example.org/r4."),
        (ONE + 'keys = "k"\nfhir_servers = ["http://ehr.example.org"]',
         "client 1 fhir_servers: expected an https:// address, e.g. 'https://ehr.example.org/jwks.json'."),
        (ONE + 'keys = "k"\nrecords = "yes"', "client 1 records: Input should be a valid boolean."),
        (ONE + 'keys = "k"\nfhir_server = "x"', "client 1 fhir_server: Extra inputs are not permitted."),
    ],
)  # fmt: skip
def test_mistakes(text: str, told: str, tmp_path: Path) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SetupError) as error:
        read_clients(file)
    assert str(error.value) == f"--hooks {file}: {told}"


def test_an_issuer_is_named_once(tmp_path: Path) -> None:
    file = written(tmp_path, (ONE + 'keys = "k"\n') * 2)
    with pytest.raises(SetupError, match="the issuer 'urn:a' is named twice; expected one"):
        read_clients(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file or directory"):
        read_clients(str(tmp_path / "no.toml"))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "AAAA", "kid": "s"}]}', "{"]
)
def test_keys_that_are_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "k").write_text(text)
    with pytest.raises(SetupError, match="expected a JWK Set with public keys"):
        Keys(Client(name="A", issuer="urn:a", keys=str(tmp_path / "k")), lambda: 0.0)


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_key_fits_its_algorithm_its_curve_and_its_size(tmp_path: Path) -> None:
    (tmp_path / "k").write_text(key_set(ec_key(), rsa_key(), rsa_key("short", 1024)))
    keys = Keys(Client(name="A", issuer="urn:a", keys=str(tmp_path / "k")), lambda: 0.0)
    fitting = {
        (kid, algorithm)
        for kid in ("ward", "rsa", "short", "none")
        for algorithm in ("ES256", "ES384", "RS256", "RS384")
        if keys.find(kid, algorithm)
    }
    assert fitting == {("ward", "ES384"), ("rsa", "RS256"), ("rsa", "RS384")}
