"""A frame -> the tool calls that serve it."""

from dataclasses import replace

from agent.planner.frame import Frame
from tools.calls.catalogue import Call

_GIVE = {
    "name": "name", "value": "name", "yes or no": "exists", "count": "count", "distinct": "distinct",
    "date": "date", "age": "age",
    "visit": "visit", "years": "years",
    "duration": "days", "reason": "reason", "who": "who", "where": "where", "dose": "dose", "detail": "detail",
    "status": "status",
}  # fmt: skip
_MEASURED = {"date": "date", "days": "date", "age": "age", "unit": "unit"}
_WAYS = {
    "up": ("change", "above"),
    "down": ("change", "below"),
    "rising": ("trend", "above"),
    "falling": ("trend", "below"),
}
_SINGLE = ("first", "last", "previous", "max", "min")
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
    give = _GIVE[frame.asks]
    if frame.verdict and give == "exists":
        still = "active" if frame.verdict.startswith("still") else frame.status
        give = frame.verdict.removeprefix("still").strip() or give
        return _find_with(replace(frame, status=still), give, frame.pick or "all")
    if frame.ended and give in ("date", "name"):
        give = "end"
    if frame.asks == "duration" and frame.kind == "encounter" and not frame.pick and not frame.period:
        return _find_with(frame, give, "last")
    return _find_with(frame, give, frame.pick or _default_pick(frame, give))


def _find_with(frame: Frame, give: str, pick: str) -> tuple[Call, ...]:
    return _call(
        "find", kind=frame.kind, concept=frame.concept, give=give, pick="" if pick == "all" else pick,
        status=frame.status,
        category=frame.category, reason=frame.reason, period=frame.period,
        nth=int(frame.nth) if frame.nth else None, part=frame.part if give == "detail" else "",
    )  # fmt: skip


def _default_pick(frame: Frame, give: str) -> str:
    if give == "end":
        return "last"
    if give in ("date", "age") and frame.kind in _FIRST_BY_DEFAULT and frame.concept:
        return "first"
    if give == "age":
        return "first"
    if give in ("days", "dose") and frame.concept:
        return "last"
    return "all"


def _find_anywhere(frame: Frame) -> tuple[Call, ...]:
    """Look for something that neither the record nor the lexicon knows: most likely a condition."""
    return _call("find", kind="condition", concept=frame.concept, give=_GIVE[frame.asks], period=frame.period)


def _measure(frame: Frame) -> tuple[Call, ...]:
    if frame.pick == "first and last":
        return tuple(call for pick in ("first", "last") for call in _measure_with(frame, pick, "value"))
    if frame.verdict and frame.asks == "yes or no":
        return _measure_judged(frame)
    if _judged(frame):
        return _measure_with(frame, frame.pick, "fits")
    return _measure_with(frame, _measure_pick(frame), _MEASURED.get(frame.asks, "value"))


def _measure_judged(frame: Frame) -> tuple[Call, ...]:
    if frame.verdict == "all":
        return _measure_with(frame, "all", "fits")
    if frame.verdict in _WAYS:
        pick, side = _WAYS[frame.verdict]
        above, below = ("0", "") if side == "above" else ("", "0")
        return _measure_with(replace(frame, above=above, below=below, flagged=""), pick, "fits")
    return _measure_with(frame, frame.verdict, "value")


def _judged(frame: Frame) -> bool:
    """Tell "is the latest above 7?" from "was any above 7?"."""
    limited = frame.above or frame.below or frame.flagged
    return bool(limited) and frame.asks == "yes or no" and frame.pick in _SINGLE


def _measure_pick(frame: Frame) -> str:
    if frame.asks == "yes or no" and frame.pick not in ("trend", "change"):
        return "exists"
    if frame.asks in ("count", "distinct", "days"):
        return "count"
    if frame.pick:
        return frame.pick
    if frame.above or frame.below or frame.flagged:
        return "all"
    return "all" if frame.asks in ("date", "unit") else "last"


def _measure_with(frame: Frame, pick: str, give: str) -> tuple[Call, ...]:
    return _call(
        "measure", concept=frame.concept, pick=pick, give="" if give == "value" else give, period=frame.period,
        above=float(frame.above) if frame.above else None, below=float(frame.below) if frame.below else None,
        flagged=frame.flagged,
    )  # fmt: skip


def _compare(frame: Frame) -> tuple[Call, ...]:
    return _call("compare", first=frame.concept, second=frame.second, give=frame.order)


def _profile(frame: Frame) -> tuple[Call, ...]:
    return _call("profile", about=frame.about, on=frame.period, said=frame.concept)


def _overview(frame: Frame) -> tuple[Call, ...]:
    return _call("overview", about=frame.about)


def _timeline(frame: Frame) -> tuple[Call, ...]:
    return _call("timeline", period=frame.period)


def _notes(frame: Frame) -> tuple[Call, ...]:
    return _call(
        "notes", text=frame.concept, period=frame.period, pick=frame.pick if frame.pick == "last" else ""
    )


def _costs(frame: Frame) -> tuple[Call, ...]:
    return _call("costs", give=frame.about, by=frame.by, period=frame.period, concept=frame.concept)
