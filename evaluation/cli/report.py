"""`fhir-assistant evaluate report`."""


def report() -> None:
    """Not yet."""
