"""`fhir-assistant evaluate run`."""


def run() -> None:
    """Not yet."""
