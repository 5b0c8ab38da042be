"""`fhir-assistant evaluate compare`."""


def compare() -> None:
    """Not yet."""
