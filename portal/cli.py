"""`fhir-assistant serve`: the portal on this computer, or behind a proxy."""

import os
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import Now, Records, clock, data_folder, location, source
from agent.cli.printing import say_aside
from agent.cli.running import Running, with_model
from agent.cli.starting import settle
from portal.guard.starting import ready
from portal.serving import Serving
from portal.serving import serve as listen
from portal.settings import Settings, with_environment

DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="FHIR_ASSISTANT_DATABASE",
        show_default="a file in the user's data folder",
        help="Where conversations are kept: sqlite:///PATH or postgresql://USER@HOST/NAME",
    ),
]
serve_app = typer.Typer(add_completion=False, rich_markup_mode=None)


@serve_app.command("serve")
@with_model
def serve(
    records: Records = "",
    now: Now = "",
    host: Annotated[
        str,
        typer.Option("--host", help="Address to listen on; any but this computer's needs authentication."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8765,
    url: Annotated[
        str,
        typer.Option(
            "--url",
            envvar="FHIR_ASSISTANT_URL",
            show_default="where it listens",
            help="Where browsers reach it, e.g. https://assistant.example.org",
        ),
    ] = "",
    database: DatabaseUrl = "",
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", help="A web origin whose pages may embed it; may be given several times."),
    ] = None,
    launch: Annotated[
        str,
        typer.Option(
            "--launch",
            envvar="FHIR_ASSISTANT_LAUNCH",
            metavar="FILE",
            help="TOML file of the record systems that may launch it (SMART App Launch).",
        ),
    ] = "",
    trail: Annotated[
        str,
        typer.Option(
            "--trail",
            envvar="FHIR_ASSISTANT_TRAIL",
            show_default="kept in the database only",
            help="FHIR server that accesses (AuditEvent) and answers (Provenance) are posted to as well, "
            "e.g. https://audit.example.org/fhir",
        ),
    ] = "",
    hooks: Annotated[
        str,
        typer.Option(
            "--hooks",
            envvar="FHIR_ASSISTANT_HOOKS",
            help="TOML file of the EHRs that may call /cds-services.",
        ),
    ] = "",
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes that answer.")] = 1,
    open_page: Annotated[bool, typer.Option("--open", help="Open the chat page in the browser.")] = False,
    *,
    running: Running,
) -> None:
    """Serve the chat page, the API and the other doors."""
    day = clock(now).isoformat() if now else ""
    told = Settings(
        host=host,
        port=port,
        url=url,
        database=database_url(database),
        origins=tuple(origin or ()),
        hooks=hooks,
        today=day,
        launch=launch,
        trail=trail,
    )
    settings = with_environment(told, os.environ)
    ready(settings)
    source(records).close()  # shows how far a first reading is

    def started(address: str) -> None:
        say_aside(f"{address}  (Ctrl-C ends it)")
        if open_page:
            import webbrowser

            webbrowser.open(address)

    doing = Serving(
        records=location(records),
        model=running.model,
        planner=running.planner,
        planner_model=running.planner_model,
        options=running.options,
        settings=settings,
    )
    settle()
    listen(doing, workers, started)


def database_url(named: str) -> str:
    """Return the URL of the portal's database: the one that was named, or a file in the user's data folder."""
    if named:
        return named
    folder: Path = data_folder()
    return f"sqlite:///{folder / 'portal.db'}"
