"""A form and the slots of a question -> the calls of a plan.

One base call for each thing, time, pick and wish that is asked for; before them the event beside which they stand,
after them what is reckoned of them. What a form asks and no tool serves has no place: nothing near it is asked instead.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, product
from typing import Any, get_args

from agent.reading.form import KIND_OF, Form
from agent.reading.marked import Slot
from tools.calls.catalogue import Call, same
from tools.calls.operations import IN_TIME, OPERATIONS
from tools.calls.program import faults, named
from tools.finding.gives import TRUTHS
from tools.finding.gives import Give as OfEntries
from tools.measuring.picks import Give as OfTests
from tools.periods.words import length
from tools.record.kinds import KINDS

_WORD_OF = {types[0]: word for word, types in reversed(KINDS.items())}
_OF_SEVERAL = ("change", "percent change", "trend", "range")
_OF_ALL = ("count", "distinct", "exists", "absent")
"""What is asked of all entries, also where another wish is about the first or the last of them."""
_MOST_CALLS = 6
_LASTING = ("problem", "drug", "device")
"""What goes on; at the time of it is when it began, not as long as it goes on."""
_LIMITED = ("above", "below", "at least", "at most", "between")
_TOLD_APART = frozenset(
    {"concept", "status", "category", "reason", "route", "place", "who", "test", "limits"}
)
"""Arguments by which some are told from all of a kind."""
_WITHOUT = ("", "count", "exists")
"""What can be told of all but some."""
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
_ENDED_BY = ("end", "end time")
_ONLY_OF = {
    **dict.fromkeys(("organism", "specimen", "resistant to", "sensitive to"), "observation"),
    "modality": "imaging",
}
"""Attributes that only one kind has."""


class NoPlaceError(Exception):
    """A form asks for what no tool serves, or lacks what a tool must have."""


@dataclass(frozen=True, slots=True)
class Program:
    """The calls, and which of them answer."""

    calls: tuple[Call, ...]
    answer: tuple[str, ...]
    yes_no: bool


Slots = Mapping[str, Sequence[Slot]]
"""The slots of a question by their roles."""


def program_of(form: Form, slots: Slots, holds: Container[str] = frozenset()) -> Program:
    """Return the calls that a form asks for.

    Args:
        form: what is asked for.
        slots: role -> slots, in the order of the question.
        holds: the FHIR types that the record has.

    Raises:
        NoPlaceError: a value or a slot has no place in any tool.
    """
    _check_places(form, slots)
    form = _where_held(form, slots, holds)
    event = tuple(_events(form, slots))
    shown = (
        _as_entries(form) if slots.get("except") or (slots.get("said") and form["tool"] == "find") else form
    )
    base = tuple(islice(_placed(_base_calls(shown, slots), shown, slots, event), _MOST_CALLS + 1))
    if not 0 < len(base) <= _MOST_CALLS:
        raise NoPlaceError(f"a plan asks for one to {_MOST_CALLS} things")
    if form["then"] == "share":
        base = (*base, _whole(base))
    calls = named((*event, *base))
    of = tuple(call.id for call in calls[len(event) :])
    if slots.get("except"):
        calls = named((*calls, *_others(form, slots, calls[len(event) :])))
        of = (calls[-1].id,)
    if form["then"]:
        operands = [same(call) for call in base]
        if len(operands) > 1 and len(set(operands)) == 1:
            raise NoPlaceError(f"a {form['then']} of something and itself")
        calls = named((*calls, _reckoned(form, of)))
        of = (calls[-1].id,)
    elif form["tool"] == "find" and slots.get("said"):
        between = _within(slots["said"][0].days, of)
        calls = named((*calls, Call("calculate", {"operation": "order", "of": between})))
        of = (calls[-1].id,)
    elif form["tool"] == "find" and form["test"]:
        calls = named((*calls, _against_limit(form, slots, of)))
        of = (calls[-1].id,)
    wrong = faults(calls)
    if wrong:
        raise NoPlaceError("; ".join(map(str, wrong.values())))
    return Program(calls, of, _is_truth(form, slots))


def _as_entries(form: Form) -> Form:
    """Return a form that gives the entries themselves, with which it is reckoned."""
    return Form({**form.values, "give": ""}, form.roles)


def _where_held(form: Form, slots: Slots, holds: Container[str]) -> Form:
    """Return the form with what was given meant as what was prescribed where the record has no more than that."""
    if form["kind"] != "administration":
        return form
    given = "MedicationAdministration", "MedicationDispense"
    things = slots.get("target", ())
    if things:
        held = all(
            any(name in thing.types for name in given) and "MedicationRequest" not in thing.types
            for thing in things
        )
    else:
        held = any(map(holds.__contains__, given)) and "MedicationRequest" not in holds
    return (
        form
        if held and form["give"] not in TRUTHS
        else Form({**form.values, "kind": "medication"}, form.roles)
    )


def _check_places(form: Form, slots: Slots) -> None:
    """Refuse a form that leaves no place for a slot, or has a place that none fills."""
    tested = form["test"] in _LIMITED
    places = {
        "target": form["tool"] != "timeline",
        "against": bool(form["then"] and slots.get("target")),
        "against period": bool(form["then"] and slots.get("period")),
        "reason": form["tool"] == "find",
        "event": bool(form["event"]),
        "place": form["tool"] in ("find", "measure"),
        "who": form["tool"] == "find",
        "except": form["tool"] == "find" and form["give"] in _WITHOUT,
        "event period": bool(form["event"]),
        "route": form["tool"] == "find",
        "period": form["tool"] in ("find", "measure", "notes", "timeline", "costs"),
        "limit": tested,
        "n": form["n"] == "slot",
        "within": bool(form["event"]),
        "unit": form["tool"] == "measure",
        "on": form["tool"] == "profile",
        "said": form["tool"] in ("profile", "find", "measure"),
        "since": form["tool"] == "overview",
        "aside": True,
    }
    for role, some in slots.items():
        if some and not places[role]:
            raise NoPlaceError(f"{form['tool']} has no place for “{some[0].text}”")
    for slot in slots.get("said", ()):
        dated = form["tool"] == "find" and form["pick"] in ("first", "last") and any(slot.days)
        if form["tool"] == "find" and not dated:
            raise NoPlaceError("only a time can be checked of what is found")
        if form["tool"] != "find" and slot.kind == "time":
            raise NoPlaceError("a time is no value of a person or a test")
    if form["limits"] == "slot" and not slots.get("limit"):
        raise NoPlaceError("the limit is not said")
    of_now = form["tool"] == "measure" or (form["tool"] == "find" and form["status"])
    if form["also now"] and not (of_now and slots.get("period")):
        raise NoPlaceError("it is not said what stands beside the value of now")
    if form["n"] == "slot" and not slots.get("n"):
        raise NoPlaceError("it is not said how many, or which")


def _is_truth(form: Form, slots: Slots) -> bool:
    if form["tool"] == "find" and (form["test"] or slots.get("said")):
        return True
    if form["then"]:
        operation = form["then"]
        if operation == "since now":
            return False
        gives = OPERATIONS[operation].gives  # type: ignore[index]
        return gives == "truth" or (operation in ("both", "either", "without") and form["give"] in TRUTHS)
    tested = bool(form["test"] and form["statistic"]) and form["statistic"] != "count"
    return (
        form["give"] in TRUTHS or form["how"] in ("any", "all", "none") or tested or bool(slots.get("said"))
    )


def _base_calls(form: Form, slots: Slots) -> Iterator[Call]:
    """Yield a call for each thing, time, pick and wish."""
    things: Sequence[Slot | None] = [*slots.get("target", ()), *slots.get("against", ())] or (None,)
    times: Sequence[Slot | None] = [*slots.get("period", ()), *slots.get("against period", ())] or (None,)
    if form["also now"]:
        times = (None, *times) if form["also now"] == "first" else (*times, None)
    picks = tuple(dict.fromkeys(filter(None, (form["pick"], form["also pick"])))) or ("",)
    gives = tuple(dict.fromkeys(filter(None, (form["give"], form["also give"])))) or ("",)
    if form["event"] and form["also event"]:
        picks = picks[:1]
    statistics = tuple(dict.fromkeys(filter(None, (form["statistic"], form["also statistic"])))) or ("",)
    categories, reasons = form["category"].split(","), slots.get("reason") or (None,)
    kinds = tuple(dict.fromkeys(filter(None, (form["kind"], form["also kind"])))) or ("",)
    several = product(kinds, things, times, picks, statistics, categories, reasons, gives)
    for kind, thing, time, pick, statistic, category, reason, give in several:
        one = Form({**form.values, "kind": kind, "statistic": statistic, "category": category}, form.roles)
        pick = "" if give in _OF_ALL and len(gives) > 1 else pick
        narrowed = {**slots, "reason": (reason,)} if reason else slots
        narrowed = narrowed if time else {**narrowed, "period": ()}
        yield _call(one, narrowed, thing, time, pick, give)


def _call(form: Form, slots: Slots, thing: Slot | None, time: Slot | None, pick: str, give: str) -> Call:
    maker = {
        "find": _find, "measure": _measure, "profile": _profile, "overview": _overview, "notes": _notes,
        "timeline": _timeline, "costs": _costs,
    }.get(form["tool"])  # fmt: skip
    if maker is None:
        raise NoPlaceError("no tool is asked for")
    arguments = maker(form, slots, thing, pick, give)
    if time is not None:
        arguments["period"] = time.text
    return Call(form["tool"], {name: value for name, value in arguments.items() if value not in ("", None)})


def _find(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    if not form["kind"] and thing is None:
        raise NoPlaceError("it is not said what to find")
    timed = bool(slots.get("period"))
    kind = form["kind"] or _kind_of(thing)
    relation = form["relation"] or (
        ""
        if not timed and not form["event"]
        else "ended"
        if give in _ENDED_BY
        else "active"
        if kind == "coverage" or form["also now"]
        else "recorded"
    )
    exact = form["category"] == "icu"
    part = give if give and give not in get_args(OfEntries) else ""
    kind = form["kind"] or _ONLY_OF.get(part, kind)
    if form["then"] in (*IN_TIME, "since now", "order", "earliest", "latest") and give == "date":
        give = ""
    return {
        "kind": kind,
        "concept": thing.text if thing else "",
        "give": "attribute" if part else "" if give == "entry" else give,
        "part": part,
        "status": form["status"],
        "category": form["category"],
        "reason": _text(slots, "reason"),
        "route": _text(slots, "route"),
        "place": _text(slots, "place"),
        "who": _text(slots, "who"),
        "relation": relation,
        "per": form["per"],
        "unit": form["unit"]
        if give == "duration" and (form["unit"] != "days" or exact) and not form["then"]
        else "",
        **_picked(form, slots, pick),
    }


def _measure(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    if thing is None:
        raise NoPlaceError("it is not said what was measured")
    several = give in ("date", "time", "age") and form["statistic"]
    if form["statistic"] in _OF_SEVERAL and pick not in ("", "all") and not form["n"]:
        raise NoPlaceError(f"{form['statistic']} is not of one value")
    limits = [_limit(slot) for slot in slots.get("limit", ())] or (
        [float(form["limits"])] if _is_number(form["limits"]) else []
    )
    told = next((_as_told(slot) for slot in slots.get("said", ())), None)
    if form["test"] in _LIMITED and not limits:
        raise NoPlaceError("the limit is not said")
    chosen = _picked(form, slots, pick)
    if not any((pick, form["statistic"], form["test"], form["how"], form["per"], form["event"], form["n"])):
        chosen = {"pick": "last"}
    return {
        "concept": thing.text,
        "give": ""
        if give in ("", "value", "entry") or several
        else give
        if give in get_args(OfTests)
        else _refused(give),
        "statistic": form["statistic"],
        "test": "between" if told else form["test"],
        "limits": told or limits or None,
        "how": "all" if told else form["how"],
        "per": form["per"],
        "unit": _text(slots, "unit"),
        "place": _text(slots, "place"),
        **chosen,
    }


def _profile(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    said = _text(slots, "said") or (thing.text if thing else "")
    give = "birth date" if give == "birthday" and not slots.get("on") else give
    return {"about": give, "on": _text(slots, "on") or _text(slots, "period"), "said": said}


def _overview(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    if give == "problem" and thing is None:
        raise NoPlaceError("it is not said of which problem")
    return {
        "of": give,
        "concept": thing.text if thing else "",
        "since": re.sub("^since ", "", _text(slots, "since")),
    }


def _notes(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    return {"text": thing.text if thing else "", "pick": pick if pick in ("first", "last") else ""}


def _timeline(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    return {"kinds": form["kind"] if form["kind"] != "any" else ""}


def _costs(form: Form, slots: Slots, thing: Slot | None, pick: str, give: str) -> dict[str, Any]:
    return {"give": give, "by": form["by"], "concept": thing.text if thing else ""}


def _picked(form: Form, slots: Slots, pick: str) -> dict[str, Any]:
    count = _count(form, slots)
    if count is None:
        if pick == "nth":
            raise NoPlaceError("it is not said which")
        return {"pick": "" if pick == "all" and form["tool"] == "find" else pick}
    if form["also pick"] and pick != "nth":
        return {"pick": pick}
    if pick in ("first", "last", "nth", "max", "min"):
        return {"pick": pick, "n": count}
    return {"pick": "nth", "n": count}


def _count(form: Form, slots: Slots) -> int | None:
    for slot in slots.get("n", ()):
        if not slot.value.lstrip("-").isdigit():
            raise NoPlaceError(f"“{slot.text}” is no whole number")
        if slot.kind == "number" and form["pick"] not in ("first", "last", "max", "min"):
            raise NoPlaceError(f"“{slot.text}” says how many, not which")
        return int(slot.value)
    return int(form["n"]) if _is_number(form["n"]) else None


def _kind_of(thing: Slot | None) -> str:
    if thing is None:
        return ""
    if thing.kind == "item" and thing.types:
        return _WORD_OF.get(thing.types[0], "any")
    return KIND_OF.get(thing.kind, "any")


def _events(form: Form, slots: Slots) -> Iterator[Call]:
    """Yield the call that finds the event beside which the answer stands."""
    if not form["event"]:
        return
    for slot in tuple(slots.get("event", ()))[:1]:
        if slot.kind == "time":
            return
        period = _text(slots, "event period")
        pick = {"pick": form["which event"] or "first", **({"period": period} if period else {})}
        if form["event kind"]:
            yield Call("find", {"kind": form["event kind"], "reason": slot.text, **pick})
        elif slot.kind == "test":
            yield Call("measure", {"concept": slot.text, **pick})
        else:
            moment = {"give": "date"} if form["event"] == "at" and slot.kind in _LASTING else {}
            started = {"relation": "recorded"} if period else {}
            yield Call("find", {"kind": _kind_of(slot), "concept": slot.text, **moment, **pick, **started})


def _placed(base: Iterator[Call], form: Form, slots: Slots, event: Sequence[Call]) -> Iterator[Call]:
    """Yield the base calls next to the event."""
    if not form["event"]:
        yield from base
        return
    day = next((slot.days[0] for slot in slots.get("event", ()) if slot.days[0] == slot.days[1]), "")
    if not event and not (day and form["event"] == "nearest"):
        raise NoPlaceError("what it should be next to is not said")
    calls = tuple(base)
    for is_, pick in _sides(form):
        for call in calls:
            when: dict[str, object] = {"is": is_, "of": "a" if event else day}
            within = next((length(slot.text) for slot in slots.get("within", ())), None)
            if within:
                when["within"] = within.months * 30 + within.days
            chosen = {**call.arguments, "when": when}
            if pick:
                chosen["pick"] = pick
            if is_ == "nearest" and call.tool == "measure":
                chosen.pop("pick", None)
            yield replace(call, arguments=chosen)


def _sides(form: Form) -> Iterator[tuple[str, str]]:
    """Yield each relation to the event; of what was before and after, the last and the first are meant."""
    if not form["also event"]:
        yield form["event"], ""
        return
    for side in (form["event"], form["also event"]):
        yield side, form["pick"] or ("last" if side == "before" else "first")


def _within(days: tuple[str, str], of: Sequence[str]) -> list[str]:
    """Return what comes in this order if what was found lies between two days, both included."""
    first, last = (date.fromisoformat(day) if day else None for day in days)
    before = [(first - timedelta(days=1)).isoformat()] if first and first > date.min else []
    after = [(last + timedelta(days=1)).isoformat()] if last and last < date.max else []
    return [*before, *of, *after]


def _whole(part: Sequence[Call]) -> Call:
    """Return the call that counts all of which a part was counted: a part told by its reason, of what else is told.

    Raises:
        NoPlaceError: it is not one count, or nothing tells the part from the whole.
    """
    counted = part[0].arguments.get("give") == "count" or part[0].arguments.get("how") == "count"
    narrowed = _TOLD_APART & part[0].arguments.keys() - ({"concept"} if part[0].tool == "measure" else set())
    if len(part) != 1 or not counted or not narrowed:
        raise NoPlaceError("a share is of one count of some of a whole")
    narrowed = narrowed & {"reason"} or narrowed
    kept = {name: value for name, value in part[0].arguments.items() if name not in narrowed}
    if part[0].tool == "measure":
        kept = {**kept, "statistic": "count"}
        del kept["how"]
    return Call(part[0].tool, kept)


def _others(form: Form, slots: Slots, found: Sequence[Call]) -> Iterator[Call]:
    """Yield the calls that leave out of what was found the things that are not meant, and count the rest."""
    ids = [f"x{n}" for n, _ in enumerate(slots["except"])]
    first = found[0]
    for name, slot in zip(ids, slots["except"], strict=True):
        yield Call(first.tool, {**first.arguments, "concept": slot.text}, name)
    if form["give"] == "":
        yield Call("calculate", {"operation": "without", "of": [first.id, *ids]})
        return
    yield Call("calculate", {"operation": "without", "of": [first.id, *ids]}, "rest")
    yield Call("calculate", {"operation": "count", "of": ["rest"]}, "left")
    if form["give"] == "exists":
        yield Call("calculate", {"operation": "higher", "of": ["left", 0]})


def _reckoned(form: Form, of: Sequence[str]) -> Call:
    if form["then"] == "since now":
        return Call("calculate", {"operation": "duration", "of": [*of, "now"], **_unit(form)})
    unit = _unit(form) if form["then"] in IN_TIME else {}
    return Call("calculate", {"operation": form["then"], "of": list(of), **unit})


def _against_limit(form: Form, slots: Slots, of: Sequence[str]) -> Call:
    """Return the call that holds a number of entries against a limit."""
    limits = [_limit(slot) for slot in slots.get("limit", ())]
    step = {"above": 0, "below": 0, "at least": -1, "at most": 1}.get(form["test"])
    if len(of) != 1 or len(limits) != 1 or step is None or not isinstance(limits[0], float):
        raise NoPlaceError("a number of entries is held against one plain number")
    operation = "higher" if form["test"] in ("above", "at least") else "lower"
    return Call("calculate", {"operation": operation, "of": [of[0], limits[0] + step]})


def _unit(form: Form) -> dict[str, str]:
    return {"unit": form["unit"]} if form["unit"] not in ("", "days") else {}


def _text(slots: Slots, role: str) -> str:
    return next((slot.value or slot.text for slot in slots.get(role, ())), "")


def _limit(slot: Slot) -> float | str:
    number = _NUMBER.match(slot.text)
    if number is None:
        raise NoPlaceError(f"{slot.text} is no number")
    plain = (
        number.group().replace(",", ".")
        if number.group().count(",") == 1 and "." not in number.group()
        else number.group().replace(",", "")
    )
    unit = slot.text[number.end() :].strip()
    return f"{plain} {unit}" if unit else float(plain)


def _as_told(slot: Slot) -> list[float | str]:
    """Return the least and the most that a number can stand for, by its digits: 108.8 for 108.75 to 108.85."""
    number = _NUMBER.match(slot.text)
    if number is None:
        raise NoPlaceError(f"“{slot.text}” is no value")
    unit = slot.text[number.end() :].strip()
    digits = len(number.group().partition(".")[2])
    value, half = float(number.group().replace(",", "")), 0.5 * 10**-digits
    edges = (value - half, value + half)
    return [f"{edge} {unit}" if unit else edge for edge in edges]


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def _refused(give: str) -> str:
    raise NoPlaceError(f"{give} is not told of measurements")
