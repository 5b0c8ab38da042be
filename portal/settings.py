"""What an operator decides, from the command line and the environment -> `Settings`."""

from dataclasses import dataclass, field
from ipaddress import ip_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a caller may ask of the portal.

    Attributes:
        body: bytes of a request.
        seconds: for one request that is no stream.
        answer: seconds for one answer.
        a_minute: requests of one caller in a minute; 0 is any number.
        together: answers at once in this process.
        keep_alive: seconds between two signs of life on a stream.
        days: after which a conversation that nobody touches is deleted.
    """

    body: int = 256 * 1024
    seconds: float = 30.0
    answer: float = 300.0
    a_minute: int = 600
    together: int = 8
    keep_alive: float = 15.0
    days: int = 30


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
        today: the ISO day on which questions are asked, "" is today.
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
    today: str = ""
    limits: Limits = Limits()

    @property
    def authenticates(self) -> bool:
        """Whether callers must say who they are."""
        return bool(self.keys or self.issuer)

    @property
    def local(self) -> bool:
        """Whether it listens on this computer alone."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def base(self) -> str:
        """Where browsers reach it, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.url or f"http://{host}:{self.port}").rstrip("/")
