"""MCP clients of a portal, and of the command."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def over_http(
    url: str, token: str, mode: str = "auto", path: str = "/mcp", **headers: str
) -> AsyncIterator[Client]:
    """A client with a token, as the package's own documentation says to make one."""
    sent = {"Authorization": f"Bearer {token}", **headers}
    async with httpx2.AsyncClient(headers=sent, timeout=60) as http:
        transport = streamable_http_client(f"{url}{path}", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def command(folder: Path, *arguments: str) -> StdioServerParameters:
    """`fhir-assistant mcp` of this checkout, which writes nothing outside the folder."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("FHIR_ASSISTANT_")}
    return StdioServerParameters(
        command=sys.executable,
        args=["-c", "from portal.mcp.command import app; app()", "--model", "none", *arguments],
        env={**kept, "FHIR_ASSISTANT_DATA": str(folder), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )


def text_of(result: Any) -> str:
    return str(result.content[0].text)
