"""Every answer -> what it tells the browser: run no script but ours, frame it nowhere else, keep nothing.

Content-Security-Policy, https://www.w3.org/TR/CSP3/; the rest is https://owasp.org/www-project-secure-headers/.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.guard.layer import Layer
from portal.guard.origins import FOR_ANYBODY, allowed
from portal.settings import Settings

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
)
_DATA = ("/api", "/v1", "/mcp", "/cds-services", "/launch")
"""What is below these is never kept, whatever it says itself."""
_A_YEAR = "max-age=31536000"


def headers_of(settings: Settings) -> dict[str, str]:
    """Return what every answer carries."""
    framing = " ".join(["'self'", *sorted(allowed(settings))])
    told = {
        "Content-Security-Policy": "; ".join([*_POLICY, f"frame-ancestors {framing}"]),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "clipboard-write=(self), camera=(), geolocation=(), microphone=()",
    }
    if not settings.origins:
        told["X-Frame-Options"] = "SAMEORIGIN"
    if settings.base.startswith("https://"):
        told["Strict-Transport-Security"] = _A_YEAR
    return told


def marked(headers: MutableHeaders, path: str, told: dict[str, str]) -> None:
    """Put on an answer what it must carry."""
    headers.update(told)
    for_anybody = path == FOR_ANYBODY
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if for_anybody else "same-origin"
    if any(path == data or path.startswith(f"{data}/") for data in _DATA):
        headers["Cache-Control"] = "no-store"
    else:
        headers.setdefault("Cache-Control", "no-store")


class SafeHeaders(Layer):
    """Puts on every answer what it must carry."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app)
        self._told = headers_of(settings)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; mark what comes back."""

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                marked(MutableHeaders(scope=message), scope["path"], self._told)
            await send(message)

        await self.app(scope, receive, safe)
