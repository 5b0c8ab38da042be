"""Which addresses a secret may go to, and which a record system may send us to."""

from ipaddress import ip_address

import httpx


def safe(address: str, near: str = "") -> bool:
    """Tell whether a secret may go to an address.

    Args:
        address: what is to be asked.
        near: who named the address: only somebody on this machine may name one on this machine.

    >>> safe("https://ehr.example.org/token"), safe("http://ehr.example.org/token"), safe("http://127.0.0.1/token")
    (True, False, True)
    >>> safe("http://127.0.0.1/token", near="https://ehr.example.org"), safe("https://[::1]/", "https://a.example")
    (False, False)
    """
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError):
        return False
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.fragment:
        return False
    if _here(url):
        return not near or _here(httpx.URL(near))
    return url.scheme == "https"


def _here(url: httpx.URL) -> bool:
    if url.host == "localhost" or url.host.endswith(".localhost"):
        return True
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return False
