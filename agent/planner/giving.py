"""Whether to give a drug is advice -> what is recorded of it all the same: allergies to it or to its class, its use.

Where no allergy to it is recorded, every allergy is shown: which drugs cross-react is not for this program to say.
"""

from agent.planner.sentence import Sentence
from tools.calls.catalogue import Call, same
from tools.concepts import classes_of, link
from tools.record import PatientRecord

_ALLERGIES = ("AllergyIntolerance",)
_ALL = Call("find", {"kind": "allergy"})
_DRUGS = frozenset(
    {"MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"}
)


def about_giving(sentence: Sentence, record: PatientRecord) -> tuple[Call, ...]:
    """Return what to look up beside the advice that is not given; () if no giving or prescribing is asked about."""
    if not sentence.has("giving"):
        return ()
    named = [m.text for m in sentence.mentions if {*m.kinds} & (_DRUGS | {*_ALLERGIES})] or list(
        sentence.rest[:1]
    )
    calls = [call for name in named for call in _calls(name, record)] or [_ALL]
    return tuple({same(call): call for call in calls}.values())


def _calls(name: str, record: PatientRecord) -> list[Call]:
    """Return the call for the allergies to a drug, or else to its narrowest class that has any, and for its use."""
    known = (said for said in (name, *classes_of(name)) if link(said, record, _ALLERGIES))
    allergy = next((Call("find", {"kind": "allergy", "concept": said}) for said in known), _ALL)
    return [allergy, Call("find", {"kind": "medication", "concept": name})]
