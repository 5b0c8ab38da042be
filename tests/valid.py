"""Whether a resource that the program makes is valid FHIR R4."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tools.sources.validation import check


def faults_of(resource: Mapping[str, Any]) -> str:
    """Return what is wrong with a resource, "" if nothing is."""
    checked = check(deepcopy(dict(resource)))
    return checked.refused or "; ".join(fault.sentence for fault in checked.faults)
