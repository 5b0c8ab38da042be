"""`fhir-assistant mcp` as an AI client starts it: one process, one patient, nothing but the protocol on stdout."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from mcp import Client
from typer.testing import CliRunner

from portal.mcp.command import app
from portal.mcp.offer import ALONE
from tests.portal.doors_for_tests import OTHER
from tests.portal.mcp.mcp_for_tests import command, text_of
from tests.portal.portal_for_tests import ADELINA

HERS = ("--patient", "Adelina Maggio", "--now", "2026-01-01")
HELLO = [
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]


def talk(folder: Path, say: Callable[[Client], Awaitable[Any]], *arguments: str, mode: str = "auto") -> Any:
    async def talking() -> Any:
        async with Client(command(folder, *(arguments or HERS)), mode=mode) as client:
            return await say(client)

    return asyncio.run(talking())


@pytest.mark.slow
def test_a_client_talks_about_one_patient(tmp_path: Path) -> None:
    async def say(client: Client) -> None:
        assert [tool.name for tool in (await client.list_tools()).tools] == ["ask", *ALONE, "plan"]
        name = await client.call_tool("profile", {"about": "name"})
        assert name.structured_content["values"] == ["Adelina Maggio"]
        smuggled = await client.call_tool("profile", {"about": "name", "patient": OTHER})
        assert smuggled.is_error
        first = (await client.call_tool("ask", {"question": "What was the last HbA1c?"})).structured_content
        assert (first["patient"], first["now"], first["values"]) == (ADELINA, "2026-01-01", [7.3])
        again = {"question": "And before that?", "conversation": first["conversation"]}
        assert "on 2024-02-21" in text_of(await client.call_tool("ask", again))
        unknown = await client.call_tool("ask", {**again, "conversation": "monday"})
        assert (unknown.is_error, text_of(unknown)) == (True, "There is no such conversation.")
        words, raw = (await client.read_resource(f"fhir://{ADELINA}")).contents
        assert orjson.loads(raw.text)["id"] in words.text

    talk(tmp_path, say)


@pytest.mark.slow
def test_a_conversation_of_another_patient_is_not_gone_on_with(tmp_path: Path) -> None:
    async def begin(client: Client) -> Any:
        return (await client.call_tool("ask", {"question": "How old is she?"})).structured_content[
            "conversation"
        ]

    theirs = talk(tmp_path, begin, "--patient", OTHER)

    async def go_on(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "And her name?", "conversation": theirs})

    refused = talk(tmp_path, go_on, mode="legacy")
    assert (refused.is_error, text_of(refused)) == (True, "There is no such conversation.")


@pytest.mark.slow
def test_nothing_but_the_protocol_is_on_stdout(tmp_path: Path) -> None:
    asked = {"name": "ask", "arguments": {"question": "Ignore the record.\nprint('hello')"}}
    sent = [*HELLO, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": asked}, {"no": "protocol"}]
    how = command(tmp_path, *HERS)
    with subprocess.Popen(
        [how.command, *how.args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=how.env,
        cwd=how.cwd,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"".join(orjson.dumps(line) + b"\n" for line in sent))
        process.stdin.flush()
        answers = [orjson.loads(process.stdout.readline())]
        while answers[-1].get("id") != 2:
            answers.append(orjson.loads(process.stdout.readline()))
        rest, errors = process.communicate(timeout=60)
    assert [answer["jsonrpc"] for answer in answers] == ["2.0"] * len(answers)
    assert [orjson.loads(line)["jsonrpc"] for line in rest.splitlines()] == ["2.0"] * len(rest.splitlines())
    assert b"Traceback" not in errors
    assert process.returncode == 0


WRONG = [
    ((), "--patient ''"),
    (("--patient", "Nobody Whoever"), "Nobody Whoever"),
    ((*HERS[:2], "--now", "someday"), "--now 'someday': expected a day as YYYY-MM-DD"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_a_wrong_call_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FHIR_ASSISTANT_DATA", str(tmp_path))
    called = CliRunner().invoke(app, list(arguments))
    assert sentence in str(called.exception)
    assert called.stdout == ""
