"""A tool call of a client -> its result: structured content and a text with references, or one sentence why not."""

from collections.abc import Iterator, Mapping
from typing import Any

import anyio.to_thread
import mcp_types as types

from agent.asking import readable
from agent.context import Brief
from agent.plan import Plan
from agent.writer import BuiltinWriter
from portal.mcp.offer import ALONE, ASK, ASKED, MOST_CALLS, PLAN, names
from portal.mcp.seat import Seat, Tell
from portal.mcp.shapes import every, found
from portal.saying import cited, inert
from tools.calls.catalogue import Call
from tools.calls.errors import AssistantError, BadArgument
from tools.calls.evidence import Evidence
from tools.calls.program import run, run_plan
from tools.record import PatientRecord

_WORDS = "What was the last HbA1c?"


async def called(
    seat: Seat, name: str, arguments: Mapping[str, Any] | None, tell: Tell
) -> types.CallToolResult:
    """Return what a call gives; an error of the project is a result as well, its sentence."""
    try:
        if name == ASK:
            return await _asked(seat, arguments or {}, tell)
        if name == PLAN:
            return await anyio.to_thread.run_sync(_planned, seat, arguments or {})
        if name not in ALONE:
            raise BadArgument("tool", name, f"one of {', '.join(names())}", ASK)
        return await anyio.to_thread.run_sync(_run, seat, Call(name, arguments or {}))
    except AssistantError as reason:
        return types.CallToolResult(content=[types.TextContent(text=str(reason))], is_error=True)


def worded(evidence: Evidence, record: PatientRecord) -> str:
    """Return evidence in words, each fact with its reference."""
    brief = Brief(
        question="",
        plan=Plan(calls=(Call(evidence.tool, evidence.arguments, evidence.id),)),
        evidence=(evidence,),
        holds=tuple(record.counts),
        deceased=record.patient.deceased,
    )
    return inert(BuiltinWriter().write(brief))


def _run(seat: Seat, call: Call) -> types.CallToolResult:
    record = seat.record()
    evidence = run(call, record)
    seat.saw(dict.fromkeys(_shown(evidence)))
    return _result(worded(evidence, record), found(evidence))


def _shown(evidence: Evidence) -> Iterator[str]:
    """Yield every resource of which evidence shows something."""
    yield from evidence.references
    yield from (fact.reference for fact in (*evidence.facts, *evidence.against))


def _planned(seat: Seat, arguments: Mapping[str, Any]) -> types.CallToolResult:
    record, calls = seat.record(), _calls(arguments)
    evidence = run_plan(calls, record)
    seat.saw(dict.fromkeys(reference for each in evidence for reference in _shown(each)))
    text = "\n\n".join(f"{each.id}: {worded(each, record)}" for each in evidence)
    return _result(text, every(evidence))


def _calls(arguments: Mapping[str, Any]) -> tuple[Call, ...]:
    """Return the calls of a plan.

    Raises:
        BadArgument: they are no list of calls, or too many.
    """
    example = '[{"id": "a", "tool": "profile", "arguments": {}}]'
    for argument, value in arguments.items():
        if argument != "calls":
            raise BadArgument(f"plan: {argument}", value, "no such argument but calls", "calls")
    steps = arguments.get("calls")
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_CALLS:
        raise BadArgument("plan: calls", steps, f"a list of 1 to {MOST_CALLS} calls", example)
    for step in steps:
        if not isinstance(step, dict) or not isinstance(step.get("arguments", {}), dict):
            raise BadArgument("plan: calls", step, "a call with id, tool and arguments", example)
    return tuple(Call(str(s.get("tool")), s.get("arguments", {}), str(s.get("id", ""))) for s in steps)


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
