"""`fhir-assistant graph`: the state machine as Mermaid."""

import typer


def graph() -> None:
    """Print the state machine as a Mermaid diagram."""
    from agent.graph import mermaid

    typer.echo(mermaid().rstrip())
