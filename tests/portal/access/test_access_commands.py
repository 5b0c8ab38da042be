"""`fhir-assistant token` and `key`: a secret is printed once, and what is kept of it lets it in."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal import keys
from portal.access import tokens
from portal.commands import key_app, token_app
from portal.database import Database
from tests.portal.portal_for_tests import ADELINA, NOON
from tools.calls.errors import SetupError, UnknownPatient

RUN = CliRunner()


def test_a_token_of_the_command_line_is_taken_by_the_portal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    options = ["--patient", "Adelina Maggio", "--database", url, "--user", "claude"]
    made = RUN.invoke(token_app, [*options, "--hours", "8", "--json"])
    told = json.loads(made.stdout)
    assert told["patient"] == ADELINA
    caller = tokens.bearer_of(Database(url), told["token"], NOON)
    assert caller is not None
    assert (caller.subject, caller.name, caller.patient) == ("token:claude", "claude", ADELINA)


def test_the_token_alone_is_on_stdout(tmp_path: Path) -> None:
    made = RUN.invoke(token_app, ["-p", "Adelina Maggio", "--database", f"sqlite:///{tmp_path / 'p.db'}"])
    assert made.stdout.startswith("fra_")
    assert len(made.stdout.splitlines()) == 1
    assert "It shows Adelina" in made.stderr


def test_nobody_gets_no_token(tmp_path: Path) -> None:
    made = RUN.invoke(token_app, ["-p", "Nobody Atall", "--database", f"sqlite:///{tmp_path / 'p.db'}"])
    assert isinstance(made.exception, UnknownPatient)


def test_a_key_is_printed_with_the_line_that_lets_it_in() -> None:
    key, line = RUN.invoke(key_app, ["ward-portal"]).stdout.splitlines()
    variable, _, value = line.partition("=")
    assert variable == keys.KEYS_VARIABLE
    assert keys.holder(keys.keys_from(value), key) == "ward-portal"
    assert key not in line


def test_a_key_as_json() -> None:
    told = json.loads(RUN.invoke(key_app, ["ward", "--json"]).stdout)
    assert keys.holder(keys.keys_from(told["FHIR_ASSISTANT_KEYS"]), told["key"]) == told["name"] == "ward"


def test_a_key_needs_a_plain_name() -> None:
    made = RUN.invoke(key_app, ["ward portal, north"])
    assert isinstance(made.exception, SetupError)
    assert made.stdout == ""


HASH = "0" * 64
READ = [
    ("", {}),
    (f"ward:{HASH}", {"ward": HASH}),
    (f" ward : {HASH.replace('0', 'A')} , lab:{HASH},", {"ward": "a" * 64, "lab": HASH}),
]
EXAMPLE = "e.g. ward-portal:SHA256, as `fhir-assistant key ward-portal` prints it."
A_HASH = f"expected the SHA-256 of the key, 64 hexadecimal digits, {EXAMPLE}"
WRONG = [
    ("ward:frk_secret", f"FHIR_ASSISTANT_KEYS, entry 1: {A_HASH}"),
    ("frk_secret", f"FHIR_ASSISTANT_KEYS, entry 1: {A_HASH}"),
    (f"lab:{HASH},:{HASH}",
     f"FHIR_ASSISTANT_KEYS, entry 2: expected a name of letters, digits, . _ and -, {EXAMPLE}"),
    (f"a/b:{HASH}", f"FHIR_ASSISTANT_KEYS, entry 1: expected a name of letters, digits, . _ and -, {EXAMPLE}"),
    (f"lab:{HASH},lab:{HASH}", "FHIR_ASSISTANT_KEYS, entry 2: the name stands before: expected one key for each."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "read"), READ)
def test_keys_are_read(text: str, read: dict[str, str]) -> None:
    assert keys.keys_from(text) == read


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_keys_that_are_written_wrongly_are_told_without_the_secret(text: str, told: str) -> None:
    with pytest.raises(SetupError) as refused:
        keys.keys_from(text)
    assert str(refused.value) == told
