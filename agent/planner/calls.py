"""A frame -> the tool calls that serve it."""

from collections.abc import Mapping
from dataclasses import replace

from agent.kept import compared
from agent.planner.frame import Frame
from tools.calls.catalogue import Call

_GIVE: dict[str, dict[str, object]] = {
    "name": {}, "value": {}, "yes or no": {"give": "exists"}, "count": {"give": "count"},
    "distinct": {"give": "distinct"}, "date": {"give": "date"}, "age": {"give": "age"},
    "duration": {"give": "duration"}, "years": {"give": "duration", "unit": "years"},
    **{part: {"give": "attribute", "part": part}
       for part in ("visit", "reason", "who", "where", "dose", "detail", "status")},
}  # fmt: skip
_MEASURED = {"date": "date", "days": "date", "age": "age", "unit": "unit"}
_WAYS = {
    "up": ("change", "above"),
    "down": ("change", "below"),
    "rising": ("trend", "above"),
    "falling": ("trend", "below"),
}
_JUDGED: dict[str, dict[str, object]] = {
    "all": {"how": "all"},
    "none": {"how": "none"},
    "found": {"how": "any", "test": "found"},
}
_STATISTICS = ("mean", "change", "trend")
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
    form = _GIVE[frame.asks]
    if frame.verdict and frame.asks == "yes or no":
        still = "active" if frame.verdict.startswith("still") else frame.status
        give = frame.verdict.removeprefix("still").strip() or "exists"
        return _find_with(replace(frame, status=still), {"give": give}, frame.pick or "all")
    if frame.ended and frame.asks in ("date", "name", "value"):
        form = {"give": "end"}
    if frame.asks == "duration" and frame.kind == "encounter" and not frame.pick and not frame.period:
        return _find_with(frame, form, "last")
    return _find_with(frame, form, frame.pick or _default_pick(frame, form))


def _find_with(frame: Frame, form: Mapping[str, object], pick: str) -> tuple[Call, ...]:
    give, nth = form.get("give"), int(frame.nth) if frame.nth else None
    if give == "attribute" and frame.part:
        form = {**form, "part": "own reason" if frame.part == "reason" else frame.part}
    return _call(
        "find", kind=frame.kind, concept=frame.concept, **form,
        pick="nth" if nth else "" if pick == "all" else pick, n=nth, status=frame.status,
        category=frame.category, reason=frame.reason, period=frame.period,
        relation=_relation(frame, give) if frame.period else "",
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
    if frame.asks in ("duration", "dose") and frame.concept:
        return "last"
    return "all"


def _find_anywhere(frame: Frame) -> tuple[Call, ...]:
    """Look for something that neither the record nor the lexicon knows: most likely a condition."""
    relation = "recorded" if frame.period else ""
    form = _GIVE[frame.asks]
    return _call(
        "find", kind="condition", concept=frame.concept, **form, period=frame.period, relation=relation
    )


def _measure(frame: Frame) -> tuple[Call, ...]:
    if frame.pick == "first and last":
        return tuple(call for pick in ("first", "last") for call in _measure_with(frame, {"pick": pick}))
    if frame.verdict and frame.asks == "yes or no":
        return _measure_judged(frame)
    if _judged(frame):
        return _measure_with(frame, {**_picked(frame), "how": "all"})
    return _measure_with(frame, {**_chosen(frame), "give": _MEASURED.get(frame.asks, "")})


def _measure_judged(frame: Frame) -> tuple[Call, ...]:
    if frame.verdict not in _WAYS:
        return _measure_with(frame, _JUDGED[frame.verdict])
    statistic, test = _WAYS[frame.verdict]
    plain = replace(frame, above="", below="", flagged="")
    return _measure_with(plain, {"statistic": statistic, "test": test, "limits": [0.0]})


def _judged(frame: Frame) -> bool:
    """Tell "is the latest above 7?" from "was any above 7?"."""
    limited = frame.above or frame.below or frame.flagged
    return bool(limited) and frame.asks == "yes or no" and frame.pick in _SINGLE


def _chosen(frame: Frame) -> Mapping[str, object]:
    """Return which measurements are meant, or what is asked of all of them."""
    if frame.asks == "yes or no" and frame.pick not in ("trend", "change"):
        return {"how": "any"}
    if frame.asks in ("count", "distinct", "days"):
        return {"statistic": "count"}
    if frame.pick and not (frame.pick in _STATISTICS and frame.asks in _MEASURED):
        return _picked(frame)
    if frame.above or frame.below or frame.flagged:
        return {"pick": "all"}
    return {"pick": "all" if frame.asks in ("date", "unit") else "last"}


def _picked(frame: Frame) -> Mapping[str, object]:
    if frame.pick == "nth":
        return {"pick": "nth", "n": int(frame.nth)}
    return {"statistic": frame.pick} if frame.pick in _STATISTICS else {"pick": frame.pick}


def _measure_with(frame: Frame, chosen: Mapping[str, object]) -> tuple[Call, ...]:
    return _call("measure", concept=frame.concept, **{**_test(frame), **chosen}, period=frame.period)


def _test(frame: Frame) -> Mapping[str, object]:
    limits = [float(limit) for limit in (frame.above, frame.below) if limit]
    if limits:
        return {
            "test": "between" if len(limits) > 1 else "above" if frame.above else "below",
            "limits": limits,
        }
    return {"test": frame.flagged} if frame.flagged else {}


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
