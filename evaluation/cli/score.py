"""`fhir-assistant evaluate score`."""


def score() -> None:
    """Not yet."""
