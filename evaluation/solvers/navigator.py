"""The baseline that navigates: ask for the manifest, pick types, pick and summarise resources of each type, answer.

3 + 2N calls for N types, as in Google's notebook; the prompts are our own. It is kind to the pattern where the notebook
stumbles: what is picked is constrained to what there is, a pick that does not parse is no crash, all types are in the
manifest, all with their codes, and the patient is the right one whatever is said.
https://github.com/google-health/medgemma/blob/main/notebooks/ehr_navigator_agent.ipynb
"""

import re
from collections.abc import Sequence
from typing import Any

import orjson

from agent.prompts.data import as_data
from evaluation.solvers.raw import Piece
from evaluation.solvers.talk import Talk

NAME = "navigator"
_MOST = 40
"""Names in one pick."""
_JSON = re.compile(r"\{.*\}|\[.*\]", re.DOTALL)
_CALL = {
    "type": "object",
    "properties": {
        "name": {"enum": ["get_patient_data_manifest"]},
        "args": {
            "type": "object",
            "properties": {"patient_id": {"type": "string", "maxLength": 80}},
            "required": ["patient_id"],
            "additionalProperties": False,
        },
    },
    "required": ["name", "args"],
    "additionalProperties": False,
}


def navigator(talk: Talk) -> str:
    """Return what the model says in the end.

    Raises:
        ModelFailure: the model said nothing, or could not be asked.
    """
    talk.say("select", "navigator_manifest", {}, _CALL)
    picks = [(kind, _tags(talk, kind)) for kind in _kinds(talk)]
    facts = [_summary(talk, kind, tags) for kind, tags in picks]
    return talk.say_with("answer", "navigator_answer", facts, {})


def _kinds(talk: Talk) -> list[str]:
    held = talk.raw.kinds
    said = talk.say_about("select", "navigator_types", held, _form("types", held, least=1))
    return _picked(said, held)


def _tags(talk: Talk, kind: str) -> list[str]:
    tags = talk.raw.tags(kind)
    schema = _form("filter", tags) if tags else None
    return _picked(talk.say_about("select", "navigator_select", [kind], schema), tags)


def _summary(talk: Talk, kind: str, tags: Sequence[str]) -> Piece:
    resources = talk.raw.resources(kind, tags)
    said = as_data(talk.say_with("summarise", "navigator_summarise", resources, {"kind": kind}))
    return Piece(said, talk.model.count(said) + 1)


def _form(name: str, allowed: Sequence[str], least: int = 0) -> dict[str, Any]:
    """Return the JSON schema of an object with one list of what is allowed."""
    most = min(len(allowed), _MOST)
    listed = {"type": "array", "items": {"enum": list(allowed)}, "minItems": least, "maxItems": most}
    return {"type": "object", "properties": {name: listed}, "required": [name], "additionalProperties": False}


def _picked(said: str, allowed: Sequence[str]) -> list[str]:
    """Return what is named and allowed, each once: of a JSON object or list, whatever stands around it."""
    found = _JSON.search(said)
    try:
        told = orjson.loads(found[0]) if found else []
    except orjson.JSONDecodeError:
        return []
    lists = told.values() if isinstance(told, dict) else [told]
    named = [name for each in lists if isinstance(each, list) for name in each]
    return [name for name in allowed if name in named]
