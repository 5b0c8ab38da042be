"""The final state of a run -> `Answer`, the contract between the agent and everyone who asks.

`values` is the answer for machines, `answer` the text for people, `plan` can be run again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agent.check.citations import cited
from agent.kept import with_plan
from agent.plan import Decline, Plan
from agent.read_as import read_as
from agent.state import Checked, State, Unsupported
from agent.usage import Spent
from agent.values import Value, values_of
from agent.wording import within
from tools.calls.catalogue import Call
from tools.calls.evidence import Evidence
from tools.calls.program import run_plan
from tools.record import PatientRecord
from tools.record.scope import Scope

Outcome = Literal[
    "answered", "not recorded", "unreadable", "not understood", "declined", "asked back", "failed"
]  # fmt: skip
"""How a question ended: each is something else than the others, and nobody shows one as another."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Citation(_Frozen):
    """A resource that the text shows as a source."""

    reference: str
    display: str = ""
    date: str = ""


class Coverage(_Frozen):
    """What was looked at: `searched` resources of `kind` between the days of `span`."""

    kind: str
    searched: int
    span: tuple[str, str] | None = None
    problems: tuple[str, ...] = ()


class Assessed(_Frozen):
    """What the model concludes from the findings: its own words, which the record does not say.

    Only its numbers, days, units and names were held against the record. `text` names the findings' sources as an
    answer does; "" where the model concluded nothing.
    """

    text: str = ""
    citations: tuple[Citation, ...] = ()


class HowChecked(_Frozen):
    """What the check did: what it worked out again, what it found as quoted, what it could not decide.

    `reworded` are the model's sentences in whose place code tells their facts, each with what could not be followed.
    """

    recomputed: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()


class Narrowed(_Frozen):
    """What the reader narrowed the record to: FHIR resource types, first and last ISO day."""

    kinds: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


class Reading(_Frozen):
    """One way to read a question, and what it would be answered with: `values` and `plan` as an answer has them."""

    read_as: str
    values: tuple[Value, ...] = ()
    unit: str = ""
    plan: tuple["PlannedCall", ...] = ()


class PlannedCall(_Frozen):
    """One tool call, as it can be run again.

    Attributes:
        id: by which other calls refer to it.
        answers: its result is the answer, or a part of it; else other calls build on it.
    """

    id: str = ""
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    answers: bool = True


class Usage(_Frozen):
    """What the answer cost; `seconds` is wall time once the record is open.

    `stages` is the same for each node of the state machine; it is not part of the JSON.
    """

    model: str = "none"
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    stages: Mapping[str, Spent] = Field(default_factory=dict, exclude=True, repr=False)


class Answer(_Frozen):
    """The answer to one question about one patient.

    Attributes:
        values: true or false, numbers, names as recorded, ISO dates; empty when the record does not say.
        unit: of numeric values, as recorded; "" if they have none or several.
        citations: the sources that the text shows.
        evidence: every resource that carries the answer.
        scope: what the reader narrowed the record to, null if to nothing.
        coverage: what was searched, so that "none recorded", "could not be read" and "left out" differ.
        read_as: what the question was taken for, in one plain line; "" if it was not understood.
        sure: how likely this is what was asked, 0 to 1, calibrated; null where a model planned.
        readings: up to three ways to read a question of which the built-in planner is not sure, the likeliest first.
        outcome: how the question ended; what is shown of an answer derives from it.
            "answered": with a value, or with entries as they were asked for; "no" and 0 are answers.
            "not recorded": looked for, and not there.
            "unreadable": what might hold it could not be read, or was left out.
            "not understood": what of the question, `left_out` says, if that is known.
            "declined": no tool answers this, `declined` says why. "asked back": `ask_back` waits for a reply.
            "failed": it was understood, and could not be worked out.
        left_out: what of the question was not taken into account, in its words: beside an answer what it does not rest
            on, else what was not understood.
        abstained: the outcome is another than "answered".
        assessment: what the model concludes, apart from the answer; null where no model wrote, or none was wanted.
        grounded: every statement of `answer` is supported by the evidence, and nothing was left undecided.
        checked: how each statement was held against the evidence.
        unsupported: statements that were taken out because nothing supports them, with the reason.
        plan: the calls; `Assistant.replay` runs them again.
        declined: why no tool could answer, null if it was not declined.
        choice: the letter of a multiple-choice question's option, "" if there are none or none fits.
        fallback: why the built-in planner or writer stood in for the model, "" if none did.
        conversation: name of the conversation it belongs to, "" if none.
        ask_back: a question to the user, "" if none; `options` are the readings to choose from.
    """

    question: str
    patient: str
    now: str
    answer: str
    scope: Narrowed | None = None
    values: tuple[Value, ...] = ()
    unit: str = ""
    citations: tuple[Citation, ...] = ()
    evidence: tuple[str, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    read_as: str = ""
    sure: float | None = None
    readings: tuple[Reading, ...] = ()
    outcome: Outcome = "answered"
    left_out: tuple[str, ...] = ()
    abstained: bool = False
    assessment: Assessed | None = None
    grounded: bool = True
    checked: HowChecked = HowChecked()
    unsupported: tuple[str, ...] = ()
    plan: tuple[PlannedCall, ...] = ()
    usage: Usage = Usage()
    declined: Decline | None = None
    choice: str = ""
    fallback: str = ""
    conversation: str = ""
    ask_back: str = ""
    options: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _as_of_today(cls, told: Any) -> Any:
        return with_outcome(with_plan(told)) if isinstance(told, Mapping) else told


def with_outcome(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON of an answer with its outcome, which those that were kept before there was one lack."""
    known = "outcome" in told or "abstained" not in told
    return told if known else {**told, "outcome": _outcome_of_kept(told)}


def mark(outcome: Outcome) -> str:
    """Return the word with which a text for people begins, so that only an answer looks like one.

    >>> mark("not recorded"), mark("answered")
    ('[not recorded] ', '')
    """
    return "" if outcome == "answered" else f"[{outcome}] "


def compose(state: State, record: PatientRecord, usage: Usage, conversation: str = "") -> Answer:
    """Return the answer that a finished or interrupted run amounts to."""
    decision, every = state["decision"], state.get("evidence", ())
    evidence = decision.answers(every)
    text = state.get("draft", "") or " ".join(filter(None, (_asking(decision), within(record.scope))))
    values = _values(decision, evidence)
    outcome = _outcome(state, values)
    taken_out = (*state.get("refused", ()), *state.get("unsupported", ()), *state.get("dropped", ()))
    waiting = not state.get("draft")
    narrowed = record.scope.as_json()
    checked = state.get("checked", Checked())
    return Answer(
        question=state["question"],
        patient=record.reference,
        now=record.now.isoformat(),
        answer=text,
        scope=Narrowed(**narrowed) if narrowed else None,
        values=values,
        unit=_unit(evidence),
        citations=tuple(_citations(text, every, record)),
        evidence=tuple(dict.fromkeys([r for e in evidence for r in e.references])),
        coverage=tuple(_coverage(every)),
        read_as=read_as(decision.calls, decision.answer),
        sure=None if decision.sure is None else round(decision.sure, 3),
        readings=tuple(_readings(decision, record)),
        outcome=outcome,
        left_out=decision.left_out,
        abstained=outcome != "answered",
        assessment=_assessed(state, record),
        grounded=not state.get("unsupported") and not checked.undecided,
        checked=HowChecked(
            recomputed=checked.recomputed,
            quoted=checked.quoted,
            undecided=checked.undecided,
            reworded=_with_reasons(checked.reworded),
        ),
        unsupported=_with_reasons(taken_out),
        plan=tuple(_planned(decision)),
        usage=usage,
        declined=decision.decline,
        choice=state.get("choice", ""),
        fallback=state.get("trouble", ""),
        conversation=conversation,
        ask_back=decision.ask_back if waiting else "",
        options=decision.options if waiting else (),
    )


def _readings(decision: Plan, record: PatientRecord) -> Iterable[Reading]:
    """Yield the readings to choose from, each with what it would be answered with."""
    for each in decision.readings:
        evidence = each.answers(run_plan(each.calls, record))
        values = values_of(evidence, each.yes_no)
        told = read_as(each.calls, each.answer)
        yield Reading(read_as=told, values=values, unit=_unit(evidence), plan=tuple(_planned(each)))


def _planned(decision: Plan) -> Iterable[PlannedCall]:
    answers = decision.meant
    for call in decision.calls:
        yield PlannedCall(
            id=call.id, tool=call.tool, arguments=dict(call.arguments), answers=call.id in answers
        )


def _values(decision: Plan, evidence: Sequence[Evidence]) -> tuple[Value, ...]:
    """Return the machine's answer; none where the question is declined."""
    return () if decision.decline else values_of(evidence, decision.yes_no)


def _outcome(state: State, values: Sequence[Value]) -> Outcome:
    """Return how a question ended, the first that holds."""
    decision = state["decision"]
    evidence = decision.answers(state.get("evidence", ()))
    if not state.get("draft"):
        return "asked back"
    if decision.decline:
        return "declined"
    if not decision.calls:
        return "not understood"
    outcomes = {e.outcome for e in evidence}
    if values or "found" in outcomes:
        return "answered"
    if "unreadable" in outcomes:
        return "unreadable"
    return "not recorded" if evidence else "failed"


def _outcome_of_kept(told: Mapping[str, Any]) -> Outcome:
    """Return how a question ended whose kept answer says only whether something is claimed."""
    if told.get("ask_back"):
        return "asked back"
    if told.get("declined"):
        return "declined"
    if not told["abstained"]:
        return "answered"
    if not told.get("plan"):
        return "not understood"
    covers = told.get("coverage") or ()
    if any("not counted" not in problem for cover in covers for problem in cover.get("problems") or ()):
        return "unreadable"
    return "not recorded" if covers else "failed"


def plan_of(answer: Answer) -> Plan:
    """Return the plan of an answer, to run it again."""
    return replace(
        _plan_of(answer.plan, answer.values),
        sure=answer.sure,
        ask_back=answer.ask_back,
        options=answer.options,
        readings=tuple(_plan_of(each.plan, each.values) for each in answer.readings),
        decline=answer.declined,
        left_out=answer.left_out,
        by="model" if answer.sure is None else "reader",
    )


def _plan_of(steps: Sequence[PlannedCall], values: Sequence[Value]) -> Plan:
    return Plan(
        calls=tuple(Call(step.tool, step.arguments, step.id) for step in steps),
        answer=tuple(step.id for step in steps if step.answers and step.id),
        yes_no=bool(values) and all(isinstance(value, bool) for value in values),
    )


def scope_of(answer: Answer) -> Scope:
    """Return what the record was narrowed to for an answer."""
    return Scope.read(answer.scope.model_dump() if answer.scope else None)


def _unit(evidence: Sequence[Evidence]) -> str:
    units = {e.unit for e in evidence if e.values}
    return units.pop() if len(units) == 1 else ""


def _citations(text: str, evidence: Sequence[Evidence], record: PatientRecord) -> Iterable[Citation]:
    facts = {fact.reference: fact for e in reversed(evidence) for fact in reversed((*e.facts, *e.against))}
    for reference in dict.fromkeys(cited(text)):
        fact, entry = facts.get(reference), record.get(reference)
        if fact:
            yield Citation(reference=reference, display=fact.display, date=fact.date)
        elif entry:
            day = entry.start.day if entry.start else ""
            yield Citation(reference=reference, display=entry.display, date=day)
        else:
            yield Citation(reference=reference)


def _with_reasons(statements: Iterable[Unsupported]) -> tuple[str, ...]:
    return tuple(f"{each.text} ({each.reason})" for each in statements)


def _assessed(state: State, record: PatientRecord) -> Assessed | None:
    assessment = state.get("assessment")
    if assessment is None:
        return None
    text = " ".join(each.with_sources for each in assessment)
    return Assessed(text=text, citations=tuple(_citations(text, state["evidence"], record)))


def _coverage(evidence: Sequence[Evidence]) -> Iterable[Coverage]:
    for c in dict.fromkeys(c for e in evidence for c in e.coverage):
        yield Coverage(kind=c.kind, searched=c.searched, span=c.span, problems=c.problems)


def _asking(decision: Plan) -> str:
    if not decision.options:
        return decision.ask_back
    return f"{decision.ask_back} {' | '.join(decision.options)}"
