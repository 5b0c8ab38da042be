"""`fhir-assistant evaluate merge`."""


def merge() -> None:
    """Not yet."""
