"""It starts where nobody else reaches it, or where all have to say who they are, over a closed line."""

from dataclasses import dataclass, field, replace

import pytest

from portal.guard.starting import keys_from, ready
from portal.settings import Limits, Settings, with_environment
from tools.calls.errors import SetupError

KEYS = keys_from("ward:" + "0" * 64)
HTTPS = "https://assistant.example.org"
NOBODY = (
    ": others can reach the portal there, and nobody would have to say who they are: expected FHIR_ASSISTANT_KEYS="
    "ward-portal:SHA256 (`fhir-assistant key ward-portal` prints one) or"
    " FHIR_ASSISTANT_ISSUER=https://login.example.org; or --host 127.0.0.1 for this computer alone."
)
OPEN_LINE = (
    ": others can reach the portal, and what they send and read must not be open on the way: expected https://, where"
    " browsers reach it, e.g. --url https://assistant.example.org; or FHIR_ASSISTANT_PLAIN_HTTP=1 and an http://"
    " address on a network that is closed."
)


@dataclass(frozen=True)
class Case:
    id: str
    settings: Settings
    told: str = field(default="")


CASES = [
    Case("this computer", Settings()),
    Case("localhost", Settings(host="localhost")),
    Case("IPv6", Settings(host="::1")),
    Case("another loopback address", Settings(host="127.0.0.2")),
    Case("this computer, with keys", Settings(keys=KEYS)),
    Case("an origin on this computer", Settings(origins=("http://localhost:3000",))),
    Case("everywhere, with keys and https", Settings(host="0.0.0.0", keys=KEYS, url=HTTPS)),
    Case(
        "everywhere, with an issuer",
        Settings(host="::", issuer="https://login.example.org", audience="x", url=HTTPS),
    ),
    Case("a proxy on this computer, with keys", Settings(keys=KEYS, url=HTTPS)),
    Case(
        "http on a closed network",
        Settings(host="0.0.0.0", keys=KEYS, url="http://assistant.internal:8765", plain_http=True),
    ),
    Case("a secret", Settings(secret="x" * 32)),
    Case("everywhere", Settings(host="0.0.0.0"), f"--host 0.0.0.0{NOBODY}"),
    Case("everywhere, IPv6", Settings(host="::", url=HTTPS), f"--host ::{NOBODY}"),
    Case("no address", Settings(host=""), f"--host {NOBODY}"),
    Case("a name", Settings(host="assistant.internal"), f"--host assistant.internal{NOBODY}"),
    Case("a name that only looks local", Settings(host="localhost.evil.example.org"),
         f"--host localhost.evil.example.org{NOBODY}"),
    Case("a proxy on this computer", Settings(url=HTTPS), f"--url {HTTPS}{NOBODY}"),
    Case("a name of a proxy", Settings(hosts=("assistant.internal",)),
         f"FHIR_ASSISTANT_HOSTS, assistant.internal{NOBODY}"),
    Case("no url", Settings(host="0.0.0.0", keys=KEYS), f"--url (not given){OPEN_LINE}"),
    Case("http", Settings(host="0.0.0.0", keys=KEYS, url="http://assistant.internal"),
         f"--url http://assistant.internal{OPEN_LINE}"),
    Case("http without saying where", Settings(host="0.0.0.0", keys=KEYS, plain_http=True),
         f"--url (not given){OPEN_LINE}"),
    Case("no url, and nobody who could sign in", Settings(url="nonsense"),
         "--url nonsense: expected an address, e.g. https://assistant.example.org."),
    Case("no url at all", Settings(url="assistant", keys=KEYS),
         "--url assistant: expected an address, e.g. https://assistant.example.org."),
    Case("any origin", Settings(origins=("*",)),
         "--origin *: expected scheme, host and port as browsers write them, without a path,"
         " e.g. https://ward.example.org."),
    Case("an origin with a path", Settings(origins=("https://ward.example.org/",)),
         "--origin https://ward.example.org/: expected scheme, host and port as browsers write them, without a path,"
         " e.g. https://ward.example.org."),
    Case("an origin with the usual port", Settings(origins=("https://ward.example.org:443",)),
         "--origin https://ward.example.org:443: expected scheme, host and port as browsers write them, without a"
         " path, e.g. https://ward.example.org."),
    Case("an origin that would end the policy", Settings(origins=("https://a; script-src *",)),
         "--origin https://a; script-src *: expected scheme, host and port as browsers write them, without a path,"
         " e.g. https://ward.example.org."),
    Case("the origin of a file", Settings(origins=("null",)),
         "--origin null: expected scheme, host and port as browsers write them, without a path,"
         " e.g. https://ward.example.org."),
    Case("a short secret", Settings(secret="password"),
         "FHIR_ASSISTANT_SECRET: 8 characters: expected at least 32 random ones, e.g. of `openssl rand -hex 32`."),
    Case("a key that is not hashed", Settings(keys={"ward": "frk_secret"}),
         "FHIR_ASSISTANT_KEYS, entry 1: expected the SHA-256 of the key, 64 hexadecimal digits, e.g."
         " ward-portal:SHA256, as `fhir-assistant key ward-portal` prints it."),
    Case("an issuer over an open line", Settings(issuer="http://login.example.org", audience="x"),
         "FHIR_ASSISTANT_ISSUER http://login.example.org: expected https://, as in the tokens' iss, e.g."
         " FHIR_ASSISTANT_ISSUER=https://login.example.org."),
    Case("an issuer whose tokens are for anybody", Settings(issuer="https://login.example.org"),
         "FHIR_ASSISTANT_ISSUER https://login.example.org: expected FHIR_ASSISTANT_AUDIENCE as well, the name of this"
         " portal in the tokens' aud, e.g. FHIR_ASSISTANT_AUDIENCE=fhir-assistant."),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_it_starts_where_it_is_safe(case: Case) -> None:
    if not case.told:
        ready(case.settings)
        return
    with pytest.raises(SetupError) as refused:
        ready(case.settings)
    assert str(refused.value) == case.told


def test_what_the_environment_says() -> None:
    told = {
        "FHIR_ASSISTANT_KEYS": "ward:" + "0" * 64,
        "FHIR_ASSISTANT_HOSTS": "a.example.org, b.example.org",
        "FHIR_ASSISTANT_PROXIES": "10.0.0.1",
        "FHIR_ASSISTANT_A_MINUTE": "0",
        "FHIR_ASSISTANT_STREAMS": "50",
        "FHIR_ASSISTANT_STANDSTILL": "7",
        "FHIR_ASSISTANT_PLAIN_HTTP": "1",
    }
    settings = with_environment(Settings(), told)
    assert settings.keys == KEYS
    assert settings.hosts == ("a.example.org", "b.example.org")
    assert settings.proxies == ("10.0.0.1",)
    assert settings.limits == replace(Limits(), a_minute=0, streams=50, standstill=7)
    assert settings.plain_http


def test_a_limit_that_is_no_number() -> None:
    with pytest.raises(SetupError) as refused:
        with_environment(Settings(), {"FHIR_ASSISTANT_STREAMS": "many"})
    assert str(refused.value) == (
        "FHIR_ASSISTANT_STREAMS 'many': expected a number, 0 for no limit, e.g. FHIR_ASSISTANT_STREAMS=600."
    )


def test_no_secret_is_in_what_settings_show() -> None:
    shown = repr(Settings(secret="s3cret" * 8, keys=KEYS))
    assert "s3cret" not in shown
    assert "0" * 64 not in shown
