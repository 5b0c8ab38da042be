"""`fhir-assistant evaluate merge`: the results of several shards -> one file."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.printing import say_aside
from evaluation.cli.options import Format, Out, Questions, SetNow, questions, writable


def merge(
    results: Annotated[
        list[Path], typer.Argument(help="The results files of all shards.", show_default=False)
    ],
    questions_file: Questions,
    out: Out,
    format: Format = "auto",
    now: SetNow = "",
) -> None:
    """Put the results of several machines together; says what is missing or does not fit."""
    from evaluation.result import save
    from evaluation.running import merge as together

    writable(out)
    merged = together(results, questions(questions_file, format, now))
    save(out, merged)
    say_aside(f"{len(merged)} results of {len(results)} files: {out}")
