"""The connection to an endpoint: one call, one connection, and an end to it.

A request -> its response, within the time and the size a call may take. No redirect is followed, so that a record
never reaches a host that nobody named. Proxies of the environment are used, except to this machine.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from threading import Timer
from typing import Any

import httpx2

from agent.models.endpoint.address import Address
from agent.models.failures import ModelFailure

MOST_MIB = 64
"""One answer at most. 8 192 tokens, each in an event of its own, are some 3 MiB."""


class Wire(httpx2.Client):
    """An HTTP client whose calls end: `timeout.read` of a request is the time for all of it."""

    def __init__(self, address: Address) -> None:
        """Reach one address; nothing is connected yet."""
        # A connection that is not kept can neither have died meanwhile nor hide its socket from the alarm.
        fresh = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
        host = f"[{address.host}]" if ":" in address.host else address.host
        super().__init__(mounts={f"all://{host}": None} if address.local else None, limits=fresh)
        self._shown = address.shown

    def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        """Send a request; its response is bounded in time and size.

        Raises:
            ModelFailure: a chat was answered with something else than a stream of events.
        """
        alarm = _Alarm(request.extensions["timeout"]["read"])
        request.extensions = {**request.extensions, "trace": alarm.note}
        try:
            response = super().send(request, **how)
        except BaseException:
            alarm.stop()
            raise
        response.stream = _Watched(response.stream, alarm, self._shown)
        if response.is_closed:
            alarm.stop()
        elif request.url.path.endswith("/completions") and response.is_success:
            self._expect_events(response)
        return response

    def _expect_events(self, response: httpx2.Response) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in ("text/html", "application/json"):
            return
        response.close()
        what = "a web page, perhaps of a proxy or a log-in" if kind == "text/html" else "plain JSON"
        raise ModelFailure(
            "endpoint",
            f"{self._shown} answered with {what}, and not with a stream: is it the base URL of a model?",
        )


class _Alarm:
    """Shuts the socket of a call when its time is over, whatever is being waited for; its reader then wakes."""

    def __init__(self, seconds: float) -> None:
        self._rang = False
        self._socket: socket.socket | None = None
        self._timer = Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear from the connection; it tells its socket when it is made, and again when TLS is on it."""
        look = getattr(info.get("return_value"), "get_extra_info", None)
        if look is not None:
            self._socket = look("socket")
            if self._rang:
                self._shut()

    def stop(self) -> None:
        self._timer.cancel()

    def _ring(self) -> None:
        self._rang = True
        self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Watched(httpx2.SyncByteStream):
    def __init__(self, stream: Any, alarm: _Alarm, shown: str) -> None:
        self._stream, self._alarm, self._shown = stream, alarm, shown

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for piece in self._stream:
            size += len(piece)
            if size > MOST_MIB * 2**20:
                raise ModelFailure("endpoint", f"{self._shown} sent more than {MOST_MIB} MiB for one answer.")
            yield piece

    def close(self) -> None:
        self._alarm.stop()
        self._stream.close()
