"""The form of what a model writes: a JSON schema, the way back from JSON to a draft, and what of it can be heard early.

The schema keeps to what vLLM, SGLang, llama.cpp and the local grammar all read. Numbers are those of the facts as the
prompt shows them. Left out: whether the draft is supported (the check).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

from langchain_core.utils.json import parse_partial_json
from pydantic import BaseModel, Field, ValidationError

from agent.check.citations import cited
from agent.check.recorded import visible
from agent.choices import Choice
from agent.findings import Assessment, Claim, Draft, Finding, Relation, citing, joined
from agent.models.failures import ModelFailure
from agent.models.schemas import closed_object
from agent.prompts.writing import cite
from tools.calls.evidence import Fact

MOST_FINDINGS, MOST_ASSESSED, MOST_FACTS, MOST_CLAIMS = 12, 6, 24, 6
"""Findings, sentences of the assessment, facts of a finding or claim, and claims of a finding."""
_NO_DRAFT = (
    'The model gave no findings: expected JSON like {"findings": [{"says": "Not recorded.", "facts": []}]}.'
)
_NUMBERS = r"\d{1,3}(?:\s*[-–]\s*\d{1,3})?"
_NUMBERED = re.compile(
    rf"\s*\[\s*(?:(?:facts?|findings?)\s+)?{_NUMBERS}(?:\s*[,;]\s*{_NUMBERS})*\s*\]", re.IGNORECASE
)
"""Numbers of findings that a sentence carries though they have a place of their own."""
_RELATIONS: Mapping[str, Relation] = {relation: relation for relation in get_args(Relation)}
_HEARD = 20_000
"""Characters of JSON that are heard while they are written."""
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 999}


def draft_schema(choices: Sequence[Choice] = (), *, assess: bool = True) -> dict[str, Any]:
    """Return the JSON schema of a draft.

    Args:
        choices: the options of a multiple-choice question; one may be chosen.
        assess: an assessment is wanted.
    """
    text = {"type": "string"}
    facts = {"type": "array", "maxItems": MOST_FACTS, "items": _NUMBER}
    claim = closed_object({"is": {"enum": list(get_args(Relation))}, "of": facts})
    claims = {"type": "array", "maxItems": MOST_CLAIMS, "items": claim}
    finding = closed_object({"says": text, "facts": facts, "claims": claims})
    form: dict[str, Any] = {"findings": {"type": "array", "maxItems": MOST_FINDINGS, "items": finding}}
    if assess:
        assessed = closed_object({"says": text, "from": facts})
        form["assessment"] = {"type": "array", "maxItems": MOST_ASSESSED, "items": assessed}
    form["lacking"] = text
    if choices:
        form["option"] = {"enum": ["", *(choice.letter for choice in choices)]}
    return {"title": "findings", **closed_object(form)}


class _Claim(BaseModel):
    relation: str = Field("", alias="is")
    of: list[int] = []


class _Finding(BaseModel):
    says: str = ""
    facts: list[int] = []
    claims: list[_Claim] = []


class _Assessed(BaseModel):
    says: str = ""
    of: list[int] = Field([], alias="from")


class _Draft(BaseModel):
    findings: list[_Finding] = []
    assessment: list[_Assessed] | None = None
    lacking: str = ""
    option: str = ""


def read_draft(text: str, facts: Sequence[Fact], *, cut: bool = False) -> Draft:
    r"""Return the draft in what a model wrote.

    A number without a fact stays in the text as it is, for the check to refuse.

    Args:
        text: JSON, also in a fence or with words before it.
        facts: as the prompt numbered them; number 1 is the first.
        cut: the text ran into the limit of tokens: what was not finished is left out.

    >>> read_draft('{"findings": [{"says": "It was 6.4 %.", "facts": [1]}]}', [Fact("A1c 6.4 %", "Observation/1")]).text
    'It was 6.4 % [Observation/1].'

    Raises:
        ModelFailure: there is none in it, or it says nothing.
    """
    try:
        told = _Draft.model_validate(_parsed(text))
    except ValidationError:
        raise ModelFailure("nonsense", _NO_DRAFT) from None
    if cut and told.assessment:
        told.assessment.pop()
    elif cut and told.findings:
        told.findings.pop()
    findings = [_finding(each, facts) for each in told.findings]
    if not any(finding.text for finding in findings) and not told.lacking.strip():
        raise ModelFailure("nonsense", _NO_DRAFT)
    return Draft(
        text=joined(finding.text for finding in findings if finding.text),
        findings=tuple(finding for finding in findings if finding.text),
        assessment=tuple(_assessed(each, findings) for each in told.assessment or () if each.says.strip()),
        lacking=_line(told.lacking),
        option=told.option,
        said=text,
    )


def aloud(hear: Callable[[str], None]) -> Callable[[str], None]:
    """Return what hears JSON piece by piece and lets `hear` hear the sentences of its findings.

    >>> heard = []
    >>> hearing = aloud(heard.append)
    >>> for piece in ('{"findings": [{"says": "It ', 'was 6.4 %.", "facts": [1]}, {"says": "No', ' more."}]'):
    ...     hearing(piece)
    >>> heard
    ['It', ' was 6.4 %. No', ' more.']
    """
    read, told = "", 0

    def hearing(piece: str) -> None:
        nonlocal read, told
        read += piece
        if len(read) > _HEARD:
            return
        findings = _dict(_parsed(read)).get("findings")
        said = [_dict(each).get("says") for each in findings] if isinstance(findings, list) else []
        text = " ".join(each for each in said if isinstance(each, str))
        hear(visible(text[told:]))
        told = max(told, len(text))

    return hearing


def _parsed(text: str) -> Any:
    """Return the JSON object in a text as far as it goes; None if there is none."""
    begin = text.find("{")
    try:
        return parse_partial_json(text[begin:].removesuffix("```").rstrip()) if begin >= 0 else None
    except (ValueError, RecursionError):
        return None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _finding(told: _Finding, facts: Sequence[Fact]) -> Finding:
    """Return a finding with those of its claims that say something of a fact."""
    known = [
        (_RELATIONS[each.relation], _of(each.of, facts))
        for each in told.claims
        if each.relation in _RELATIONS
    ]
    claims = tuple(Claim(relation, of) for relation, of in known if of)
    return Finding(_with_sources(told, facts), _of(told.facts, facts), claims)


def _assessed(told: _Assessed, findings: Sequence[Finding]) -> Assessment:
    references = [r for n in told.of if 0 < n <= len(findings) for r in cited(findings[n - 1].text)]
    return Assessment(_line(_NUMBERED.sub("", told.says)), tuple(dict.fromkeys(references)))


def _with_sources(told: _Finding, facts: Sequence[Fact]) -> str:
    """Return a sentence with its sources: where it names them itself, the rest before the stop that ends it."""
    body = cite(_line(told.says), [fact.reference for fact in facts])
    rest = [r for r in _references(told.facts, facts) if r not in cited(body)]
    strangers = [str(n) for n in told.facts if not 0 < n <= len(facts)]
    return citing(citing(body, rest), strangers)


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _of(numbers: Iterable[int], facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple(facts[n - 1] for n in numbers if 0 < n <= len(facts))


def _references(numbers: Iterable[int], facts: Sequence[Fact]) -> list[str]:
    return list(dict.fromkeys(fact.reference for fact in _of(numbers, facts)))
