"""Whatever this process wants of the world outside: connections, names looked up, programs started."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_ASKED = frozenset(
    {
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "subprocess.Popen",
        "os.system",
    }
)
_watches: list[list[str]] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _watches and event in _ASKED:
        told = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        for watch in _watches:
            watch.append(f"{event} {told!r}")


sys.addaudithook(_hear)


@contextmanager
def watched(*allowed: str) -> Iterator[list[str]]:
    """Fail where something else than these addresses ("127.0.0.1', 8080") was wanted while the block ran."""
    wanted: list[str] = []
    _watches.append(wanted)
    try:
        yield wanted
    finally:
        _watches.remove(wanted)
    assert [one for one in wanted if not any(address in one for address in allowed)] == []
