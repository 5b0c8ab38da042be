"""`fhir-assistant mcp`: one patient's record for the AI client that starts this process, over stdin and stdout."""

from typing import TYPE_CHECKING, Any

import typer

from agent.cli.conversation import conversations
from agent.cli.options import Now, Patient, Records, clock, one_patient, source
from agent.cli.running import Running, with_model
from agent.cli.starting import settle, start
from tools.calls.errors import SetupError

if TYPE_CHECKING:
    from mcp.server import Server

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("mcp")
@with_model
def serve(patient: Patient = "", records: Records = "", now: Now = "", *, running: Running) -> None:
    """Give an AI client one patient's record over MCP.

    The client starts this command and talks to it over stdin and stdout; it can name no other patient.
    """
    clock(now)
    here, file = source(records), conversations()
    whom = here.find(one_patient(here, patient)).reference
    try:
        import anyio

        from portal.mcp.local import Local
        from portal.mcp.server import server
    except ModuleNotFoundError as missing:
        raise SetupError(
            f"MCP needs {missing.name}, which is not installed: pip install 'fhir-record-assistant[portal]'."
        ) from None
    seat = Local(whom, lambda: clock(now), lambda: start(here, running, file), file)
    settle()
    anyio.run(_talk, server(lambda request: seat))


async def _talk(server: "Server[Any]") -> None:
    """Serve until the client closes stdin."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (heard, said):
        await server.run(heard, said, server.create_initialization_options())
