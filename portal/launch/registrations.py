"""A TOML file -> the record systems that may launch the assistant, and who it is there.

    [[server]]
    issuer = "https://ehr.example.org/fhir"     # the FHIR base URL, as in the `iss` of a launch
    client = "fhir-assistant"
    key = "launch-key.json"                     # or secret_file or secret_variable, or none of them: a public client
    scopes = ["patient/*.rs", "offline_access"] # else all that a record consists of

Paths are relative to the file. Whoever is not in it is never contacted.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from portal.launch.addresses import safe
from portal.launch.trouble import OPERATOR, LaunchFailure
from tools.calls.errors import SetupError
from tools.sources.live.authorization import Key, read_key
from tools.sources.live.server import base_url

_Word = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]+$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The assistant as a client of one record system; without a secret and a key it is a public one.

    Attributes:
        issuer: the FHIR base URL, without a slash at the end.
        client: its id there.
        name: of the record system, for people.
        secret: of a confidential client with a symmetric secret.
        key: of a confidential client that signs with a private key.
        scopes: what is asked for, besides the launch and who signs in; none is all that a record consists of.
    """

    issuer: str
    client: str
    name: str = ""
    secret: str = field(default="", repr=False)
    key: Key | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ()


class _Server(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", strict=True)
    issuer: _Word
    client: _Word
    name: str = ""
    key: str = ""
    secret_file: str = ""
    secret_variable: str = ""
    scopes: list[_Word] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    server: list[_Server]


def read_registrations(path: Path, environment: Mapping[str, str]) -> tuple[Registration, ...]:
    """Return the registrations of a file.

    Raises:
        SetupError: it cannot be read, or does not say what it must.
    """
    try:
        told = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SetupError(f"--launch {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"--launch {path} is no TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SetupError(f"--launch {path}: {where}: {first['msg']}.") from None
    found = tuple(_registration(server, path, environment) for server in told.server)
    if len({each.issuer for each in found}) < len(found):
        raise SetupError(f"--launch {path}: an issuer stands there twice; each is registered once.")
    return found


def registered(launches: tuple[Registration, ...], iss: str) -> Registration:
    """Return the registration at an issuer.

    Raises:
        LaunchFailure: the operator did not allow it.
    """
    found = next((each for each in launches if each.issuer == iss.rstrip("/")), None)
    if found is None:
        raise LaunchFailure(
            "The record system that opened this page is not one that this assistant knows.", OPERATOR, 403
        )
    return found


def _registration(server: _Server, path: Path, environment: Mapping[str, str]) -> Registration:
    issuer = str(base_url(server.issuer)).rstrip("/")
    if issuer != server.issuer.rstrip("/") or not safe(issuer):
        raise SetupError(
            f"--launch {path}: {server.issuer}: expected a base URL with https, e.g. https://ehr.example.org/fhir."
        )
    ways = [way for way in (server.key, server.secret_file, server.secret_variable) if way]
    if len(ways) > 1:
        raise SetupError(f"--launch {path}: {issuer}: expected one of key, secret_file and secret_variable.")
    return Registration(
        issuer=issuer,
        client=server.client,
        name=server.name or issuer,
        secret=_secret(server, path, environment),
        key=_key(path.parent / server.key) if server.key else None,
        scopes=tuple(server.scopes),
    )


def _key(path: Path) -> Key:
    key = read_key(path)
    key.ensure_kid()  # the record system finds its public half by it in our /launch/jwks.json
    return key


def _secret(server: _Server, path: Path, environment: Mapping[str, str]) -> str:
    if server.secret_variable:
        secret, where = environment.get(server.secret_variable, ""), server.secret_variable
    elif server.secret_file:
        where = str(path.parent / server.secret_file)
        try:
            secret = Path(where).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SetupError(f"--launch {path}: {where}: {error.strerror}.") from None
    else:
        return ""
    if not secret or not secret.isascii() or not secret.isprintable():
        raise SetupError(f"--launch {path}: {where}: expected a secret, ASCII characters in one line.")
    return secret
