"""What is asked for at a launch, and what was granted -> the kinds of resource that may be read.

https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html, in the syntax of version 2
(`patient/Observation.rs?category=laboratory`) and of version 1 (`patient/Observation.read`).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tools.sources.live.chart import READ

SHARED = ("Practitioner", "PractitionerRole", "Organization", "Location", "Medication")
"""Kinds that a record names and that belong to nobody."""
KINDS = ("Patient", *READ, *SHARED)
DEFAULT = tuple(f"patient/{kind}.rs" for kind in KINDS)
_SCOPE = re.compile(
    r"(?:patient|user)/(?P<kind>\*|[A-Za-z]+)\.(?P<may>[a-z*]+)(?:\?(?P<only>[\w.,:/=&|%-]{1,200}))?",
    re.ASCII,
)
_SYSTEM = re.compile(r"=[^=&|]*\|")
_OLD = {"read": "rs", "write": "cud", "*": "cruds"}


@dataclass(frozen=True, slots=True)
class Granted:
    """What may be read.

    Attributes:
        kinds: that may be read, whole or in part; None is all.
        parts: of those that may be read in part only, which parts, e.g. "category=laboratory".
    """

    kinds: frozenset[str] | None = None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def patient(self) -> bool:
        """Tell whether the patient may be read: without that there is no record."""
        return self.kinds is None or "Patient" in self.kinds


def asked(scopes: Collection[str], capabilities: Collection[str], *, launched: bool) -> str:
    """Return the scopes to ask for.

    Args:
        scopes: those registered; without any, all that a record consists of, for as long as the session lasts.
        capabilities: of the server.
        launched: whether a record system opened the page, or a person did, who then chooses the patient.

    >>> asked(["patient/Goal.rs"], [], launched=True)
    'launch openid fhirUser patient/Goal.rs'
    >>> asked(["patient/Goal.rs"], ["permission-v1"], launched=False)
    'launch/patient openid fhirUser patient/Goal.read'
    """
    first = ("launch" if launched else "launch/patient", "openid", "fhirUser")
    lasting = next(
        (f"{how}_access" for how in ("online", "offline") if f"permission-{how}" in capabilities), ""
    )
    wanted = scopes or (*DEFAULT, *filter(None, [lasting]))
    if "permission-v1" in capabilities and "permission-v2" not in capabilities:
        wanted = [re.sub(r"\.rs$", ".read", scope) for scope in wanted]
    return " ".join(dict.fromkeys((*first, *wanted)))


def granted(scope: str) -> Granted:
    """Read what a token may do; only searching counts, but for the patient, who is read.

    >>> sorted(granted("launch patient/Observation.rs patient/Condition.r patient/Patient.r").kinds)
    ['Observation', 'Patient']
    >>> granted("patient/Observation.rs?category=http://example.org/kinds|laboratory").parts
    {'Observation': ('category=laboratory',)}
    """
    whole, parts = set[str](), dict[str, list[str]]()
    for found in filter(None, map(_SCOPE.fullmatch, scope.split())):
        for kind in _readable(found["kind"], _OLD.get(found["may"], found["may"])):
            if not found["only"]:
                whole.add(kind)
            elif kind != "*":
                parts.setdefault(kind, []).append(_SYSTEM.sub("=", found["only"]))
    in_part = {kind: tuple(only) for kind, only in parts.items() if kind not in whole and "*" not in whole}
    return Granted(None if "*" in whole else frozenset(whole | in_part.keys()), in_part)


def _readable(kind: str, may: str) -> tuple[str, ...]:
    """Return the kinds that a scope lets be read."""
    if kind == "*" and "r" in may and "s" in may:
        return ("*", *KINDS)
    if kind == "*":
        return ("Patient",) if "r" in may else tuple(k for k in KINDS if k != "Patient") if "s" in may else ()
    return (kind,) if ("r" if kind == "Patient" else "s") in may else ()
