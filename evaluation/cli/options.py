"""The options that the commands of `evaluate` share."""

import errno
import os
from pathlib import Path
from typing import Annotated

import typer

from tools.errors import BadArgument

Out = Annotated[
    Path, typer.Option("--out", "-o", show_default=False, help="The file to write, e.g. set.jsonl.")
]
Questions = Annotated[
    Path,
    typer.Option(
        "--questions", "-q", show_default=False,
        help="The question file: ours, or EHRQA, FHIRPath-QA, FHIR-AgentBench, MedAgentBench in its published form.",
    ),
]  # fmt: skip
Results = Annotated[Path, typer.Argument(help="A results file that `evaluate run` wrote.", show_default=False)]


def writable(out: Path) -> None:
    """Refuse a file that could not be written in the end.

    Raises:
        BadArgument: its folder is missing, it is a folder, or it is not to be written to.
    """
    trouble = (
        errno.EISDIR if out.is_dir()
        else errno.ENOENT if not out.parent.is_dir()
        else errno.EACCES if not os.access(out if out.exists() else out.parent, os.W_OK)
        else 0
    )  # fmt: skip
    if trouble:
        raise BadArgument("--out", str(out), f"a file that can be written ({os.strerror(trouble)})", "set.jsonl")
