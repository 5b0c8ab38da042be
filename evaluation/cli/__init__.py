"""`fhir-assistant evaluate`: records -> questions -> answers -> verdicts -> a report; and two runs compared.

Each command is in the file of its name. Its imports happen when it runs.
"""

from evaluation.cli.app import app

__all__ = ["app"]
