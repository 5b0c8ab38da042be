"""A running portal -> how long answers take while many conversations go on, without a pause between questions.

Each conversation asks its next question as soon as it has its answer. Seconds are to the last event; the first
event is counted too. The client shares the machine with the server: both are in the numbers.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

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
        base: address of the portal.
        patients: "Patient/…", shared out among the conversations.
        conversations: at once.
        seconds: after which no new question is asked.
    """
    seen, until = Seen(), time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=conversations, max_keepalive_connections=conversations)
    async with httpx.AsyncClient(
        base_url=base, limits=limits, timeout=60, headers={"Origin": base}
    ) as client:
        talks = (_talk(client, patients[n % len(patients)], n, until, seen) for n in range(conversations))
        await asyncio.gather(*talks)
    return seen


async def _talk(client: httpx.AsyncClient, patient: str, nth: int, until: float, seen: Seen) -> None:
    begun = await client.post("/api/conversations", json={"patient": patient})
    path = f"/api/conversations/{begun.json()['id']}/questions"
    turn = nth
    while time.perf_counter() < until:
        await _ask(client, path, WORDINGS[turn % len(WORDINGS)], seen)
        turn += 1


async def _ask(client: httpx.AsyncClient, path: str, question: str, seen: Seen) -> None:
    begun, last = time.perf_counter(), ""
    first = 0.0
    accept = {"Accept": "text/event-stream"}
    async with client.stream("POST", path, json={"question": question}, headers=accept) as response:
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                first = first or time.perf_counter() - begun
                last = line.removeprefix("event:").strip()
    if response.status_code != httpx.codes.OK or last != "answer":
        seen.errors.append(f"{response.status_code} {last}")
        return
    seen.first.append(first)
    seen.last.append(time.perf_counter() - begun)
