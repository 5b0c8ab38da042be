"""A TOML file -> the CDS Hooks clients (EHRs) that may call, with their keys and servers.

[[client]]
name = "Ward EHR"
issuer = "https://ehr.example.org"             # "iss" of its tokens
jwks = "https://ehr.example.org/jwks.json"     # where its public keys are, or:
keys = "ward-ehr.jwks.json"                    # a file with them, beside this one
fhir_servers = ["https://ehr.example.org/r4"]  # where its own records may be read, nowhere else
records = true                                 # its patient ids are those of the portal's own records
launch = true                                  # it may launch the portal (SMART App Launch)
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tools.calls.errors import SetupError
from tools.sources.live.server import base_url

_THIS_COMPUTER = ("localhost", "127.0.0.1", "::1")


class Client(BaseModel):
    """A CDS Hooks client.

    Attributes:
        name: for people and the trail.
        issuer: "iss" of its tokens.
        jwks: URL of its public keys, "" if they are in a file.
        keys: file of its public keys, "" if they are at a URL.
        fhir_servers: base URLs that may be asked for its patients' records.
        records: whether its patient ids are those of the records that the portal was started with.
        launch: whether it may launch the portal; a card's link is then a SMART launch.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(min_length=1, max_length=100)
    issuer: str = Field(min_length=1, max_length=400)
    jwks: str = ""
    keys: str = ""
    fhir_servers: list[str] = []
    records: bool = False
    launch: bool = False

    @field_validator("jwks")
    @classmethod
    def _reached_safely(cls, url: str) -> str:
        return _closed(url) if url else ""

    @field_validator("fhir_servers")
    @classmethod
    def _as_used(cls, servers: list[str]) -> list[str]:
        return [_closed(str(base_url(server))) for server in servers]

    @model_validator(mode="after")
    def _has_keys(self) -> "Client":
        if bool(self.jwks) == bool(self.keys):
            raise ValueError("expected either jwks, a URL, or keys, a file")
        return self

    @property
    def subject(self) -> str:
        """Who it is as a caller."""
        return f"hooks:{self.issuer}"

    def may_read(self, server: str) -> bool:
        """Tell whether its records may be read at a base URL."""
        try:
            return str(base_url(server)) in self.fhir_servers
        except SetupError:
            return False


def read_clients(path: str) -> tuple[Client, ...]:
    """Return the clients that a file names.

    Raises:
        SetupError: it cannot be read, or something in it is not as expected.
    """
    file = Path(path).expanduser()
    tables = _tables(file)
    clients = tuple(_client(file, number, table) for number, table in enumerate(tables, 1))
    issuers = [client.issuer for client in clients]
    if twice := next((issuer for issuer in issuers if issuers.count(issuer) > 1), ""):
        raise SetupError(f"{file}: the issuer {twice!r} is named twice; expected one [[client]] each.")
    return clients


def _tables(file: Path) -> Sequence[Any]:
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise SetupError(f"--hooks {file}: {trouble.strerror}.") from None
    except UnicodeDecodeError:
        raise SetupError(f"--hooks {file}: expected TOML in UTF-8.") from None
    except tomllib.TOMLDecodeError as trouble:
        raise SetupError(f"--hooks {file}: it is not TOML: {trouble}.") from None
    tables = read.pop("client", None)
    if not isinstance(tables, list) or not tables or read:
        raise SetupError(f"--hooks {file}: expected tables [[client]] and nothing else.")
    return tables


def _client(file: Path, number: int, table: Any) -> Client:
    try:
        client = Client.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = " ".join(["client", str(number), *(str(part) for part in first["loc"])])
        raise SetupError(f"--hooks {file}: {where}: {first['msg'].removeprefix('Value error, ')}.") from None
    except SetupError as error:
        raise SetupError(f"--hooks {file}: client {number} fhir_servers: {error}") from None
    beside = str(file.parent / Path(client.keys).expanduser()) if client.keys else ""
    return client.model_copy(update={"keys": beside})


def _closed(address: str) -> str:
    """Return an address that is reached over TLS, or is this computer's."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme != "https" and not (url.scheme == "http" and url.host in _THIS_COMPUTER):
        raise ValueError("expected an https:// address, e.g. 'https://ehr.example.org/jwks.json'")
    return address
