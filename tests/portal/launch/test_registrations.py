"""A TOML file -> the record systems that may launch the assistant; what is wrong with it is said by name."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from portal.launch.registrations import read_registrations, registered
from portal.launch.trouble import LaunchFailure
from portal.settings import Settings, with_environment, with_launches
from tests.portal.launch.launching import launching
from tests.portal.launch.record_systems import Clock, RecordSystem, a_record_system
from tools.calls.errors import SetupError

KEY = ECKey.generate_key("P-384")
ISSUER = 'issuer = "https://ehr.example.org/fhir"'
OURS = f'[[server]]\n{ISSUER}\nclient = "us"\n'


def read(folder: Path, text: str, **environment: str):  # type: ignore[no-untyped-def]
    path = folder / "launch.toml"
    path.write_text(text)
    (folder / "key.json").write_text(json.dumps(KEY.as_dict(private=True)))
    (folder / "secret").write_text("s3cret\n")
    (folder / "empty").write_text("\n")
    return read_registrations(path, environment)


def test_a_file_is_read(tmp_path: Path) -> None:
    asymmetric, symmetric, public = read(
        tmp_path,
        f"""{OURS}key = "key.json"
[[server]]
issuer = "https://two.example.org/r4/"
client = "us"
name = "Ward two"
secret_file = "secret"
scopes = ["patient/*.rs", "offline_access"]
[[server]]
issuer = "http://127.0.0.1:8080/fhir"
client = "us"
""",
    )
    assert (asymmetric.key.thumbprint(), asymmetric.secret) == (KEY.thumbprint(), "")
    assert (symmetric.issuer, symmetric.name) == ("https://two.example.org/r4", "Ward two")
    assert (symmetric.secret, symmetric.scopes) == ("s3cret", ("patient/*.rs", "offline_access"))
    assert (public.secret, public.key, public.scopes) == ("", None, ())
    shown = repr((asymmetric, symmetric))
    assert "s3cret" not in shown
    assert KEY.as_dict(private=True)["d"] not in shown


def test_a_secret_may_come_from_the_environment(tmp_path: Path) -> None:
    (found,) = read(tmp_path, f'{OURS}secret_variable = "EHR"', EHR="s3cret")
    assert found.secret == "s3cret"


REFUSED = [
    ("", "server: Field required"),
    ("[server]", "server: Input should be a valid list"),
    ("[[server]]\nclient = 'us'", "server.0.issuer: Field required"),
    (f"[[server]]\n{ISSUER}", "server.0.client: Field required"),
    (f"{OURS}secret = 'x'", "server.0.secret: Extra inputs are not permitted"),
    (f"{OURS}client_id = 'x'", "server.0.client_id: Extra inputs are not permitted"),
    (
        f"{OURS}scopes = ['a b']",
        "server.0.scopes.0: String should match pattern '^[\\x21-\\x7e]+$'",
    ),
    (f"{OURS}{OURS}", "an issuer stands there twice; each is registered once"),
    (
        f"{OURS}key = 'key.json'\nsecret_file = 'secret'",
        "https://ehr.example.org/fhir: expected one of key, secret_file and secret_variable",
    ),
    (
        "[[server]]\nissuer = 'http://ehr.example.org/fhir'\nclient = 'us'",
        "http://ehr.example.org/fhir: expected a base URL with https, e.g. https://ehr.example.org/fhir",
    ),
    (f"{OURS}secret_variable = 'EHR'", "EHR: expected a secret, ASCII characters in one line"),
    (f"{OURS}secret_file = 'empty'", "{folder}/empty: expected a secret, ASCII characters in one line"),
    (f"{OURS}secret_file = 'none'", "{folder}/none: No such file or directory"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_a_file_that_does_not_say_what_it_must_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SetupError) as raised:
        read(tmp_path, text)
    assert str(raised.value) == f"--launch {tmp_path}/launch.toml: {says.format(folder=tmp_path)}."


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.toml", None, "--launch {path}: No such file or directory."),
        ("broken.toml", "[[", "--launch {path} is no TOML: "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: str | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(SetupError) as raised:
        read_registrations(path, {})
    assert str(raised.value).startswith(says.format(path=path))


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as raised:
        read(tmp_path, f"{OURS}key = 'secret'")
    assert str(raised.value) == f"{tmp_path}/secret: expected a private key, RSA or EC, as JWK or PEM."


@pytest.mark.parametrize("named", ["option", "environment"])
def test_the_settings_hold_what_the_file_says(tmp_path: Path, named: str) -> None:
    read(tmp_path, OURS)
    path = str(tmp_path / "launch.toml")
    option, environment = (path, {}) if named == "option" else ("", {"FHIR_ASSISTANT_LAUNCH": path})
    settings = with_environment(Settings(launch=option), environment)
    assert [each.issuer for each in settings.launches] == ["https://ehr.example.org/fhir"]
    assert settings.authenticates, "who comes without a launch must say who they are"
    passed_on = pickle.loads(pickle.dumps(replace(settings, launches=())))
    assert with_launches(passed_on, environment) == settings, "in each process of the portal"


def test_only_the_issuer_as_registered_is_known(tmp_path: Path) -> None:
    launches = read(tmp_path, OURS)
    assert registered(launches, "https://ehr.example.org/fhir/").client == "us"
    for other in (
        "",
        "https://ehr.example.org",
        "https://ehr.example.org/fhir/x",
        "https://EHR.example.org/fhir",
    ):
        with pytest.raises(LaunchFailure):
            registered(launches, other)


@pytest.fixture
def system():  # type: ignore[no-untyped-def]
    with a_record_system(Clock()) as running:
        yield running


def test_a_client_with_a_key_signs_what_it_asks_for(system: RecordSystem, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-384", {"kid": "ours"})
    with launching(system, tmp_path, key=key) as here:
        assert here.launch().status_code == 303
        published = here.browser.get("/launch/jwks.json").json()
    form = system.forms[0]
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    told = jwt.decode(form["client_assertion"], KeySet.import_key_set(published), algorithms=["ES384"])
    assert told.header["kid"] == "ours"
    assert {name: told.claims[name] for name in ("iss", "sub", "aud")} == {
        "iss": "fhir-assistant",
        "sub": "fhir-assistant",
        "aud": f"{system.base}/token",
    }
    assert told.claims["exp"] - told.claims["iat"] <= 300
    assert "d" not in published["keys"][0]
