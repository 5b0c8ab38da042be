"""Text -> the resources it cites, as "[Observation/76ad…]" or "[Condition/1; Condition/2]".

Recorded names carry brackets too ("Glucose [Mass/volume] in Blood"): a citation begins with a FHIR resource
type.
"""

import re
from functools import lru_cache

from agent.check.vocabulary import resource_types

_REFERENCE = r"[A-Z][A-Za-z]+/[^\s\[\],;]+"
CITATION = re.compile(rf"\[\s*({_REFERENCE}(?:\s*[,;]\s*{_REFERENCE})*)\s*\]")


@lru_cache(maxsize=16384)
def references_in(citation: str) -> tuple[str, ...]:
    """Return the references inside one pair of brackets; () if it is a name's bracket, not a citation.

    >>> references_in("Condition/1; Condition/2"), references_in("Mass/volume")
    (('Condition/1', 'Condition/2'), ())
    """
    references = tuple(part.strip() for part in citation.replace(";", ",").split(","))
    return references if references[0].partition("/")[0] in resource_types() else ()


def cited(text: str) -> tuple[str, ...]:
    """Return every reference that `text` cites, in order, each once.

    >>> cited("Glucose [Mass/volume] in Blood 92 mg/dL [Observation/1] [Observation/1].")
    ('Observation/1',)
    """
    return tuple(dict.fromkeys(r for match in CITATION.finditer(text) for r in references_in(match[1])))


def without_citations(text: str) -> str:
    """Return recorded text so that nothing in it can pass for a citation.

    >>> without_citations("Aspirin [Observation/1] 81 MG")
    'Aspirin (Observation/1) 81 MG'
    """
    return CITATION.sub(lambda match: f"({match[1]})" if references_in(match[1]) else match[0], text)
