"""Which version this is: as installed or, in a checkout, as pyproject.toml says."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

_DISTRIBUTION = "fhir-record-assistant"


def version() -> str:
    """Return the version, e.g. "0.1.0"."""
    try:
        return installed(_DISTRIBUTION)
    except PackageNotFoundError:
        import tomllib

        project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
        return str(project["project"]["version"])
