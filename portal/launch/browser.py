"""The browser that began a launch, known again by a cookie of a few minutes, one for each launch."""

from collections.abc import Mapping

from starlette.responses import Response

from portal.access.cookies import secure
from portal.launch.attempts import LASTS, hashed
from portal.settings import Settings


def know(response: Response, settings: Settings, state: str, browser: str) -> None:
    """Have a browser keep its secret of a launch."""
    response.headers.append("Set-Cookie", _line(settings, state, browser, LASTS))


def known(cookies: Mapping[str, str], settings: Settings, state: str) -> str:
    """Return a browser's secret of a launch, "" if it has none."""
    return cookies.get(_name(settings, state), "")


def forget(response: Response, settings: Settings, state: str) -> None:
    """Have a browser forget its secret of a launch."""
    response.headers.append("Set-Cookie", _line(settings, state, "", 0))


def _name(settings: Settings, state: str) -> str:
    name = f"fra-launch-{hashed(state)[:16]}"
    return f"__Host-{name}" if secure(settings) else name


def _line(settings: Settings, state: str, value: str, seconds: int) -> str:
    # by hand: http.cookies knows Partitioned from Python 3.14 on
    line = f"{_name(settings, state)}={value}; Path=/; Max-Age={seconds}; HttpOnly"
    if not secure(settings):
        return f"{line}; SameSite=Lax"
    return f"{line}; Secure; " + ("SameSite=None; Partitioned" if settings.origins else "SameSite=Lax")
