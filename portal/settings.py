"""What an operator decides, from the command line and the environment -> `Settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.keys import KEYS_VARIABLE, keys_from
from portal.names import is_this_computer
from tools.calls.errors import SetupError

if TYPE_CHECKING:
    from portal.launch.registrations import Registration

LAUNCH_VARIABLE = "FHIR_ASSISTANT_LAUNCH"
SECRET_VARIABLE = "FHIR_ASSISTANT_SECRET"
_LIMITS = {
    "a_minute": "FHIR_ASSISTANT_A_MINUTE",
    "streams": "FHIR_ASSISTANT_STREAMS",
    "standstill": "FHIR_ASSISTANT_STANDSTILL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a caller may ask of the portal.

    Attributes:
        body: bytes of a request.
        prefetch: bytes of a CDS Hooks call, which brings a part of a record.
        seconds: for one request that is no stream.
        answer: seconds for one answer.
        a_minute: requests of one caller in a minute; 0 is any number.
        together: answers at once in this process.
        streams: at once of one caller; 0 is any number.
        records: bytes that the records of patients may take that stay open in this process.
        keep_alive: seconds between two signs of life on a stream.
        days: after which a conversation that nobody touches is deleted.
        standstill: seconds for which a process may answer nothing at all before it is ended and another one begins;
            0 is any number.
    """

    body: int = 256 * 1024
    prefetch: int = 8 * 1024 * 1024
    seconds: float = 30.0
    answer: float = 300.0
    a_minute: int = 600
    together: int = 4
    streams: int = 16
    records: int = 1024**3
    keep_alive: float = 15.0
    days: int = 30
    standstill: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the portal runs.

    Attributes:
        host: address it listens on.
        port: 0 takes a free one.
        url: where browsers reach it, e.g. "https://assistant.example.org"; "" is the address it listens on.
        database: see `portal.database`.
        secret: seals what must be read back (sessions); "" makes one that ends with the process.
        hosts: names by which it may be called besides those of `url` and this computer.
        origins: web origins whose pages may call it, e.g. "https://ward.example.org"; they may frame its page too.
        keys: API keys by the name of their holder; only their SHA-256 is kept here.
        issuer: of OpenID Connect tokens that are taken as `Authorization: Bearer`; "" for none.
        audience: that these tokens must name.
        plain_http: others reach it over http:// all the same, on a network that is closed.
        proxies: addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.
        trail: FHIR server that AuditEvents and Provenances are posted to as well, "" for none.
        auditors: subjects that may read the trail, e.g. "key:audit".
        hooks: TOML file that names the CDS Hooks clients, see `portal.hooks.clients`; "" for none.
        today: the ISO day on which questions are asked, "" is today.
        launch: TOML file of the record systems that may launch it; see `portal.launch.registrations`.
        launches: what is in it.
        limits: what a caller may ask.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    url: str = ""
    database: str = ""
    secret: str = field(default="", repr=False)
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    issuer: str = ""
    audience: str = ""
    plain_http: bool = False
    proxies: tuple[str, ...] = ()
    trail: str = ""
    auditors: tuple[str, ...] = ()
    hooks: str = ""
    today: str = ""
    launch: str = ""
    launches: "tuple[Registration, ...]" = ()
    limits: Limits = Limits()

    @property
    def authenticates(self) -> bool:
        """Whether callers must say who they are."""
        return bool(self.keys or self.issuer or self.launches)

    @property
    def local(self) -> bool:
        """Whether it listens on this computer alone."""
        return is_this_computer(self.host)

    @property
    def base(self) -> str:
        """Where browsers reach it, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.url or f"http://{host}:{self.port}").rstrip("/")


def with_environment(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Return the settings with what only the environment says: secrets, and who may call.

    Raises:
        SetupError: the keys or a number are written in another form, or the file of record systems cannot be used.
    """
    told = replace(
        settings,
        launch=settings.launch or environment.get(LAUNCH_VARIABLE, ""),
        secret=environment.get(SECRET_VARIABLE, ""),
        issuer=environment.get("FHIR_ASSISTANT_ISSUER", ""),
        audience=environment.get("FHIR_ASSISTANT_AUDIENCE", ""),
        keys=keys_from(environment.get(KEYS_VARIABLE, "")),
        hosts=_listed(environment, "FHIR_ASSISTANT_HOSTS"),
        proxies=_listed(environment, "FHIR_ASSISTANT_PROXIES"),
        limits=_limited(settings.limits, environment),
        plain_http=environment.get("FHIR_ASSISTANT_PLAIN_HTTP", "") == "1",
        auditors=_listed(environment, "FHIR_ASSISTANT_AUDITORS"),
    )
    return with_launches(told, environment)


def with_launches(settings: Settings, environment: Mapping[str, str]) -> Settings:
    """Return the settings with what the file of record systems says.

    Raises:
        SetupError: the file cannot be used.
    """
    if not settings.launch:
        return settings
    from portal.launch.registrations import read_registrations

    return replace(settings, launches=read_registrations(Path(settings.launch), environment))


def _listed(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(environment.get(name, "").replace(",", " ").split())


def _limited(limits: Limits, environment: Mapping[str, str]) -> Limits:
    told: dict[str, Any] = {
        field: _number(environment[variable], variable)
        for field, variable in _LIMITS.items()
        if variable in environment
    }
    return replace(limits, **told)


def _number(text: str, variable: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise SetupError(f"{variable} {text!r}: expected a number, 0 for no limit, e.g. {variable}=600.")
    return int(text)
