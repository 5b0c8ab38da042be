"""From a record system to a session, with all that may go wrong on the way: a page says it, and there is no session."""

import html
import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from portal.access import sessions
from portal.launch import asking
from portal.launch.holding import banner, held
from tests.portal.launch.launching import HERE, Launching, launching, query_of
from tests.portal.launch.record_systems import (
    ALL,
    CLIENT,
    KEY,
    Clock,
    RecordSystem,
    a_record_system,
    asked_of,
    signed_by_another,
    signed_by_nobody,
    signed_with_the_public_key,
)
from tests.portal.trail.answers_for_tests import kept
from tests.tools.sources.live import bad_servers as bad
from tests.tools.sources.live.serving import Answering, Asked, Behaviour

AGAIN = "Close this page and open the assistant again from the record."
EHR = "Tell whoever runs the record system."
OPERATOR = "Tell whoever runs this assistant."


@pytest.fixture
def system() -> Iterator[RecordSystem]:
    with a_record_system(Clock()) as running:
        yield running


@pytest.fixture
def here(system: RecordSystem, tmp_path: Path) -> Iterator[Launching]:
    with launching(system, tmp_path) as opened:
        yield opened


def test_a_launch_asks_for_what_it_needs(here: Launching) -> None:
    asked = query_of(here.begin().headers["location"])
    assert {
        name: asked[name] for name in asked if name not in ("state", "nonce", "code_challenge", "scope")
    } == {
        "tenant": "1",
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{HERE}/launch/callback",
        "aud": here.system.base,
        "launch": "abc",
        "code_challenge_method": "S256",
    }
    scopes = asked["scope"].split()
    assert scopes[:5] == ["launch", "openid", "fhirUser", "patient/Patient.rs", "patient/Condition.rs"]
    assert scopes[-1] == "offline_access"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_a_launch_ends_in_a_session_for_its_patient(here: Launching) -> None:
    answer = here.launch()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    caller = here.caller()
    assert caller.subject == f"user:{here.system.base}/Practitioner/7"
    assert (caller.name, caller.patient) == ("Mia Hauser", "Patient/p1")
    assert banner(here.portal, caller)
    told = here.ask("What was the latest HbA1c?")
    assert (told.values, told.evidence) == ((6.5,), ("Observation/a5",))
    (listed,) = here.portal.desk.patients(caller, "ada", 9).patients
    assert listed.line() == "Ada Moser, female, born 1980-02-29 (Patient/p1)"
    assert here.portal.desk.server(caller) == here.system.base


def test_a_person_may_open_it_and_choose_the_patient_there(here: Launching) -> None:
    begun = here.begin(launch="")
    asked = query_of(begun.headers["location"])
    assert "launch" not in asked
    assert asked["scope"].startswith("launch/patient openid fhirUser ")
    assert here.come_back(here.sign_in(begun)).status_code == 303


def test_the_record_system_may_show_the_patient_itself(here: Launching) -> None:
    here.system.gives = {
        "need_patient_banner": False,
        "smart_style_url": "javascript:alert(1)",
        "intent": "<b>",
    }
    here.launch()
    assert not banner(here.portal, here.caller())


@dataclass(frozen=True)
class Case:
    """A record system that does something else, and what the page says.

    Attributes:
        does: attributes of the `RecordSystem`.
        behaves: who answers for a path instead.
        says: what went wrong and what to do.
    """

    id: str
    says: tuple[str, str]
    does: Mapping[str, Any] = field(default_factory=dict)
    behaves: Mapping[str, Behaviour] = field(default_factory=dict)
    status: int = 502


def unsafe(what: str) -> tuple[str, str]:
    return (
        "The record system offers no safe way to sign in:"
        f" it does not name {what} in its SMART configuration.",
        EHR,
    )


def silent(why: str) -> tuple[str, str]:
    return (
        f"The record system does not say how to sign in: {why}.",
        "Try again in a minute; if it stays so, tell whoever runs the record system.",
    )


def redirecting(to: Answering, asked: Asked) -> object:
    return to.whole(302, "", location=f"{to.server.base}/elsewhere")


def huge(to: Answering, asked: Asked) -> object:
    return to.json({"filling": "x" * 300_000})


BEFORE = [
    Case("no configuration", silent("it answered 404"), behaves={".well-known": bad.status(404)}),
    Case(
        "a configuration elsewhere",
        silent("it sends elsewhere (302), which is not followed"),
        behaves={".well-known": redirecting},
    ),
    Case("a huge configuration", silent("its answer is larger than 256 kB"), behaves={".well-known": huge}),
    Case("no PKCE", unsafe("PKCE with S256"), {"smart": {"code_challenge_methods_supported": None}}),
    Case("only plain PKCE", unsafe("PKCE with S256"), {"smart": {"code_challenge_methods_supported": ["plain"]}}),
    Case("PKCE as a word", unsafe("PKCE with S256"), {"smart": {"code_challenge_methods_supported": "S256"}}),
    Case(
        "tokens over an open line",
        unsafe("token_endpoint with https"),
        {"smart": {"token_endpoint": "http://auth.example.org/token"}},
    ),
    Case(
        "sign-in over an open line",
        unsafe("authorization_endpoint with https"),
        {"smart": {"authorization_endpoint": "http://auth.example.org/authorize"}},
    ),
    Case(
        "a script to sign in",
        unsafe("authorization_endpoint with https"),
        {"smart": {"authorization_endpoint": "javascript:alert(1)"}},
    ),
    Case("keys over an open line", unsafe("jwks_uri with https"), {"smart": {"jwks_uri": "http://auth.example.org/k"}}),
    Case("nobody who says who signs in", unsafe("issuer with https"), {"smart": {"issuer": None}}),
    Case("an endpoint that is no text", unsafe("token_endpoint with https"), {"smart": {"token_endpoint": 1}}),
]  # fmt: skip


@pytest.mark.parametrize("case", BEFORE, ids=lambda case: case.id)
def test_nobody_is_sent_to_a_system_that_is_not_safe(case: Case, tmp_path: Path) -> None:
    with a_record_system(Clock(), case.behaves) as system, launching(system, tmp_path) as here:
        _do(system, case)
        answer = here.begin()
        assert (answer.status_code, *said(answer)) == (case.status, *case.says)
        assert asked_of(system.server) == [".well-known/smart-configuration"]
        assert "set-cookie" not in answer.headers


def test_an_unknown_record_system_is_never_asked(here: Launching) -> None:
    with a_record_system(Clock()) as other:
        for iss in (
            other.base,
            f"{here.system.base}/x",
            f"{here.system.base}?a",
            "http://169.254.169.254/",
            "x",
        ):
            answer = here.begin(iss=iss)
            unknown = "The record system that opened this page is not one that this assistant knows."
            assert (answer.status_code, *said(answer)) == (403, unknown, OPERATOR)
        assert other.server.asked == here.system.server.asked == []


def test_a_record_system_may_forbid_opening_it_by_itself(here: Launching) -> None:
    here.system.smart = {"capabilities": ["launch-ehr"]}
    assert said(here.begin(launch="")) == (
        "This record system does not let the assistant be opened by itself.",
        "Open it from the record of a patient there.",
    )
    assert here.launch().status_code == 303


def doubtful(why: str) -> tuple[str, str]:
    return f"The record system did not prove who you are: {why}.", EHR


REDIRECTED, HUGE = (
    "it sends elsewhere (302), which is not followed",
    "its answer is larger than 256 kB",
)


def unread(why: str) -> tuple[str, str]:
    return doubtful(f"its keys could not be read: {why}")


def unfinished(why: str) -> tuple[str, str]:
    return f"The record system did not finish the sign-in: {why}.", AGAIN


NO_TOKEN = unfinished("its answer holds no token")
NO_PATIENT = "The record system did not say which patient this is about.", AGAIN
UNREADABLE = (
    "The record system does not let the assistant read the patient.",
    "Open it again and allow it to, or tell whoever runs the record system.",
)
FOR_ANOTHER = doubtful("its statement is for somebody else")
NOT_PROVEN = doubtful("its statement does not hold")
AFTER = [
    Case("another issuer", NOT_PROVEN, {"claims": {"iss": "https://elsewhere.example.org"}}),
    Case("for another client", NOT_PROVEN, {"claims": {"aud": "another"}}),
    Case("for several clients", FOR_ANOTHER, {"claims": {"aud": [CLIENT, "another"]}}),
    Case("no nonce", NOT_PROVEN, {"claims": {"nonce": None}}),
    Case("another nonce", NOT_PROVEN, {"claims": {"nonce": "another"}}),
    Case("an old statement", NOT_PROVEN, {"claims": {"exp": 1}}),
    Case("a statement without an end", NOT_PROVEN, {"claims": {"exp": None}}),
    Case("a statement about nobody", NOT_PROVEN, {"claims": {"sub": None}}),
    Case("signed by nobody", NOT_PROVEN, {"signs": signed_by_nobody}),
    Case("signed by another", NOT_PROVEN, {"signs": signed_by_another}),
    Case("signed with a public key", NOT_PROVEN, {"signs": signed_with_the_public_key}),
    Case("a statement that is none", NOT_PROVEN, {"signs": lambda claims: "a.b"}),
    Case("no statement", doubtful("it did not say"), {"gives": {"id_token": None}}),
    Case("no keys", unread("it answered 500"), behaves={"jwks": bad.status(500)}),
    Case("keys elsewhere", unread(REDIRECTED), behaves={"jwks": redirecting}),
    Case("keys that are none", NOT_PROVEN, behaves={"jwks": lambda to, asked: to.json({"keys": [{"kty": "x"}]})}),
    Case("huge keys", unread(HUGE), behaves={"jwks": huge}),
    Case("no patient", NO_PATIENT, {"gives": {"patient": None}}, status=400),
    Case("a patient that is a path", NO_PATIENT, {"gives": {"patient": "../p2"}}, status=400),
    Case("two patients", NO_PATIENT, {"gives": {"patient": ["p1", "p2"]}}, status=400),
    Case("not even the patient", UNREADABLE, {"gives": {"scope": "patient/Observation.rs"}}, status=400),
    Case("no token", NO_TOKEN, {"gives": {"access_token": None}}),
    Case("a token of two lines", NO_TOKEN, {"gives": {"access_token": "a\nb"}}),
    Case("a token of another kind", NO_TOKEN, {"gives": {"token_type": "DPoP"}}),
    Case("a refusal", ("The record system did not accept the sign-in.", AGAIN), {"refuses": [400]}),
    Case("a failure", unfinished("it answered 503"), behaves={"token": bad.status(503)}),
    Case("tokens elsewhere", unfinished(REDIRECTED), behaves={"token": redirecting}),
    Case("huge tokens", unfinished(HUGE), behaves={"token": huge}),
]  # fmt: skip


@pytest.mark.parametrize("case", AFTER, ids=lambda case: case.id)
def test_there_is_no_session_without_proof(case: Case, tmp_path: Path) -> None:
    with a_record_system(Clock(), case.behaves) as system, launching(system, tmp_path) as here:
        _do(system, case)
        answer = here.launch()
        assert (answer.status_code, *said(answer)) == (case.status, *case.says)
        assert here.cookie == ""
        assert not {"elsewhere"} & set(asked_of(system.server))


OVER = ("This sign-in is over, or did not begin in this browser.", AGAIN)


def test_a_state_is_good_once(here: Launching) -> None:
    address = here.sign_in(here.begin())
    assert here.come_back(address).status_code == 303
    again = here.come_back(address)
    assert (again.status_code, *said(again)) == (400, *OVER)
    assert len(here.system.forms) == 1, "the code is not tried again"


def test_another_state_is_not_taken(here: Launching) -> None:
    address = here.sign_in(here.begin())
    for state in ("", "x", query_of(address)["state"] + "x"):
        answer = here.come_back(f"/launch/callback?code={query_of(address)['code']}&state={state}")
        assert said(answer) == OVER
    assert here.come_back(address).status_code == 303


def test_a_launch_goes_on_only_in_its_browser(here: Launching, tmp_path: Path) -> None:
    address = here.sign_in(here.begin())
    kept = dict(here.browser.cookies)
    here.browser.cookies.clear()
    assert said(here.come_back(address)) == OVER
    here.begin()
    assert said(here.come_back(address)) == OVER, "nor with the cookie of another launch"
    here.browser.cookies.update(kept)
    assert here.come_back(address).status_code == 303


def test_two_launches_in_one_browser_do_not_disturb_each_other(here: Launching) -> None:
    first, second = here.sign_in(here.begin()), here.sign_in(here.begin())
    assert here.come_back(first).status_code == here.come_back(second).status_code == 303


def test_signing_in_takes_ten_minutes_at_most(here: Launching) -> None:
    address = here.sign_in(here.begin())
    here.system.clock.move(601)
    assert said(here.come_back(address)) == OVER


def test_a_code_that_was_used_elsewhere_is_refused(here: Launching) -> None:
    address = here.sign_in(here.begin())
    here.system.codes.clear()
    assert said(here.come_back(address)) == ("The record system did not accept the sign-in.", AGAIN)


def test_who_does_not_allow_it_is_told_so_and_that_is_no_failure(here: Launching) -> None:
    state = query_of(here.begin().headers["location"])["state"]
    answer = here.come_back(f"/launch/callback?error=access_denied&error_description=%3Cb%3E&state={state}")
    assert answer.status_code == 200
    assert said(answer) == ("You did not allow the assistant to read the record.", AGAIN)
    assert "<h1>Not opened</h1>" in answer.text


@pytest.mark.parametrize(
    ("error", "shown"), [("invalid_scope", " (invalid_scope)"), ("<script>alert(1)</script>", ""), ("", "")]
)
def test_an_error_of_the_sign_in_is_told(here: Launching, error: str, shown: str) -> None:
    state = query_of(here.begin().headers["location"])["state"]
    query = {"state": state, "error": error}
    answer = here.browser.get("/launch/callback", params=query, follow_redirects=False)
    assert said(answer) == (f"The record system did not sign you in{shown}.", AGAIN)


@pytest.mark.parametrize(
    ("smart", "iss"),
    [({}, "&iss=https://b.example.org"), ({"authorization_response_iss_parameter_supported": True}, "")],
)
def test_an_answer_of_another_system_is_not_taken(here: Launching, smart: dict[str, Any], iss: str) -> None:
    here.system.smart = smart
    answer = here.come_back(here.sign_in(here.begin()) + iss)
    assert said(answer) == ("Another system answered than the one that was asked to sign you in.", EHR)


@pytest.mark.parametrize(
    ("claims", "practitioner", "subject", "name"),
    [
        ({"fhirUser": "Practitioner/7"}, None, "Practitioner/7", "Mia Hauser"),
        ({"name": "M. Hauser"}, bad.status(403), "Practitioner/7", "M. Hauser"),
        ({}, bad.status(403), "Practitioner/7", "Practitioner/7"),
        ({"fhirUser": "https://b.example.org/Practitioner/7", "name": "Mia\n<b>"}, None, "mia", "Mia <b>"),
        ({"fhirUser": "Practitioner/../Patient/p2"}, None, "mia", "mia"),
        ({"fhirUser": None}, None, "mia", "mia"),
        ({"fhirUser": 7}, None, "mia", "mia"),
    ],
)
def test_the_user_is_named_as_far_as_is_known(
    tmp_path: Path, claims: dict[str, Any], practitioner: Behaviour | None, subject: str, name: str
) -> None:
    behaves = {"Practitioner": practitioner} if practitioner else {}
    with a_record_system(Clock(), behaves) as system, launching(system, tmp_path) as here:
        system.claims = claims
        here.launch()
        assert here.caller().subject == f"user:{system.base}/{subject}"
        assert here.caller().name == name


def test_a_client_with_a_secret_says_it(system: RecordSystem, tmp_path: Path) -> None:
    system.secret = "s3cret"
    with launching(system, tmp_path, secret="s3cret") as here:
        assert here.launch().status_code == 303
    assert "client_id" not in system.forms[0]


def test_nothing_secret_is_logged_or_kept_openly(
    here: Launching, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        begun = here.begin()
        address = here.sign_in(begun)
        here.come_back(address)
        here.ask("What was the latest HbA1c?")
    tokens = held(here.portal, here.caller().session).tokens
    hidden = [tokens.access, tokens.refresh, here.cookie, *query_of(begun.headers["location"]).values()]
    secret = [word for word in [*hidden, *query_of(address).values()] if len(word) > 15 and "://" not in word]
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("portal.db"))
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    text = "\n".join(record.getMessage() for record in ours)
    assert len(secret) >= 7
    assert [word for word in secret if word in text and " " not in word] == []
    assert [word for word in secret if word.encode() in files] == []


def test_cookies_cross_frames_only_where_that_is_wanted(system: RecordSystem, tmp_path: Path) -> None:
    framed = ("https://ehr.example.org",), "SameSite=None; Partitioned"
    for number, (origins, kind) in enumerate([((), "SameSite=Lax"), framed]):
        folder = tmp_path / str(number)
        folder.mkdir()
        with launching(system, folder, "https://testserver", settings={"origins": origins}) as here:
            begun = here.begin()
            (line,) = begun.headers.get_list("set-cookie")
            assert line.startswith("__Host-fra-launch-")
            assert line.endswith(f"; Path=/; Max-Age=600; HttpOnly; Secure; {kind}")
            ended = here.come_back(here.sign_in(begun)).headers.get_list("set-cookie")
            assert "Max-Age=0" in ended[0]
            assert all(each.endswith(f"; HttpOnly; Secure; {kind}") for each in ended)


def test_signing_out_ends_the_session_and_gives_the_tokens_back(here: Launching) -> None:
    here.launch()
    caller = here.caller()
    answer = here.browser.post("/launch/end", headers={"origin": HERE})
    assert said(answer) == ("You can close this page.",)
    assert (here.system.living, here.system.refreshing) == (set(), set())
    assert sessions.caller_in(here.portal, caller.session) is None
    assert here.cookie == ""


def test_signing_out_says_when_the_record_system_was_not_told(here: Launching) -> None:
    here.system.smart = {"revocation_endpoint": None}
    here.launch()
    answer = here.browser.post("/launch/end", headers={"origin": HERE})
    assert said(answer)[1] == "The record system was not told; what it lent the assistant ends by itself."


def test_a_new_launch_ends_the_one_before(here: Launching) -> None:
    here.launch()
    before = here.caller().session
    here.launch()
    assert sessions.caller_in(here.portal, before) is None
    assert here.caller().session != before


def test_who_comes_from_nowhere_is_asked_where_the_record_is(here: Launching) -> None:
    answer = here.browser.get("/launch")
    assert said(answer) == ("Sign in to a record system and choose a patient there.",)
    assert '">Ward</a>' in answer.text


def test_the_pages_are_plain(here: Launching) -> None:
    answer = here.begin(iss="<script>")
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "main {" in here.browser.get("/launch/page.css").text


def test_keys_may_be_named_by_the_openid_configuration_alone(tmp_path: Path) -> None:
    def told(to: Answering, asked: Asked) -> object:
        if asked.path != ".well-known/openid-configuration":
            return system.configuration(to, asked)
        return to.json({"issuer": system.base, "jwks_uri": f"{system.base}/jwks", "token_endpoint": "x"})

    with a_record_system(Clock(), {".well-known": told}) as system, launching(system, tmp_path) as here:
        system.smart = {"jwks_uri": None}
        assert here.launch().status_code == 303


def test_keys_of_other_kinds_do_not_disturb(tmp_path: Path) -> None:
    others = [{"kty": "of tomorrow", "kid": "theirs"}, {**KEY.as_dict(private=False), "use": "enc"}]

    def keys(to: Answering, asked: Asked) -> object:
        return to.json({"keys": [*others, KEY.as_dict(private=False)]})

    with a_record_system(Clock(), {"jwks": keys}) as system, launching(system, tmp_path) as here:
        assert here.launch().status_code == 303


@pytest.mark.parametrize(
    "told", [{}, {"keys": None}, {"keys": ["x"]}, {"keys": []}, {"keys": [{"kty": "EC"}]}]
)
def test_no_key_no_session(tmp_path: Path, told: dict[str, Any]) -> None:
    behaves: dict[str, Behaviour] = {"jwks": lambda to, asked: to.json(told)}
    with a_record_system(Clock(), behaves) as system, launching(system, tmp_path) as here:
        assert said(here.launch()) == NOT_PROVEN
        assert here.cookie == ""


def test_a_server_of_version_1_is_asked_in_its_words(here: Launching) -> None:
    here.system.smart = {"capabilities": ["launch-ehr", "permission-v1"]}
    scopes = query_of(here.begin().headers["location"])["scope"].split()
    assert scopes[3:5] == ["patient/Patient.read", "patient/Condition.read"]
    assert not {"offline_access", "online_access"} & set(scopes)


@pytest.mark.parametrize("path", [".well-known", "token"])
def test_a_system_that_drips_is_not_waited_for(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.5)
    began = time.monotonic()
    with a_record_system(Clock(), {path: drips}) as system, launching(system, tmp_path) as here:
        answer = here.begin()
        if path == "token":
            answer = here.come_back(here.sign_in(answer))
        assert said(answer)[0].endswith(": no whole answer came within 0.5 s.")
        assert answer.status_code == 502
    assert time.monotonic() - began < 8


def drips(to: Answering, asked: Asked) -> object:
    to.begin(200, "application/json", 1000)
    with suppress(OSError):
        for _ in range(40):
            to.wfile.write(b" ")
            time.sleep(0.1)
    return True


def test_scopes_that_were_not_told_are_those_that_were_asked_for(here: Launching) -> None:
    here.system.gives = {"scope": None}
    here.launch()
    assert here.ask("What was the latest HbA1c?").values == (6.5,)
    assert ALL not in held(here.portal, here.caller().session).tokens.scope


def said(answer: Any) -> tuple[str, ...]:
    """The paragraphs of a page."""
    return tuple(html.unescape(each) for each in re.findall(r"<p>(.*?)</p>", answer.text))


def _do(system: RecordSystem, case: Case) -> None:
    for name, value in case.does.items():
        setattr(system, name, value)


def noted(here: Launching) -> list[tuple[str, str, str]]:
    events = [(event, event.parsed()) for event in kept(here.portal.database)]
    return [
        (event.kind, told["outcome"], told.get("outcomeDesc", ""))
        for event, told in events
        if event.kind.startswith("signed")
    ]


def test_signing_in_and_out_stand_in_the_trail(here: Launching) -> None:
    here.launch()
    here.browser.post("/launch/end", headers={"origin": HERE})
    assert noted(here) == [("signed in", "0", ""), ("signed out", "0", "")]
    here.browser.post("/launch/end", headers={"origin": HERE})
    assert len(noted(here)) == 2, "who is signed out already does not sign out"


def test_a_sign_in_that_fails_stands_in_the_trail_and_names_nobody(here: Launching) -> None:
    here.system.gives = {"patient": None}
    here.launch()
    why = "The record system did not say which patient this is about."
    assert noted(here) == [("signed in", "4", why)]
    assert [event.subject for event in kept(here.portal.database)] == [f"launch:{here.system.base}"]


def test_what_anybody_may_send_does_not_fill_the_trail(here: Launching) -> None:
    assert here.browser.get("/launch/callback?state=made-up&code=x").status_code == 400
    assert noted(here) == []
