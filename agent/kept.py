"""Plans of version 0.1, as kept answers hold them -> today's words.

So they can be run again. The one place that knows the old words. A step of today has an id.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tools.calls.catalogue import Call
from tools.calls.program import answering
from tools.entries.times import parse_when
from tools.periods.visits import names_visit
from tools.record.kinds import KINDS

Arguments = dict[str, Any]

_ALIASES = {"measure": "observation", "test": "observation", "drug": "medication", "diagnosis": "condition"}
_ATTRIBUTES = ("reason", "dose", "who", "where", "visit", "status", "detail")
_ORDINALS: Mapping[str, Arguments] = {
    "first": {"pick": "first"},
    "last": {"pick": "last"},
    "previous": {"pick": "nth", "n": -2},
}
_TESTS = {"abnormal": "out of range", "normal": "in range"}
_STATISTICS = ("mean", "change", "trend", "count")
_RECKONED = {"before": "order", "earlier": "earliest", "days": "duration", "difference": "difference"}
_LAST_VALUE = ("difference", "higher")


def with_plan(kept: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the JSON of an answer with its plan in today's words."""
    steps = kept.get("plan") or ()
    if not steps or not all(map(_is_old, steps)):
        return kept
    return {**kept, "plan": list(_today(steps))}


def _is_old(step: object) -> bool:
    """Tell whether a step is one of version 0.1: it has no id."""
    return isinstance(step, Mapping) and "id" not in step and isinstance(step.get("tool"), str)


def _today(steps: Sequence[Mapping[str, Any]]) -> Iterator[Arguments]:
    for place, step in enumerate(steps):
        calls = translated(step["tool"], dict(step.get("arguments") or {}))
        names = {call.id: f"s{place}{call.id}" for call in calls}
        answers = answering(calls)
        for call in calls:
            arguments = _renamed(call.arguments, names)
            step = {"id": names[call.id], "tool": call.tool, "arguments": arguments}
            yield {**step, "answers": call.id in answers}


def _renamed(arguments: Mapping[str, Any], names: Mapping[str, str]) -> Arguments:
    told = dict(arguments)
    if "when" in told:
        told["when"] = {**told["when"], "of": names[told["when"]["of"]]}
    if isinstance(told.get("of"), list):
        told["of"] = [names.get(each, each) for each in told["of"]]
    return told


def translated(tool: str, arguments: Arguments) -> tuple[Call, ...]:
    """Return the calls that one call of version 0.1 became."""
    if tool == "compare":
        return compared(**arguments)
    if tool == "overview":
        told = {"of": arguments["about"]} if "about" in arguments else {}
        return (Call(tool, told, "a"),)
    change = {"find": _find, "measure": _measure}.get(tool)
    return (Call(tool, change(arguments) if change else arguments, "a"),)


def _find(old: Arguments) -> Arguments:
    kept = {
        name: old[name]
        for name in ("kind", "concept", "status", "category", "reason", "period")
        if name in old
    }
    give, pick, nth = old.get("give", "name"), old.get("pick", "all"), old.get("nth")
    chosen: Arguments = {"give": give} if give not in ("name", "entry") else {}
    if give in _ATTRIBUTES:
        part = "own reason" if old.get("part") == "reason" else old.get("part")
        chosen = {"give": "attribute", "part": part or give}
    elif give in ("days", "years"):
        chosen = {"give": "duration"} | ({"unit": "years"} if give == "years" else {})
    chosen |= {"pick": "nth", "n": nth} if nth else {"pick": pick} if pick != "all" else {}
    if "period" in old:
        placed = "active" if old.get("kind") == "coverage" else "recorded"
        chosen["relation"] = "ended" if give == "end" else placed
    return kept | chosen


def _measure(old: Arguments) -> Arguments:
    kept = {name: old[name] for name in ("concept", "period") if name in old}
    give, pick = old.get("give", "value"), old.get("pick", "last")
    chosen: Arguments = {"give": give} if give not in ("value", "fits") else {}
    chosen |= {"statistic": pick} if pick in _STATISTICS else _picked(pick)
    chosen |= _limits(old)
    if give == "fits" and pick not in ("change", "trend"):
        chosen |= {"how": "all"}
        chosen.pop("pick") if pick == "all" else None
    return kept | chosen


def _picked(pick: str) -> Arguments:
    """Return which measurements are meant, or what is asked of all of them."""
    others: Mapping[str, Arguments] = {
        "previous": {"pick": "nth", "n": -2},
        "exists": {"how": "any"},
        "none": {"how": "none"},
        "found": {"how": "any", "test": "found"},
        "last": {"pick": "last"},
    }
    return dict(others.get(pick, {"pick": pick}))


def _limits(old: Arguments) -> Arguments:
    above, below, flagged = old.get("above"), old.get("below"), old.get("flagged")
    if above is not None and below is not None:
        return {"test": "between", "limits": [above, below]}
    if above is not None or below is not None:
        return {
            "test": "above" if above is not None else "below",
            "limits": [below if above is None else above],
        }
    return {"test": _TESTS.get(flagged, flagged)} if flagged else {}


def compared(first: str, second: str, give: str) -> tuple[Call, ...]:
    """Return the calls that `compare` of version 0.1 became.

    Args:
        first: words after "condition:", "medication:" or another kind if that is known, or an ISO day.
        second: the same.
        give: "before", "earlier", "days", "during", "around", "difference" or "higher".
    """
    if give == "around":
        return _around(first, second)
    if give == "during":
        return _during(first, second)
    valued = give in _LAST_VALUE
    sides = [
        _value(words, name) if valued else _event(words, name)
        for words, name in ((first, "a"), (second, "b"))
    ]
    of = [side.id if isinstance(side, Call) else side for side in sides]
    reckoned = Call("calculate", {"operation": _RECKONED.get(give, give), "of": of}, "c")
    return (*(side for side in sides if isinstance(side, Call)), reckoned)


def _during(first: str, second: str) -> tuple[Call, ...]:
    """Return whether the first goes on at the time of the second."""
    event, other = _event(first, "a"), _event(second, "b")
    if isinstance(other, Call) and other.arguments["kind"] != "encounter":
        other = Call(
            "find", {**other.arguments, "give": "date"}, "b"
        )  # when it began, not as long as it goes on
    lasting = dict(event.arguments) if isinstance(event, Call) else {"kind": "any", "concept": first}
    lasting |= {"give": "exists", "relation": "active"}
    lasting.pop("pick", None)
    if isinstance(other, Call):
        return (other, Call("find", lasting | {"when": {"is": "at", "of": "b"}}, "a"))
    return (Call("find", lasting | {"period": f"in {other}"}, "a"),)


def _around(first: str, second: str) -> tuple[Call, ...]:
    """Return the last value before an event and the first after it."""
    concept = _split(first)[1]
    other = _event(second, "b")
    sides = (("c", "last", "before"), ("d", "first", "after"))
    if isinstance(other, Call):
        events: tuple[Call, ...] = (other,)
        places: list[Arguments] = [{"when": {"is": side, "of": "b"}} for _, _, side in sides]
    else:
        events, places = (), [{"period": f"{side} {other}"} for _, _, side in sides]
    return (
        *events,
        *(
            Call("measure", {"concept": concept, "pick": pick, **place}, name)
            for (name, pick, _), place in zip(sides, places, strict=True)
        ),
    )


def _value(words: str, name: str) -> Call | str:
    """Return the call for the value of a test."""
    bare = _split(words)[1]
    ordinal, concept = _ordinal(bare)
    return Call("measure", {"concept": concept, **(ordinal or {"pick": "last"})}, name)


def _event(words: str, name: str) -> Call | str:
    """Return the call for the first time of something, or the day that the words are."""
    kind, bare = _split(words)
    if parse_when(bare):
        return bare
    if kind in ("encounter", "any") and names_visit(bare.lower()):
        return Call("find", {"kind": "encounter", "period": f"during {bare}", "pick": "first"}, name)
    ordinal, concept = _ordinal(bare)
    return Call("find", {"kind": kind, "concept": concept, **(ordinal or {"pick": "first"})}, name)


def _ordinal(words: str) -> tuple[Arguments, str]:
    first, _, rest = words.partition(" ")
    return (
        (dict(_ORDINALS[first.lower()]), rest.strip()) if first.lower() in _ORDINALS and rest else ({}, words)
    )


def _split(words: str) -> tuple[str, str]:
    """Return the kind that words begin with, "any" if none, and the rest."""
    kind, colon, rest = words.partition(":")
    known = _ALIASES.get(kind.strip().lower(), kind.strip().lower())
    typed = kind.strip()[:1].isupper() and kind.strip().isalpha()
    if colon and (known in KINDS or typed):
        return (kind.strip() if typed and known not in KINDS else known), rest.strip()
    return "any", words.strip()
