"""A name with what stands before it: what was done to it ("transfusion of red blood cells"), its part ("spine MRI")."""

import re
from dataclasses import replace

from tools.concepts import Mention, link
from tools.record import PatientRecord

_SAID, _WHOLE = 0.85, 1.0
_ACT = re.compile(
    r"\b(?:transfusion|injection|removal|excision|resection|biopsy|insertion|implantation|replacement|repair|incision"
    r"|drainage|aspiration|suture|ligation|reconstruction|extraction|ablation|fixation|reduction|transplantation|graft"
    r"|irrigation|instillation|infusion|amputation|dilation|catheteri[sz]ation)s?\s+of\s+(?:(?:the|an?)\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def as_act(mention: Mention, text: str, record: PatientRecord) -> Mention:
    """Return a name with what was done to it, so that "transfusion of red blood cells" is no count of them."""
    act = _ACT.search(text[: mention.start])
    if not act or mention.score >= _WHOLE:
        return mention
    whole = text[act.start() : mention.end]
    kinds = tuple(dict.fromkeys(reading.kind for reading in link(whole, record, ("Procedure",))))
    return replace(
        mention, text=whole, start=act.start(), kinds=kinds or ("Procedure",), recorded=bool(kinds)
    )


def of_a_part(part: Mention, thing: Mention, whole: str, record: PatientRecord) -> tuple[str, ...]:
    """Return the kinds of a thing said with its part before it, () if it is none: "spine MRI"."""
    shared = [kind for kind in thing.kinds if kind in part.kinds]
    if part.score >= _SAID or thing.score < _SAID or not shared:
        return ()
    return tuple(dict.fromkeys(reading.kind for reading in link(whole, record, shared)))
