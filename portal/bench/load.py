"""A running portal -> how long answers take while many conversations go on, without a pause between questions.

Each conversation asks its next question as soon as it has its answer. Seconds are to the last event; the first
event is counted too. The client shares the machine with the server: both are in the numbers.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

_OK = 200
_APART = 0.03
"""Seconds between two conversations' beginnings: connections that come all at once are one process's."""
WORDINGS = (
    "How old is she?",
    "What was the last HbA1c?",
    "And before that?",
    "What medications is she taking?",
    "How many emergency visits since 2020?",
    "When was the last flu shot?",
    "What is she allergic to?",
    "What was the highest systolic blood pressure in the past five years?",
    "Does she have diabetes?",
    "When was the last visit?",
)


@dataclass(slots=True)
class Seen:
    """What the conversations met: seconds of each answer, and what went wrong."""

    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def bear(base: str, patients: Sequence[str], conversations: int, seconds: float) -> Seen:
    """Hold conversations for a while.

    Args:
        base: address of the portal, "http://HOST:PORT".
        patients: "Patient/…", shared out among the conversations.
        conversations: at once.
        seconds: after which no new question is asked.
    """
    seen, until = Seen(), time.perf_counter() + seconds
    host, _, port = base.removeprefix("http://").partition(":")
    talks = (
        _talk(host, int(port), patients[n % len(patients)], n, until, seen) for n in range(conversations)
    )
    await asyncio.gather(*talks)
    return seen


class _Line:
    """A connection that is kept. A client library would cost more of the shared processors than the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    async def post(self, path: str, body: dict[str, str], accept: str) -> None:
        content = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAccept: {accept}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._writer.write(head.encode() + content)
        await self._writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        return int(lines[0].split(" ")[1]), fields

    async def pieces(self, fields: dict[str, str]) -> AsyncIterator[bytes]:
        if "content-length" in fields:
            yield await self._reader.readexactly(int(fields["content-length"]))
            return
        while size := int(await self._reader.readline(), 16):
            yield (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readline()

    def close(self) -> None:
        self._writer.close()


async def _talk(host: str, port: int, patient: str, nth: int, until: float, seen: Seen) -> None:
    await asyncio.sleep(nth * _APART)
    line = _Line(*await asyncio.open_connection(host, port), f"{host}:{port}")
    await line.post("/api/conversations", {"patient": patient}, "application/json")
    _, fields = await line.head()
    begun = json.loads(b"".join([piece async for piece in line.pieces(fields)]))
    turn = nth
    while time.perf_counter() < until:
        question = WORDINGS[turn % len(WORDINGS)]
        await _ask(line, f"/api/conversations/{begun['id']}/questions", question, seen)
        turn += 1
    line.close()


async def _ask(line: _Line, path: str, question: str, seen: Seen) -> None:
    begun = time.perf_counter()
    await line.post(path, {"question": question}, "text/event-stream")
    status, fields = await line.head()
    first, told = 0.0, b""
    async for piece in line.pieces(fields):
        first, told = first or time.perf_counter() - begun, told + piece
    if status != _OK or b"\nevent: answer\n" not in told:
        seen.errors.append(f"{status} {told[-200:]!r}")
        return
    seen.first.append(first)
    seen.last.append(time.perf_counter() - begun)
