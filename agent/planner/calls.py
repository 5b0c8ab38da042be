"""A frame -> the tool calls that serve it."""

from collections.abc import Mapping
from typing import get_args

from agent.kept import compared
from agent.planner.frame import Frame, Part
from tools.calls.catalogue import Call
from tools.finding.gives import TYPES as OF_ENTRIES
from tools.measuring.picks import TYPES as OF_TESTS

_SINGLE = ("first", "last", "nth", "max", "min")
_FIRST_BY_DEFAULT = {"condition", "medication", "allergy", "care plan"}


def calls_for(frame: Frame) -> tuple[Call, ...]:
    """Return the calls in the order in which the answer uses them; () when nothing was understood."""
    maker = {
        "find": _find, "measure": _measure, "compare": _compare, "profile": _profile, "overview": _overview,
        "timeline": _timeline, "notes": _notes, "costs": _costs,
    }.get(frame.topic)  # fmt: skip
    return maker(frame) if maker else ()


def _call(tool: str, **arguments: object) -> tuple[Call, ...]:
    return (Call(tool, {name: value for name, value in arguments.items() if value not in ("", None)}),)


def _find(frame: Frame) -> tuple[Call, ...]:
    if not frame.kind:
        return _find_anywhere(frame)
    if frame.verdict and frame.give == "exists":
        return _find_with(frame, {"give": "exists", **frame.verdict}, frame.pick or "all")
    form = _form(frame)
    if frame.ended and frame.give in ("date", "entry", ""):
        form = {"give": "end"}
    if frame.give == "duration" and frame.kind == "encounter" and not frame.pick and not frame.period:
        return _find_with(frame, form, "last")
    return _find_with(frame, form, frame.pick or _default_pick(frame, form))


def _form(frame: Frame) -> Mapping[str, object]:
    """Return what is asked of entries; a name is what `find` gives anyway, as where only a test has what is asked."""
    if frame.give in get_args(Part):
        return {"give": "attribute", "part": frame.part or frame.give}
    if frame.give == "years":
        return {"give": "duration", "unit": "years"}
    if frame.give == "duration" and frame.part:
        return {"give": "duration", "unit": frame.part}
    return {"give": frame.give} if frame.give in OF_ENTRIES and frame.give != "entry" else {}


def _find_with(frame: Frame, form: Mapping[str, object], pick: str) -> tuple[Call, ...]:
    nth = int(frame.nth) if frame.nth else None
    form = {"status": frame.status, **form}
    return _call(
        "find", kind=frame.kind, concept=frame.concept, **form,
        pick="nth" if nth else "" if pick == "all" else pick, n=nth,
        category=frame.category, reason=frame.reason, period=frame.period,
        relation=_relation(frame, form.get("give")) if frame.period else "",
    )  # fmt: skip


def _relation(frame: Frame, give: object) -> str:
    """Return how a period places what is asked for: an insurance is meant while it is in force."""
    if give == "end":
        return "ended"
    return "active" if frame.kind == "coverage" else "recorded"


def _default_pick(frame: Frame, form: Mapping[str, object]) -> str:
    give = form.get("give")
    if give == "end":
        return "last"
    if give in ("date", "age") and frame.kind in _FIRST_BY_DEFAULT and frame.concept:
        return "first"
    if give == "age":
        return "first"
    if frame.give in ("duration", "dose") and frame.concept:
        return "last"
    return "all"


def _find_anywhere(frame: Frame) -> tuple[Call, ...]:
    """Look for something that neither the record nor the lexicon knows: most likely a condition."""
    relation = "recorded" if frame.period else ""
    form = _form(frame)
    return _call(
        "find", kind="condition", concept=frame.concept, **form, period=frame.period, relation=relation
    )


def _measure(frame: Frame) -> tuple[Call, ...]:
    if frame.both_ends:
        return tuple(call for pick in ("first", "last") for call in _measure_with(frame, {"pick": pick}))
    if frame.verdict and frame.give == "exists":
        return _measure_with(frame, frame.verdict)
    if _is_single(frame):
        return _measure_with(frame, {**_picked(frame), "how": "all"})
    give = "date" if frame.give == "days" else frame.give if frame.give in OF_TESTS else ""
    return _measure_with(frame, {**_chosen(frame), "give": give})


def _is_single(frame: Frame) -> bool:
    """Tell "is the latest above 7?" from "was any above 7?"."""
    limited = frame.above or frame.below or frame.test
    return bool(limited) and frame.give == "exists" and frame.pick in _SINGLE


def _chosen(frame: Frame) -> Mapping[str, object]:
    """Return which measurements are meant, or what is asked of all of them."""
    if frame.give == "exists" and frame.statistic not in ("trend", "change"):
        return {"how": "any"}
    if frame.give in ("count", "distinct", "days"):
        return {"statistic": "count"}
    if frame.statistic and frame.give not in OF_TESTS:
        return {"statistic": frame.statistic}
    if frame.pick:
        return _picked(frame)
    limited = frame.above or frame.below or frame.test
    return {"pick": "all" if limited or frame.give in ("date", "unit") else "last"}


def _picked(frame: Frame) -> Mapping[str, object]:
    return {"pick": frame.pick, "n": int(frame.nth) if frame.pick == "nth" else None}


def _measure_with(frame: Frame, chosen: Mapping[str, object]) -> tuple[Call, ...]:
    test = {} if "test" in chosen else _test(frame)
    return _call("measure", concept=frame.concept, **test, **chosen, period=frame.period)


def _test(frame: Frame) -> Mapping[str, object]:
    limits = [limit if " " in limit else float(limit) for limit in (frame.above, frame.below) if limit]
    if limits:
        return {
            "test": "between" if len(limits) > 1 else "above" if frame.above else "below",
            "limits": limits,
        }
    return {"test": frame.test}


def _compare(frame: Frame) -> tuple[Call, ...]:
    return compared(frame.concept, frame.second, frame.order)


def _profile(frame: Frame) -> tuple[Call, ...]:
    return _call("profile", about=frame.about, on=frame.period, said=frame.concept)


def _overview(frame: Frame) -> tuple[Call, ...]:
    return _call("overview", of=frame.about)


def _timeline(frame: Frame) -> tuple[Call, ...]:
    return _call("timeline", period=frame.period)


def _notes(frame: Frame) -> tuple[Call, ...]:
    return _call(
        "notes", text=frame.concept, period=frame.period, pick=frame.pick if frame.pick == "last" else ""
    )


def _costs(frame: Frame) -> tuple[Call, ...]:
    return _call("costs", give=frame.about, by=frame.by, period=frame.period, concept=frame.concept)
