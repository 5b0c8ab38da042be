"""A package of the extra `evaluation` that is not installed -> the command that installs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from tools.calls.errors import SetupError

COMMAND = "pip install 'fhir-record-assistant[evaluation]'"


@contextmanager
def needed() -> Iterator[None]:
    """Import inside it: scipy, numpy, matplotlib and jinja2 are wanted by the evaluation only.

    Raises:
        SetupError: what is imported is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        raise SetupError(f"Metrics and reports need {package}, which is not installed: {COMMAND}.") from None
