"""The calls of a plan -> one plain line that says what the question was taken for.

"Prescriptions of “metformin”: when the first was, since 2019". Left out: what was found.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tools.calls.catalogue import Call
from tools.calls.program import answering, named
from tools.finding.filters import NO_REASON
from tools.record.kinds import KINDS, label

_OF_ENTRIES: Mapping[str, tuple[str, str]] = {
    "": ("which it is", "which they are"),
    "date": ("when it was", "when each was"),
    "time": ("when it was, to the minute", "when each was, to the minute"),
    "end": ("when it ended", "when each ended"),
    "end time": ("when it ended, to the minute", "when each ended, to the minute"),
    "count": ("how many", "how many"),
    "distinct": ("how many different ones", "how many different ones"),
    "exists": ("whether there is any", "whether there is any"),
    "absent": ("whether there is none", "whether there is none"),
    "over": ("whether it was and is over", "whether it was and is over"),
    "duration": ("how long it lasted", "how long each lasted"),
    "age": ("how old the patient was then", "how old the patient was at each"),
    "amount": ("how much", "how much"),
}
_OF_VALUES: Mapping[str, str] = {
    "": "value", "date": "day", "time": "time of day", "age": "the patient’s age at the value",
    "unit": "unit of the value", "range": "reference range", "flag": "flag (high, low, normal or abnormal)",
}  # fmt: skip
_PICKS: Mapping[str, str] = {
    "first": "the first", "last": "the last", "max": "the highest", "min": "the lowest", "longest": "the longest",
    "shortest": "the shortest", "most often": "the most frequent", "all": "all",
}  # fmt: skip
_STATISTICS: Mapping[str, str] = {
    "mean": "the mean", "median": "the median", "sum": "the sum", "count": "how many values",
    "range": "lowest and highest", "change": "the change from first to last",
    "percent change": "the change from first to last in percent",
    "trend": "whether it rises or falls",
}  # fmt: skip
_OPERATIONS: Mapping[str, str] = {
    "difference": "the first minus the second", "percent": "the difference in percent",
    "ratio": "the first by the second", "share": "the first in percent of the second",
    "sum": "their sum", "mean": "their mean", "count": "how many",
    "duration": "the time between them",
    "longest gap": "the longest gap", "shortest gap": "the shortest gap", "order": "whether they came in this order",
    "earliest": "which came first",
    "latest": "which came last", "first": "the first", "last": "the last", "higher": "whether the first is higher",
    "lower": "whether the first is lower", "same": "whether they are the same", "both": "both", "either": "either",
    "neither": "neither", "without": "the first without the second",
}  # fmt: skip


def read_as(calls: Sequence[Call], answer: Sequence[str] = ()) -> str:
    """Return what calls look for, in words; "" for none.

    >>> read_as([Call("measure", {"concept": "HbA1c", "test": "above", "limits": [7.0], "how": "any"})])
    'HbA1c: whether any value is above 7'
    """
    calls = named(calls)
    known = {call.id: call for call in calls}
    meant = answer or answering(calls)
    return "; ".join(
        _in_words(known[each], known) for each in meant if each in known and known[each].tool in _TOOLS
    )


def _in_words(call: Call, known: Mapping[str, Call]) -> str:
    words = _TOOLS[call.tool](call.arguments, known) if call.tool in _TOOLS else ""
    return words + _beside(call, known)


def _find(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    concept, give, pick = arguments.get("concept", ""), arguments.get("give", ""), arguments.get("pick", "")
    kind = arguments.get("kind", "")
    what = (
        label(KINDS[kind][0]) if kind in KINDS else "All kinds of entries" if kind == "any" else label(kind)
    )
    of = [f"of “{concept}”"] if concept else []
    of += [str(arguments[name]) for name in ("status", "category") if arguments.get(name)]
    of += [_reason(arguments["reason"])] if arguments.get("reason") else []
    of += [f"by {arguments['route']}"] if arguments.get("route") else []
    of += [f"at {arguments['place']}"] if arguments.get("place") else []
    of += [f"with {arguments['who']}"] if arguments.get("who") else []
    one, several = (
        _OF_ENTRIES.get(give, ("", "")) if give != "attribute" else (arguments.get("part", ""),) * 2
    )
    chosen = _chosen(arguments, pick)
    wish = f"{one if pick else several}"
    per = f", for each {arguments['per']}" if arguments.get("per") else ""
    told = f"{chosen}: {wish}" if chosen else wish
    return f"{' '.join([what, *of])}: {told}{per}"


def _reason(reason: str) -> str:
    return "without a recorded reason" if reason == NO_REASON else f"for “{reason}”"


def _measure(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    concept, how, test = arguments.get("concept", ""), arguments.get("how", ""), _tested(arguments)
    statistic, give = arguments.get("statistic", ""), arguments.get("give", "")
    chosen = _chosen(arguments, arguments.get("pick", ""))
    if statistic and how in ("", "any", "all") and test:
        told = f"whether {_STATISTICS[statistic]} is {test}"
    elif how == "count":
        told = f"how many values are {test}" if test else "how many values there are"
    elif how:
        which = f"{how} of {chosen}" if chosen and chosen != "all" else how
        told = f"whether {'no' if how == 'none' else which} value is {test or 'there'}"
    else:
        named_ = _OF_VALUES.get(give, give)
        told = _STATISTICS.get(statistic) or f"{chosen or ('all' if test else 'the last')} {named_}".strip()
        told += f" that is {test}" if test else ""
    unit = f" in {arguments['unit']}" if arguments.get("unit") else ""
    per = f", for each {arguments['per']}" if arguments.get("per") else ""
    return f"{concept}: {told}{unit}{per}"


def _profile(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    said = f": whether it is “{arguments['said']}”" if arguments.get("said") else ""
    on = f", {arguments['on']}" if arguments.get("on") else ""
    return f"The patient’s {arguments.get('about') or 'summary'}{said}{on}"


def _overview(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    since = f", what is new since {arguments['since']}" if arguments.get("since") else ""
    concept = f" “{arguments['concept']}”" if arguments.get("concept") else ""
    return f"A summary of the {arguments.get('of') or 'record'}{concept}{since}"


def _notes(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    pick = _PICKS.get(arguments.get("pick", ""), "")
    return (
        f"Notes that mention “{arguments['text']}”" + (f": {pick}" if pick else "")
        if arguments.get("text")
        else "Notes"
    )


def _timeline(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    return "What happened"


def _costs(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    by = f", by {arguments['by']}" if arguments.get("by") else ""
    of = f" for “{arguments['concept']}”" if arguments.get("concept") else ""
    return f"Costs: {arguments.get('give') or 'billed'}{of}{by}"


def _calculate(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    of = arguments.get("of", ())
    parts = [
        _in_words(known[each], known)
        if each in known
        else "today"
        if each == "now"
        else f"{each:g}"
        if isinstance(each, float)
        else str(each)
        for each in of
    ]
    unit = f" in {arguments['unit']}" if arguments.get("unit") else ""
    days = [str(each) for each in of if each not in known]
    if arguments.get("operation") == "order" and len(of) - len(days) == 1 and days:
        places = [f"{'after' if str(of[0]) == day else 'before'} {day}" for day in days]
        return f"whether it was {' and '.join(places)}, of ({''.join(p for p in parts if p not in days)})"
    return f"{_OPERATIONS.get(arguments.get('operation', ''), '')}{unit}, of ({') and ('.join(parts)})"


def _read(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    return f"The entry {arguments.get('reference', '')}"


def _fhirpath(arguments: Mapping[str, Any], known: Mapping[str, Call]) -> str:
    return f"The expression {arguments.get('expression', '')}"


_TOOLS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Call]], str]] = {
    "find": _find, "measure": _measure, "profile": _profile, "overview": _overview, "notes": _notes,
    "timeline": _timeline, "costs": _costs, "calculate": _calculate, "read": _read, "fhirpath": _fhirpath,
}  # fmt: skip


def _chosen(arguments: Mapping[str, Any], pick: str) -> str:
    n = arguments.get("n")
    if n is None:
        return _PICKS.get(pick, "")
    if pick == "nth":
        return f"number {n}" if n > 0 else "the last but one" if n == -2 else f"number {-n} from the end"
    return f"{_PICKS.get(pick, 'the last')} {n}"


def _tested(arguments: Mapping[str, Any]) -> str:
    test, limits = arguments.get("test", ""), arguments.get("limits") or ()
    told = [f"{limit:g}" if isinstance(limit, float | int) else str(limit) for limit in limits]
    return f"{test} {' and '.join(told)}".strip()


def _beside(call: Call, known: Mapping[str, Call]) -> str:
    period, when = call.arguments.get("period", ""), call.arguments.get("when")
    told = f", {period}" if period else ""
    relation = call.arguments.get("relation", "")
    if period and relation in ("active", "started", "ended"):
        told = f", {relation} {period}"
    if isinstance(when, Mapping):
        within, of = f" within {when['within']} days" if when.get("within") else "", str(when["of"])
        told += f", {when['is']}{within} {f'({_in_words(known[of], known)})' if of in known else of}"
    return told
