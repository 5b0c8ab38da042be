"""A tool call of a client -> its result: structured content and a text with references, or one sentence why not."""

from collections.abc import Mapping
from typing import Any

import anyio.to_thread
import mcp_types as types

from agent.asking import readable
from agent.context import Brief
from agent.plan import Plan
from agent.writer import BuiltinWriter
from portal.mcp.offer import ASK, ASKED, names
from portal.mcp.seat import Seat, Tell
from portal.mcp.shapes import found
from portal.saying import cited, inert
from tools.calls.catalogue import TOOLS, Call
from tools.calls.errors import AssistantError, BadArgument
from tools.calls.evidence import Evidence
from tools.calls.program import run
from tools.record import PatientRecord

_WORDS = "What was the last HbA1c?"


async def called(
    seat: Seat, name: str, arguments: Mapping[str, Any] | None, tell: Tell
) -> types.CallToolResult:
    """Return what a call gives; an error of the project is a result as well, its sentence."""
    try:
        if name == ASK:
            return await _asked(seat, arguments or {}, tell)
        if name not in TOOLS:
            raise BadArgument("tool", name, f"one of {', '.join(names())}", ASK)
        return await anyio.to_thread.run_sync(_run, seat, Call(name, arguments or {}))
    except AssistantError as reason:
        return types.CallToolResult(content=[types.TextContent(text=str(reason))], is_error=True)


def worded(evidence: Evidence, record: PatientRecord) -> str:
    """Return evidence in words, each fact with its reference."""
    brief = Brief(
        question="",
        plan=Plan(calls=(Call(evidence.tool, evidence.arguments),)),
        evidence=(evidence,),
        holds=tuple(record.counts),
        deceased=record.patient.deceased,
    )
    return inert(BuiltinWriter().write(brief))


def _run(seat: Seat, call: Call) -> types.CallToolResult:
    record = seat.record()
    evidence = run(call, record)
    seat.saw(dict.fromkeys((*evidence.references, *(fact.reference for fact in evidence.facts))))
    return _result(worded(evidence, record), found(evidence))


async def _asked(seat: Seat, arguments: Mapping[str, Any], tell: Tell) -> types.CallToolResult:
    for argument, value in arguments.items():
        if argument not in ASKED:
            wish = f"no such argument but {', '.join(ASKED)}"
            raise BadArgument(f"ask: {argument}", value, wish, "question")
        if not isinstance(value, str) and (argument == "question" or value is not None):
            raise BadArgument(f"ask: {argument}", value, "text", _WORDS)
    if "question" not in arguments:
        raise BadArgument("ask: question", None, "text", _WORDS)
    answer = await seat.ask(
        readable(arguments["question"]), (arguments.get("conversation") or "").strip(), tell
    )
    return _result(cited(answer), answer.model_dump(mode="json"))


def _result(text: str, structured: dict[str, Any]) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=structured)
