"""A CapabilityStatement -> by what the kinds of a server can be searched, and which of them who asks may read.

https://hl7.org/fhir/R4/capabilitystatement.html. A server that does not list a kind, or lists no search parameters
of it, may serve them all the same: it is asked, and its refusal counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.sources.live.trouble import Denied, NotServed

OWNERS = ("patient", "subject", "beneficiary")
"""Search parameters that name the patient, the best first."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a server says of itself.

    Attributes:
        version: of FHIR, e.g. "4.0.1".
        searches: the search parameters of each kind that it lists; it may serve others, too.
        granted: the kinds that who asks may read; None if that is for the server to say.
    """

    version: str = ""
    searches: Mapping[str, frozenset[str]] = field(default_factory=dict)
    granted: frozenset[str] | None = None

    def lists(self, kind: str, name: str) -> bool:
        """Tell whether a server says that it can search a kind by a parameter."""
        return name in self.searches.get(kind, ())

    def permit(self, kind: str) -> None:
        """Let a kind be asked for.

        Raises:
            NotServed: the server does not list it, and who asks may not read it.
            Denied: who asks may not read it.
        """
        if self.granted is None or kind in self.granted:
            return
        raise (
            Denied("not granted") if kind in self.searches or not self.searches else NotServed("not granted")
        )

    def owner_of(self, kind: str) -> str:
        """Return the search parameter for the patient of a kind, "" if there is none."""
        known = self.searches.get(kind) or frozenset(OWNERS)
        return next((name for name in OWNERS if name in known), "")


def read(statement: Mapping[str, Any]) -> Capability:
    """Read a CapabilityStatement."""
    rest = next((r for r in _dicts(statement.get("rest")) if r.get("mode", "server") == "server"), {})
    searches = {
        str(listed["type"]): frozenset(str(p.get("name")) for p in _dicts(listed.get("searchParam")))
        for listed in _dicts(rest.get("resource"))
        if listed.get("type")
    }
    return Capability(str(statement.get("fhirVersion") or ""), searches)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
