"""A base URL -> where it leads, how it may be shown, and what an operator should know about it."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from tools.calls.errors import BadArgument

_USER = re.compile(r"//[^/]*@")
EXAMPLE = "openai:http://127.0.0.1:8000/v1#medgemma"
_HOST = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint is.

    Attributes:
        base: the base URL, e.g. "http://127.0.0.1:8000/v1".
        shown: the same without user and password.
        host: "127.0.0.1".
        secure: it is spoken to in TLS.
        local: it is this machine, so no proxy is in between.
    """

    base: str
    shown: str
    host: str
    secure: bool
    local: bool


def locate(base: str) -> Address:
    """Return what a base URL says.

    >>> locate("http://me:secret@localhost:8000/v1").shown
    'http://localhost:8000/v1'

    Raises:
        BadArgument: it has no host, a host no name can have, or a port that is no port.
    """
    shown = _USER.sub("//", base).rstrip("/")
    try:
        parts = urlsplit(base)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host):
        raise BadArgument("--model", f"openai:{shown}", "a base URL", EXAMPLE)
    return Address(base.rstrip("/"), shown, host, parts.scheme == "https", _is_here(host))


def caution(where: str) -> str:
    """Return what to tell the operator about a base URL, "" if nothing.

    >>> caution("http://127.0.0.1:8000/v1")
    ''
    >>> caution("http://gpu.hospital.example/v1")
    'What the record says goes to http://gpu.hospital.example/v1 unencrypted: use https, or a tunnel to 127.0.0.1.'
    """
    address = locate(where)
    if address.secure or address.local:
        return ""
    return f"What the record says goes to {address.shown} unencrypted: use https, or a tunnel to 127.0.0.1."


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
