"""A plan's calls -> their evidence: references to other calls are checked before anything runs, then filled in.

A call may say that it is about what another found: `when` places it next to that, `of` reckons with it. Left out:
which calls answer a question (`agent`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from tools.calls import catalogue
from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument, Unsupported
from tools.calls.evidence import Evidence, Operand
from tools.calls.results import TIMED, Item, Result, Type
from tools.entries.times import parse_when
from tools.finding.windows import beside
from tools.measuring.picks import COURSES
from tools.record import PatientRecord

NOW = "now"
"""The constant that stands for the clock's day."""


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
    free = (letter for letter in (*ascii_lowercase, *(f"c{n}" for n in range(100))) if letter not in taken)
    return tuple(call if call.id else replace(call, id=next(free)) for call in calls)


def check(calls: Sequence[Call]) -> None:
    """Refuse calls of which one has a wrong argument, or refers to what there is not, to itself, or to a wrong type.

    Raises:
        BadArgument: names the call, the reference and what was expected.
    """
    ids = [call.id for call in calls]
    for call in calls:
        if ids.count(call.id) > 1:
            raise BadArgument("id", call.id, "a name of its own for each call", "b")
        catalogue.check(call)
    known = {call.id: call for call in calls}
    for call in calls:
        _check_references(call, known)
    if len(list(in_order(calls))) < len(calls):
        circle = sorted(set(ids) - {call.id for call in in_order(calls)})
        raise BadArgument(
            "calls", ", ".join(circle), "calls that do not wait for one another", "a, then b of a"
        )


def references(call: Call) -> tuple[str, ...]:
    """Return the ids of the calls to which a call refers."""
    when, of = call.arguments.get("when"), call.arguments.get("of")
    found = [str(when["of"])] if isinstance(when, Mapping) and "of" in when else []
    found += (
        [each for each in of if _is_id(each)] if isinstance(of, Sequence) and not isinstance(of, str) else []
    )
    return tuple(dict.fromkeys(found))


def answering(calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the ids of the calls to which no other refers: what a plan answers with unless it says otherwise."""
    referred = {reference for call in calls for reference in references(call)}
    return tuple(call.id for call in calls if call.id not in referred)


def in_order(calls: Sequence[Call]) -> Iterator[Call]:
    """Yield the calls, each after those to which it refers; those that wait for one another are left out."""
    done: set[str] = set()
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
    arguments = catalogue.check(call)
    if "when" in arguments and arguments["when"] is not None:
        when = arguments["when"]
        anchor = found[when.of]
        item = anchor.result.first if anchor.result else None
        if item is None:
            return _without_anchor(call, when.relation, anchor)
        arguments["when"] = beside(when.relation, when.of, when.within, item, _called(anchor), record)
    if call.tool == "calculate":
        arguments["of"] = tuple(_operand(each, record, found) for each in arguments["of"])
    evidence = catalogue.tool_function(call.tool)(record, **arguments)
    return replace(evidence, id=call.id, tool=call.tool, arguments=dict(call.arguments))


def _check_references(call: Call, known: Mapping[str, Call]) -> None:
    when = call.arguments.get("when")
    for reference in references(call):
        if reference not in known:
            others = [other for other in known if other != call.id] or ["none, as there is no other call"]
            raise BadArgument(
                f"{call.tool} {call.id}: of", reference, f"the id of another call: {', '.join(others)}", "a"
            )
        if isinstance(when, Mapping) and when.get("of") == reference and gives(known[reference]) not in TIMED:
            wish = f"a call that finds something with a time, not {gives(known[reference])}"
            raise BadArgument(f"{call.tool} {call.id}: when", reference, wish, "find with give entry")


def gives(call: Call) -> Type:
    """Return the type of what a call finds, by its tool and what it is to give."""
    give, arguments = str(call.arguments.get("give", "")), call.arguments
    if call.tool == "find":
        return "numbers" if arguments.get("per") else _FOUND.get(give, "numbers")
    if call.tool == "measure":
        return _measured(give, arguments)
    if call.tool == "calculate":
        return _CALCULATED.get(str(arguments.get("operation")), "numbers")
    if call.tool == "profile":
        return "truth" if arguments.get("said") else _PROFILED.get(str(arguments.get("about")), "names")
    return _OTHERS.get(call.tool, "names")


_FOUND: Mapping[str, Type] = {
    **dict.fromkeys(("", "entry"), "entries"),
    **dict.fromkeys(("date", "time", "end", "end time"), "times"),
    **dict.fromkeys(("exists", "absent", "over"), "truth"),
    "attribute": "names",
}
_CALCULATED: Mapping[str, Type] = {
    **dict.fromkeys(("order", "higher", "lower", "same", "neither"), "truth"),
    **dict.fromkeys(("both", "either", "without"), "entries"),
    **dict.fromkeys(("earliest", "latest"), "entries"),
}
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
    if arguments.get("how") or (statistic in COURSES and arguments.get("test")):
        return "truth"
    if statistic:
        return "names" if statistic == "trend" else "numbers"
    kinds: Mapping[str, Type] = {"date": "times", "time": "times", "age": "numbers", "unit": "names"}
    return kinds.get(give, "quantities")


def _is_id(each: object) -> bool:
    return isinstance(each, str) and each[:1].islower() and each.isalnum() and each != NOW


def _operand(each: object, record: PatientRecord, found: Mapping[str, Evidence]) -> Operand:
    if _is_id(each):
        return Operand(_called(found[str(each)]), found[str(each)])
    return Operand(str(each), _constant(each, record))


def _constant(each: object, record: PatientRecord) -> Evidence:
    """Return a number or a time as evidence.

    Raises:
        BadArgument: it is neither.
    """
    text = record.now.isoformat() if each == NOW else str(each)
    when = parse_when(text)
    if isinstance(each, str) and when:
        return Evidence(
            outcome="found", values=(when.day,), result=Result(type="times", items=(Item(start=when),))
        )
    number = catalogue.number_of(each)
    if number is None:
        raise BadArgument(
            "calculate: of", each, "the id of a call, a number, an ISO date or now", "2019-03-02"
        )
    return Evidence(
        outcome="found", values=(number,), result=Result(type="numbers", items=(Item(number=number),))
    )


def _called(evidence: Evidence) -> str:
    """Return what the thing that a call found is called, in the words of the call if it has any."""
    return str(evidence.arguments.get("concept") or evidence.about)


def _without_anchor(call: Call, relation: str, anchor: Evidence) -> Evidence:
    name = _called(anchor)
    why = f"no {name} is recorded, so there is no “{relation}” it"
    if anchor.outcome == "unreadable":
        why = f"{name} could not be read, so there is no “{relation}” it"
    elif anchor.result and not anchor.result.empty:
        why = f"{name} is recorded without a date, so there is no “{relation}” it"
    return Evidence(
        id=call.id,
        tool=call.tool,
        arguments=dict(call.arguments),
        outcome="unreadable" if anchor.outcome == "unreadable" else "none recorded",
        about=str(call.arguments.get("concept", "")) or call.tool,
        coverage=anchor.coverage,
        notes=(why,),
    )
