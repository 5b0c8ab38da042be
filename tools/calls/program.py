"""A plan's calls -> their evidence: references to other calls are checked before anything runs, then filled in.

A call may say that it is about what another found: `when` places it next to that, `of` reckons with it. Left out:
which calls answer a question (`agent`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

from tools.calls import catalogue
from tools.calls.catalogue import Call, same
from tools.calls.errors import BadArgument, Unsupported
from tools.calls.evidence import Evidence, Operand, Outcome
from tools.calls.operations import OPERATIONS, check_operands
from tools.calls.operations import gives as calculated
from tools.calls.results import TIMED, Item, Result, Type
from tools.entries.times import parse_when
from tools.finding import gives as giving
from tools.finding.further import with_more
from tools.finding.windows import beside
from tools.measuring import picks
from tools.record import PatientRecord
from tools.wording.telling_apart import marks
from tools.wording.words import number

NOW = "now"
"""The constant that stands for the clock's day."""
_ANY_DAY = date.min
"""The day that stands for the clock's where only the type of a constant matters."""


def run_plan(calls: Sequence[Call], record: PatientRecord) -> tuple[Evidence, ...]:
    """Run the calls of a plan, in the order in which they refer to one another.

    Args:
        calls: as planned; those without an id are called by their place, "a", "b" and so on.
        record: the patient's record, as of its own clock.

    Returns:
        The evidence of each call, in the order of the calls.

    Raises:
        ToolFailure: an argument or reference is wrong, or a call could not be served.
        RecordError: the record could not serve a call.
    """
    calls = named(calls)
    check(calls)
    found: dict[str, Evidence] = {}
    for call in in_order(calls):
        found[call.id] = run_call(call, record, found)
    return tuple(found[call.id] for call in calls)


def run(call: Call, record: PatientRecord) -> Evidence:
    """Run a call that refers to no other.

    Raises:
        ToolFailure, RecordError: as `run_plan`.
    """
    return run_plan((call,), record)[0]


def named(calls: Sequence[Call]) -> tuple[Call, ...]:
    """Return calls of which each has an id; one without is called by its place."""
    taken = {call.id for call in calls if call.id}
    free = (letter for letter in (*ascii_lowercase, *map("c{}".format, range(100))) if letter not in taken)
    return tuple(call if call.id else replace(call, id=next(free)) for call in calls)


def added(so_far: Sequence[Call], calls: Sequence[Call]) -> tuple[tuple[Call, ...], dict[str, str]]:
    """Return calls with ids that none so far has, without those that ask for the same, and which id became which."""
    taken = {call.id for call in so_far}
    free = tuple(replace(call, id="" if call.id in taken else call.id) for call in calls)
    fresh = named((*so_far, *free))[len(so_far) :]
    names = {old.id: new.id for old, new in zip(calls, fresh, strict=True)}
    known: dict[object, str] = {same(call): call.id for call in so_far}
    new: list[Call] = []
    for call in fresh:
        renamed = _renamed(call, names)
        other = known.setdefault(same(renamed), renamed.id)
        if other == renamed.id:
            new.append(renamed)
        names = {old: other if to == renamed.id else to for old, to in names.items()}
    return tuple(new), names


def _renamed(call: Call, names: Mapping[str, str]) -> Call:
    """Return a call whose references go by the new ids."""
    when, of, arguments = call.arguments.get("when"), call.arguments.get("of"), dict(call.arguments)
    if not references(call):
        return call
    if isinstance(when, Mapping):
        arguments["when"] = {**when, "of": names.get(when["of"], when["of"])}
    if isinstance(of, list | tuple):
        arguments["of"] = [names.get(each, each) if isinstance(each, str) else each for each in of]
    return replace(call, arguments=arguments)


def check(calls: Sequence[Call]) -> None:
    """Refuse calls of which one has a wrong argument, or refers to what there is not, to itself, or to a wrong type.

    Raises:
        BadArgument: names the call, the reference and what was expected.
    """
    for fault in faults(calls).values():
        raise fault


def faults(calls: Sequence[Call]) -> dict[str, BadArgument]:
    """Return what is wrong with calls before they run, by the id of the call."""
    known = {call.id: call for call in calls}
    found: dict[str, BadArgument] = {}
    for call in calls:
        try:
            if sum(other.id == call.id for other in calls) > 1:
                raise BadArgument("id", call.id, "a name of its own for each call", "b")
            catalogue.check(call)
            _check_known(call, known)
        except BadArgument as fault:
            found[call.id] = fault
    able = {call.id: call for call in in_order(calls)}
    for call in calls:
        if call.id not in able and call.id not in found and known.keys() >= set(references(call)):
            wish = "calls that do not wait for one another"
            found[call.id] = BadArgument(f"{call.tool} {call.id}: of", call.id, wish, "a, then b of a")
    for call in able.values():
        try:
            if call.id not in found:
                _check_types(call, able)
        except BadArgument as fault:
            found[call.id] = fault
    return found


def references(call: Call) -> tuple[str, ...]:
    """Return the ids of the calls to which a call refers."""
    when, of = call.arguments.get("when"), call.arguments.get("of")
    found = [when["of"]] if isinstance(when, Mapping) and _is_id(when.get("of")) else []
    found += (
        [each for each in of if _is_id(each)] if isinstance(of, Sequence) and not isinstance(of, str) else []
    )
    return tuple(dict.fromkeys(found))


def answering(calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the ids of the calls to which no other refers: what a plan answers with unless it says otherwise."""
    referred = {reference for call in calls for reference in references(call)}
    return tuple(call.id for call in calls if call.id not in referred)


def in_order(calls: Sequence[Call], given: Iterable[str] = ()) -> Iterator[Call]:
    """Yield the calls, each after those to which it refers; those that wait for one another are left out.

    Args:
        calls: each with its id.
        given: ids of calls for which none has to wait.
    """
    done = set(given)
    waiting = list(calls)
    while ready := [call for call in waiting if done.issuperset(references(call))]:
        yield from ready
        done.update(call.id for call in ready)
        waiting = [call for call in waiting if call not in ready]


def run_call(call: Call, record: PatientRecord, found: Mapping[str, Evidence]) -> Evidence:
    """Run one call with what those that it refers to have found.

    A call that is to be next to something that was not found abstains, and says so.

    Raises:
        Unsupported: a call to which it refers failed.
        ToolFailure: as the tool raises it.
    """
    for reference in references(call):
        if reference not in found:
            raise Unsupported(
                f"{call.tool} {call.id}: {reference}, on which it builds, could not be answered."
            )
    arguments, place = catalogue.check(call), None
    if "when" in arguments and arguments["when"] is not None:
        when = arguments["when"]
        anchor = found[when.of] if _is_id(when.of) else _operand(when.of, record, found).evidence
        place = (
            beside(when.relation, when.of, when.within, anchor.result, _called(anchor, when.of), record)
            if anchor.result
            else None
        )
        if place is None or (when.relation == "after end" and place.endless):
            return _without_anchor(call, when.relation, anchor, place.endless if place else "")
        arguments["when"] = place
    if call.tool == "calculate":
        arguments["of"] = _told_apart([_operand(each, record, found) for each in arguments["of"]])
    evidence = catalogue.tool_function(call.tool)(record, **arguments)
    notes = (*evidence.notes, *(place.notes if place else ()))
    result = evidence.result or _plain(call, evidence)
    words = dict(call.arguments)
    facts = tuple(with_more(each, record) for each in evidence.facts)
    return replace(
        evidence, id=call.id, tool=call.tool, arguments=words, facts=facts, notes=notes, result=result
    )


def _check_known(call: Call, known: Mapping[str, Call]) -> None:
    for reference in references(call):
        if reference not in known:
            others = [other for other in known if other != call.id] or ["none, as there is no other call"]
            raise BadArgument(
                f"{call.tool} {call.id}: of", reference, f"the id of another call: {', '.join(others)}", "a"
            )


def _check_types(call: Call, known: Mapping[str, Call]) -> None:
    when = call.arguments.get("when")
    anchor = str(when["of"]) if isinstance(when, Mapping) and "of" in when else ""
    if anchor and _type_of(anchor, known) not in TIMED:
        wish = f"a call that finds something with a time, or an ISO day, not {_type_of(anchor, known)}"
        raise BadArgument(f"{call.tool} {call.id}: when", anchor, wish, "find with give entry")
    if call.tool == "calculate":
        arguments = catalogue.check(call)
        operands = [(str(each), _type_of(each, known)) for each in arguments["of"]]
        if len(set(names := [name for name, _ in operands])) < len(names):
            wish = "each call or constant once: nothing is compared with itself"
            raise BadArgument(f"calculate {call.id}: of", ", ".join(names), wish, '["a", "b"]')
        check_operands(arguments["operation"], operands, arguments.get("unit"))


def gives(call: Call, known: Mapping[str, Call] | None = None) -> Type:
    """Return the type of what a call finds, by its tool and what it is to give.

    Args:
        call: of a plan whose references are known not to run in a circle.
        known: the calls of the plan by their ids; what some operations of `calculate` give depends on them.
    """
    give, arguments = str(call.arguments.get("give", "")), call.arguments
    if call.tool == "find":
        return "numbers" if arguments.get("per") else giving.TYPES.get(give or "entry", "numbers")
    if call.tool == "measure":
        return _measured(give, arguments)
    if call.tool == "calculate":
        operation, of = (catalogue.check(call)[name] for name in ("operation", "of"))
        return OPERATIONS[operation].gives or calculated(
            operation, [_type_of(each, known or {}) for each in of]
        )
    if call.tool == "profile":
        return "truth" if arguments.get("said") else _PROFILED.get(str(arguments.get("about")), "names")
    return _OTHERS.get(call.tool, "names")


def _type_of(each: object, known: Mapping[str, Call]) -> Type:
    """Return the type of an operand: of the call that it names, else of the constant.

    Raises:
        BadArgument: it is neither a call nor a constant.
    """
    return gives(known[str(each)], known) if _is_id(each) else _constant(each, _ANY_DAY).type


_PROFILED: Mapping[str, Type] = {
    "age": "numbers",
    **dict.fromkeys(("birth date", "death date", "birthday"), "times"),
    **dict.fromkeys(("deceased", "alive"), "truth"),
}
_OTHERS: Mapping[str, Type] = {"costs": "numbers", **dict.fromkeys(("timeline", "notes", "read"), "entries")}


def _measured(give: str, arguments: Mapping[str, Any]) -> Type:
    statistic = arguments.get("statistic")
    if arguments.get("how") == "count":
        return "numbers"
    if arguments.get("how") or (statistic in picks.COURSES and arguments.get("test")):
        return "truth"
    if statistic:
        return "names" if statistic == "trend" else "numbers"
    return picks.TYPES.get(give or "value", "quantities")


def _is_id(each: object) -> bool:
    return isinstance(each, str) and each[:1].islower() and each.isalnum() and each != NOW


def _operand(each: object, record: PatientRecord, found: Mapping[str, Evidence]) -> Operand:
    if _is_id(each):
        return Operand(_called(found[str(each)]), found[str(each)])
    result = _constant(each, record.now)
    (item,) = result.items
    value = item.start.day if item.start else item.number or Decimal(0)
    name = value if isinstance(value, str) else number(value)
    return Operand(name, Evidence(outcome="found", values=(value,), result=result))


def _told_apart(operands: Sequence[Operand]) -> tuple[Operand, ...]:
    """Return operands of which those of one name are called by what they differ in: "medication for gout"."""
    told = marks([(operand.name, operand.evidence) for operand in operands])
    return tuple(
        replace(each, name=f"{before} {each.name} {after}".strip())
        for each, (before, after) in zip(operands, told, strict=True)
    )


def _constant(each: object, now: date) -> Result:
    """Return a number or a time as a result.

    Raises:
        BadArgument: it is neither.
    """
    when = parse_when(now.isoformat() if each == NOW else str(each)) if isinstance(each, str) else None
    if when:
        return Result(type="times", items=(Item(start=when),))
    value = catalogue.number_of(each)
    if value is None:
        wish = "the id of a call, a number, an ISO date or now"
        raise BadArgument("calculate: of", each, wish, "2019-03-02")
    return Result(type="numbers", items=(Item(number=value),))


def _plain(call: Call, evidence: Evidence) -> Result:
    """Return the result of a tool that gives none of its own: the names that it tells, if it tells names."""
    kind = gives(call)
    named = evidence.values if kind == "names" else ()
    items = (Item(name=str(value), references=evidence.references) for value in named)
    return Result(type=kind, items=tuple(items))


def _called(evidence: Evidence, otherwise: str = "") -> str:
    """Return what the thing that a call found is called, in the words of the call if it has any."""
    return str(evidence.arguments.get("concept") or evidence.about or otherwise)


def _without_anchor(call: Call, relation: str, anchor: Evidence, endless: str) -> Evidence:
    name = _called(anchor)
    outcome: Outcome = "none recorded"
    why = f"no {name} is recorded"
    if anchor.outcome == "unreadable":
        outcome, why = "unreadable", f"{name} could not be read"
    elif anchor.result and not anchor.result.empty:
        outcome = "no value"
        why = f"{name} is recorded without {f'an end: {endless}' if endless else 'a date'}"
    return Evidence(
        id=call.id,
        tool=call.tool,
        arguments=dict(call.arguments),
        outcome=outcome,
        about=str(call.arguments.get("concept", "")) or call.tool,
        coverage=anchor.coverage,
        notes=(f"{why}, so there is no “{relation}” it",),
    )
