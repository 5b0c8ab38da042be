"""An answer -> a FHIR R4 Provenance: who asked about whom, what it was made from, by which model and prompts.

https://hl7.org/fhir/R4/provenance.html. The program assembled the answer on behalf of the caller, who is named as the
one who entered the question and not as an author: a clinician does not answer for what a program wrote.
"""

from datetime import datetime
from functools import cache

from agent.answer import Answer
from agent.cli.version import version
from agent.prompts.version import prompt_version
from portal.caller import Caller
from portal.trail.parts import JSON, SOFTWARE, coding, identified, instant, period, person, resource

_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_ASSEMBLER = {"coding": [coding(_PARTICIPANT, "assembler", "Assembler")]}
_ENTERER = {"coding": [coding(_PARTICIPANT, "enterer", "Enterer")]}
_CREATED = {"coding": [coding("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE", "create")]}


def provenance(
    id: str, caller: Caller, question: str, answer: Answer, began: datetime, ended: datetime, server: str = ""
) -> JSON:
    """Return where an answer comes from.

    Args:
        id: of the Provenance.
        caller: who asked.
        question: id of the question, which is that of the answer.
        answer: as it was given.
        began: when answering began.
        ended: when it was done.
        server: base URL of the records, "" for files.
    """
    who = person(caller)
    cited = (citation.reference for citation in answer.citations)
    sources = dict.fromkeys((answer.patient, *answer.evidence, *cited))
    return {
        "resourceType": "Provenance",
        "id": id,
        "contained": [_assistant(answer)],
        "target": [{**identified(question), "display": "answer"}],
        "occurredPeriod": period(began, ended),
        "recorded": instant(ended),
        "activity": _CREATED,
        "agent": [
            {"type": _ASSEMBLER, "who": {"reference": "#assistant", "type": "Device"}, "onBehalfOf": who},
            {"type": _ENTERER, "who": who},
        ],
        "entity": [{"role": "source", "what": resource(reference, server)} for reference in sources],
    }


def _assistant(answer: Answer) -> JSON:
    """The program that answered, as a Device with the versions of its parts."""
    parts = {"software": _version(), "model": answer.usage.model, "prompts": prompt_version()}
    return {
        "resourceType": "Device",
        "id": "assistant",
        "deviceName": [{"name": SOFTWARE, "type": "model-name"}],
        "version": [{"type": {"text": part}, "value": value} for part, value in parts.items()],
    }


@cache
def _version() -> str:
    return version()
