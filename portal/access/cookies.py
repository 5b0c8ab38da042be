"""A session's cookie: its name, how it is put on a response, taken away and read.

HttpOnly, never for a domain, Path=/. SameSite=Lax; where pages of allowed origins frame the portal over https, it is
SameSite=None; Secure; Partitioned, or the frame would never get it back. (Requests that it comes with must be
same-origin all the same: `portal.guard.csrf`.)
"""

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response

from portal.settings import Settings


def secure(settings: Settings) -> bool:
    """Tell whether browsers reach the portal over https."""
    return settings.base.startswith("https://")


def cookie_name(settings: Settings) -> str:
    """Return the name of the cookie."""
    return "__Host-fra-session" if secure(settings) else "fra-session"


def put(response: Response, settings: Settings, value: str, lifetime: timedelta) -> None:
    """Put a session's cookie on a response."""
    response.headers.append("Set-Cookie", _line(settings, value, int(lifetime.total_seconds())))


def take_away(response: Response, settings: Settings) -> None:
    """Have the browser forget the cookie."""
    response.headers.append("Set-Cookie", forgetting(settings))


def forgetting(settings: Settings) -> str:
    """Return the Set-Cookie that has the browser forget it."""
    return _line(settings, "", 0)


def presented(settings: Settings, cookies: Mapping[str, str]) -> str:
    """Return the value of the session's cookie, "" if a request carries none."""
    return cookies.get(cookie_name(settings), "")


def _line(settings: Settings, value: str, seconds: int) -> str:
    # by hand: http.cookies knows Partitioned from Python 3.14 on
    line = f"{cookie_name(settings)}={value}; Path=/; Max-Age={seconds}; HttpOnly"
    if not secure(settings):
        return f"{line}; SameSite=Lax"
    framed = "; SameSite=None; Partitioned" if settings.origins else "; SameSite=Lax"
    return f"{line}; Secure{framed}"
