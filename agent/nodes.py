"""The nodes and routers of the state machine: `State` -> what changes, `State` -> where to go.

A node is a verb; patient, clock, planner and writer come through `runtime.context`. Each node reports what it
did as `Step`s to whoever streams the run.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agent.askable import askable
from agent.check import check_assessment, check_draft, check_option, with_sources
from agent.choices import Choice, given_choice, split
from agent.choosing import Computed, choose, computed, settled
from agent.context import Brief, Context, Replanner, Writer
from agent.findings import Draft, joined, without
from agent.models.failures import ModelFailure
from agent.pictures import asked_for
from agent.plan import Plan
from agent.prompts.writing import LARGEST
from agent.reading import Reader
from agent.state import Checked, State, Turn, Update
from agent.wording import narrowed_to, within
from agent.writer import BuiltinWriter
from agent.writer.holding import hold_findings
from tools.calls.catalogue import Call
from tools.calls.errors import ToolFailure, WrongPatient
from tools.calls.evidence import Evidence
from tools.calls.program import added, faults, in_order, named, run_call
from tools.record import PatientRecord

ROUNDS = 3
"""One plan, and more evidence twice at most."""
DRAFTS = 2
"""One draft, and one more with what was not supported; then the built-in wording."""
CALLS = 5
"""How often the model is asked for one question, at most."""
PROMPTS = 8_000
"""Tokens of the prompts of one question, beyond which nothing more is asked of the model."""

TURNS = 3
"""Questions and answers that a conversation shows to whoever plans the next."""

StepName = Literal[
    "scope", "plan", "call", "facts", "writing", "thinking", "text", "check", "answer", "ask back", "trouble"
]
_NEVER_RECORDED = ("not in a record", "another patient", "opinion")
"""What is declined as no record says it; of a multiple choice "not recorded" is then the answer."""
_READER, _BUILTIN = Reader(), BuiltinWriter()


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened in a run, as it happens.

    Attributes:
        name: what happened; "writing" is a piece of a draft before it is checked.
        data: JSON-able; for "answer" the `Answer` itself.
    """

    name: StepName
    data: Any


def scope(state: State, runtime: Runtime[Context]) -> Update:
    """Bind the run to patient and clock, and clear what the turn before left.

    Raises:
        WrongPatient: the conversation is about another patient.
    """
    record = runtime.context.record
    bound = state.get("patient", record.reference)
    if bound != record.reference:
        raise WrongPatient(
            f"This conversation is about {bound}, not about {record.reference}: begin another conversation."
        )
    now = record.now.isoformat()
    runtime.stream_writer(Step("scope", {"patient": record.reference, "now": now}))
    asked, choices = split(state["question"])
    fresh: Update = {"reply": "", "rounds": 0, "evidence": (), "failures": (), "draft": "", "drafts": 0}
    fresh |= {"refused": (), "unsupported": (), "choice": "", "trouble": "", "patient": record.reference}
    fresh |= {
        "checked": Checked(),
        "said": "",
        "seen": (),
        "asides": (),
        "findings": (),
        "assessment": None,
        "dropped": (),
        "lacking": "",
    }
    fresh["narrowed"] = record.scope.as_json()
    return {**fresh, "now": now, "asked": asked, "choices": choices, "turns": _turns(state)}


def plan(state: State, runtime: Runtime[Context]) -> Update:
    """Decide which tools to call, whom to ask back, or what to decline."""
    context, rounds, trouble = runtime.context, state.get("rounds", 0), state["trouble"]
    try:
        decision = _decided(state, context)
    except ModelFailure as failure:
        trouble = str(failure)
        runtime.stream_writer(Step("trouble", trouble))
        decision = (
            state["decision"] if rounds else _READER.plan(_heard(state), context.record, _before(state))
        )
    decision = settled(decision, state["choices"], context.record)
    if decision.thought:
        runtime.stream_writer(Step("thinking", decision.thought))
    decision = replace(decision, calls=named(decision.calls), thought="")
    runtime.stream_writer(Step("plan", plan_steps(decision)))
    if asks(decision, context):
        runtime.stream_writer(
            Step("ask back", {"question": decision.ask_back, "options": list(decision.options)})
        )
    told: Update = {"decision": decision, "frame": dict(decision.frame), "rounds": rounds + 1}
    return {**told, "trouble": trouble}


def ask_back(state: State, runtime: Runtime[Context]) -> Update:
    """Stop until the user has chosen between readings; a number chooses an option."""
    decision = state["decision"]
    reply = str(interrupt({"question": decision.ask_back, "options": list(decision.options)})).strip()
    if reply.isdecimal() and 0 < int(reply) <= len(decision.options):
        reply = decision.options[int(reply) - 1]
    return {"reply": reply, "rounds": 0}


def retrieve(state: State, runtime: Runtime[Context]) -> Update:
    """Run the calls, each after those on which it builds; those of an earlier round run again without being told."""
    calls, known = state["decision"].calls, {e.id for e in state["evidence"]}
    wrong = faults(calls)
    found: dict[str, Evidence] = {}
    failures = {call_id: str(fault) for call_id, fault in wrong.items()}
    for call in in_order([call for call in calls if call.id not in wrong], given=wrong):
        try:
            found[call.id] = run_call(call, runtime.context.record, found)
        except ToolFailure as failure:
            failures[call.id] = str(failure)
        else:
            _tell(found[call.id], runtime, known)
    evidence = (replace(found[call.id], result=None) for call in calls if call.id in found)
    return {"evidence": tuple(evidence), "failures": tuple(failures[c.id] for c in calls if c.id in failures)}


def write(state: State, runtime: Runtime[Context]) -> Update:
    """Word the answer; after two drafts without support the built-in wording is given."""
    context, drafts = runtime.context, state["drafts"]
    may_write = drafts < DRAFTS and not state["trouble"] and _calls_left(context) > 0
    writer = context.writer if may_write else None
    brief = _brief(state, context.record)
    written: Update = {"trouble": state["trouble"]}
    built_in = writer is None
    try:
        draft = _drafted(brief, writer, runtime) if writer else Draft(_BUILTIN.write(brief))
    except ModelFailure as failure:
        runtime.stream_writer(Step("trouble", str(failure)))
        draft, built_in, written["trouble"] = Draft(_BUILTIN.write(brief)), True, str(failure)
    chosen = draft.option or (_kept_choice(state) if built_in else "")
    text, choice = _worded(state, context.record, (draft.text, *draft.asides), chosen)
    runtime.stream_writer(Step("text", text))
    written |= {"draft": text, "said": draft.said, "findings": draft.findings, "assessment": draft.assessment}
    written |= {"asides": draft.asides, "seen": draft.seen}
    written["refused"] = state["unsupported"] if built_in else ()
    lacking = draft.lacking if _may_look_again(state, context) else ""
    drafts = 0 if lacking else drafts + 1
    return {**written, "choice": choice, "built_in": built_in, "drafts": drafts, "lacking": lacking}


def check(state: State, runtime: Runtime[Context]) -> Update:
    """Hold every statement of the draft against the evidence and the patient's record."""
    record, failures = runtime.context.record, state["failures"]
    draft, option = state["draft"], next((c for c in state["choices"] if c.letter == state["choice"]), None)
    if option:
        draft = draft.removeprefix(option.line).lstrip()
    left_out = state["decision"].left_out
    own = _askable(state, record)
    findings = state.get("findings", ())
    claims = [claim for finding in findings for claim in finding.claims]
    checked = check_draft(
        draft, state["evidence"], record, state["question"], failures, left_out, own, claims
    )
    told = _shown(state, runtime, checked)
    unsupported, found = told["unsupported"], "" if told["unsupported"] else told.get("draft", draft)
    if option and option != _computed(state, record):
        unsupported += check_option(option.text, state["evidence"], record, state["question"], found)
    shown = [{"text": u.text, "reason": u.reason} for u in unsupported]
    runtime.stream_writer(Step("check", {"supported": not unsupported, "unsupported": shown}))
    assessment = state.get("assessment")
    dropped = check_assessment(
        assessment or (), state["evidence"], record, state["question"], seen=state.get("seen", ())
    )
    if assessment is not None:
        kept = without(assessment, (each.text for each in dropped))
        assessment = (*(told.get("assessment") or ()), *kept)
    return {**told, "unsupported": unsupported, "assessment": assessment, "dropped": dropped}


def _brief(state: State, record: PatientRecord) -> Brief:
    return Brief(
        question=state["asked"],
        plan=state["decision"],
        evidence=state["evidence"],
        failures=state["failures"],
        holds=tuple(record.counts),
        deceased=record.patient.deceased,
        said=state.get("said", ""),
        unsupported=state["unsupported"],
        choices=state["choices"],
        scope=record.scope,
        askable=_askable(state, record),
        pictures=asked_for(state["decision"].answers(state["evidence"]), record),
    )


def _shown(state: State, runtime: Runtime[Context], checked: Checked) -> Update:
    """Return what of a checked draft is shown: as worded, with what code tells in its place, or nothing of it."""
    findings, stands = state.get("findings", ()), replace(checked, unsupported=())
    if not findings:
        return {"unsupported": checked.unsupported, "checked": stands}
    record = runtime.context.record
    held = hold_findings(findings, checked, _brief(state, record), record)
    if held.wrong and state["drafts"] < DRAFTS and _calls_left(runtime.context) > 0:
        return {"unsupported": held.wrong, "checked": stands}
    answers = state["decision"].answers(state["evidence"])
    if not held.findings or (held.only_facts and len(answers) == 1):
        refused = tuple(dict.fromkeys((*held.wrong, *held.reworded)))
        return {"unsupported": refused, "checked": stands, "drafts": DRAFTS}
    told: Update = {"unsupported": (), "checked": stands}
    if held.wrong or held.reworded:
        parts = (joined(finding.text for finding in held.findings), *state["asides"])
        text, _ = _worded(state, record, parts, state["choice"])
        runtime.stream_writer(Step("text", text))
        lines = tuple(dict.fromkeys((*checked.recomputed, *held.recomputed)))
        told |= {"draft": text, "findings": held.findings, "refused": held.wrong}
        told["checked"] = replace(stands, recomputed=lines, reworded=held.reworded, undecided=())
        told["assessment"] = held.concluded
    return told


def after_plan(state: State, runtime: Runtime[Context]) -> Literal["ask_back", "retrieve", "write", "check"]:
    """Ask when two readings are equally good and someone can reply; retrieve while a call waits.

    With nothing new for what the writer lacked, its draft stands.
    """
    if asks(state["decision"], runtime.context):
        return "ask_back"
    answered = {e.id for e in state["evidence"]}
    if any(call.id not in answered for call in state["decision"].calls):
        return "retrieve"
    return "check" if state.get("lacking", "") else "write"


def after_retrieve(state: State, runtime: Runtime[Context]) -> Literal["plan", "write"]:
    """Plan again where the model that planned lacks something, or asked to see this first, and a round remains."""
    decision = state["decision"]
    lacking = state["failures"] or not any(e.outcome == "found" for e in state["evidence"])
    can = decision.by == "model" and _may_look_again(state, runtime.context)
    return "plan" if (lacking or decision.more) and can else "write"


def after_write(state: State) -> Literal["plan", "check"]:
    """Look for what the writer lacks, if it may be looked for."""
    return "plan" if state.get("lacking", "") else "check"


def after_check(state: State) -> Literal["write", "__end__"]:
    """Write again while the writer's draft says what the evidence does not support."""
    return "write" if state["unsupported"] and not state["built_in"] else "__end__"


def asks(decision: Plan, context: Context) -> bool:
    """Tell whether a clarifying question is due: nobody to reply means the best reading is answered."""
    return bool(decision.ask_back) and (context.can_reply or not decision.calls)


def _may_look_again(state: State, context: Context) -> bool:
    """Tell whether more may be looked for: a planner can, and rounds and calls of the model remain for it."""
    can = isinstance(context.planner, Replanner) and not state["decision"].decline and not state["trouble"]
    return can and state["rounds"] < ROUNDS and _calls_left(context) > 1


def _calls_left(context: Context) -> int:
    """How often the model may still be asked: a plan needs one more for the words."""
    spent = context.meter.total
    return min(CALLS - spent.model_calls, (PROMPTS - spent.prompt_tokens) // LARGEST)


def plan_steps(decision: Plan) -> list[dict[str, Any]]:
    """Return the calls of a plan as JSON, the form in which an answer carries them."""
    answers = decision.meant
    return [
        {"id": call.id, "tool": call.tool, "arguments": dict(call.arguments), "answers": call.id in answers}
        for call in decision.calls
    ]


def _decided(state: State, context: Context) -> Plan:
    chosen = _chosen_reading(state)
    if chosen:
        return chosen
    planner, evidence, failures = context.planner, state["evidence"], state["failures"]
    if evidence + failures and isinstance(planner, Replanner):
        more = planner.replan(
            _heard(state), context.record, _before(state), evidence, failures, state.get("lacking", "")
        )
        return _with_calls_so_far(more, state["decision"], evidence)
    return planner.plan(_heard(state), context.record, _before(state))


def _chosen_reading(state: State) -> Plan | None:
    """Return the reading that the reply to "Which of these do you mean?" chose."""
    asked, reply = state.get("decision"), state.get("reply")
    if not reply or not asked or state["evidence"]:
        return None
    return next(
        (plan for plan, line in zip(asked.readings, asked.options, strict=False) if line == reply), None
    )


def _heard(state: State) -> str:
    return state.get("reply") or state["asked"]


def _before(state: State) -> dict[str, Any]:
    """What the question stands beside: the frame of the one before it, the last turns, and its options."""
    turns = [{"question": turn.question, "answer": turn.answer} for turn in state["turns"]]
    options = [choice.line for choice in state["choices"]]
    beside = {"turns": turns, "options": options}
    return {**state.get("frame", {}), **{name: told for name, told in beside.items() if told}}


def _turns(state: State) -> tuple[Turn, ...]:
    """The turns before this one: what is left in the state is the last of them."""
    last = (Turn(state["asked"], state["draft"]),) if state.get("draft") else ()
    return (*state.get("turns", ()), *last)[-TURNS:]


def _kept_choice(state: State) -> str:
    """The option that the model chose, where only its words beside it were refused."""
    option = next((each for each in state["choices"] if each.letter == state["choice"]), None)
    refused = [each.text for each in state["unsupported"]]
    return option.letter if option and refused and option.text not in refused else ""


def _worded(state: State, record: PatientRecord, parts: Sequence[str], chosen: str) -> tuple[str, str]:
    """The text of an answer and the letter of the option that it gives, "" if none."""
    text = "\n\n".join(parts)
    text, choice = given_choice(text, state["choices"], _computed(state, record), chosen)
    return _limited(text, state["evidence"], record), choice


def _drafted(brief: Brief, writer: Writer, runtime: Runtime[Context]) -> Draft:
    """The draft of a writer, told piece by piece while it is written."""

    def tell(name: StepName) -> Callable[[str], None]:
        return lambda piece: runtime.stream_writer(Step(name, piece)) if piece else None

    draft = writer.write(brief, tell("writing"), tell("thinking"))
    record = runtime.context.record
    if not draft.findings:
        return replace(draft, text=with_sources(draft.text, brief.evidence, record))
    findings = tuple(
        replace(each, text=with_sources(each.text, brief.evidence, record)) for each in draft.findings
    )
    return replace(draft, text=joined(each.text for each in findings), findings=findings)


def _limited(draft: str, evidence: Sequence[Evidence], record: PatientRecord) -> str:
    """The draft and what it is limited to, where the record was narrowed and more of it than the patient was asked."""
    kinds = {cover.kind for e in evidence for cover in e.coverage}
    if not record.scope or kinds == {"Patient"} or narrowed_to(record.scope) in draft:
        return draft
    return f"{draft}\n\n{within(record.scope)}"


def _askable(state: State, record: PatientRecord) -> tuple[str, ...]:
    """Return what could be asked instead of a question that was not understood."""
    decision = state["decision"]
    return () if decision.calls or decision.decline else askable(record)


def _computed(state: State, record: PatientRecord) -> Choice | None:
    """The option that says what was computed."""
    decision, evidence = state["decision"], state["evidence"]
    if not state["choices"] or (not evidence and not decision.decline):
        return None
    if decision.decline:
        return choose(state["choices"], Computed(())) if decision.decline in _NEVER_RECORDED else None
    told = computed(decision.answers(evidence), decision, record)
    unsure = decision.by == "model" or any(e.outcome == "unreadable" for e in evidence)
    if not told.values and unsure:
        return None  # "not recorded" would say more than is known, of a model's plan that it looked for the right thing
    return choose(state["choices"], told)


def _with_calls_so_far(more: Plan, before: Plan, evidence: Sequence[Evidence]) -> Plan:
    """The plan with what was answered so far and what is new in it; with nothing new the search is over."""
    so_far = tuple(Call(e.tool, e.arguments, e.id) for e in evidence)
    new, names = added(so_far, named(more.calls))
    if not new:
        return replace(before, calls=so_far, answer=_known(before.answer, so_far), more=False)
    answer = tuple(dict.fromkeys(names.get(each, each) for each in more.answer))
    return replace(more, calls=so_far + new, answer=_known(answer, so_far + new), frame=before.frame)


def _known(answer: Sequence[str], calls: Sequence[Call]) -> tuple[str, ...]:
    return tuple(each for each in answer if any(call.id == each for call in calls))


def _tell(evidence: Evidence, runtime: Runtime[Context], known: Container[str]) -> None:
    """Report a call and its facts, unless it was reported in an earlier round."""
    if evidence.id in known:
        return
    step = {"id": evidence.id, "tool": evidence.tool, "arguments": dict(evidence.arguments)}
    runtime.stream_writer(Step("call", {**step, "outcome": evidence.outcome}))
    facts = [{"text": fact.text, "reference": fact.reference} for fact in evidence.facts]
    runtime.stream_writer(Step("facts", {"facts": facts, "total": evidence.total}))
