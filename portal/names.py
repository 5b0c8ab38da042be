"""Names of computers and web origins, as the portal compares them."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_NAME = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
THIS_COMPUTER = ("localhost", "127.0.0.1", "[::1]")
"""The names by which a browser reaches its own computer, as they stand in `Host`."""


def is_this_computer(host: str) -> bool:
    """Tell whether a name or address is the computer itself.

    Example:
        >>> is_this_computer("127.0.0.1"), is_this_computer("[::1]"), is_this_computer("localhost.example.org")
        (True, True, False)
    """
    bare = host.strip("[]")
    if bare == "localhost":
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """Return the host of a URL, "" if it has none; an IPv6 address stands in brackets, as in `Host`."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return f"[{name}]" if ":" in name else name


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as a browser writes them in `Origin`; "" if it has none.

    Example:
        >>> origin_of("https://Assistant.example.org:443/page"), origin_of("http://[::1]:8765")
        ('https://assistant.example.org', 'http://[::1]:8765')
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}
    if parts.scheme not in usual or not _NAME.fullmatch(host_of(url)):
        return ""
    shown = "" if port in (None, usual[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host_of(url)}{shown}"


def is_safe(url: str) -> bool:
    """Tell whether nobody on the way can read or change what goes to a URL: https, or this computer."""
    return url.startswith("https://") or (url.startswith("http://") and is_this_computer(host_of(url)))
