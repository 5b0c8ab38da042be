"""What a question asks for, as fields, and its one line: "find {problem} give=date pick=first".

A form is one base question (a tool, what is asked of it, filters) with several of something where several are
asked for, and what is reckoned from them. The line is the heading under which the corpus keeps its wordings.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tools.calls.operations import OPERATIONS
from tools.record.kinds import KINDS

SLOT = re.compile(r"\{([a-z]+)(\d?)\}")
"""A slot as it stands in a heading or a wording: its kind, and which of several."""

THINGS = ("problem", "drug", "test", "procedure", "vaccine", "substance", "device", "item")
OTHERS = ("time", "length", "number", "limit", "nth", "place", "person", "route", "unit", "word", "name")
NO_PLAN = ("nothing", "beyond")
"""What has no plan: no question, and one that asks more than a plan can say."""
ACTS = ("answer", "advice", "opinion", "another patient", "not in a record", *NO_PLAN)
TOOLS = ("find", "measure", "profile", "overview", "notes", "timeline", "costs")
EVENTS = ("before", "after", "after end", "at", "during", "nearest")
SEVERAL = ("kind", "give", "pick", "statistic")
"""Fields of which a question may ask two."""
CHOSEN: Mapping[str, tuple[str, ...]] = {
    "tool": TOOLS,
    "kind": (*KINDS, "any"),
    "pick": ("all", "first", "last", "nth", "longest", "shortest", "most often", "max", "min"),
    "statistic": ("mean", "median", "sum", "count", "range", "change", "percent change", "trend"),
    "test": (
        "above", "below", "at least", "at most", "between", "in range", "out of range", "high", "low", "positive",
        "negative", "found",
    ),
    "how": ("any", "all", "none", "count"),
    "relation": ("recorded", "active", "started", "ended"),
    "per": ("day", "month", "year"),
    "unit": ("minutes", "hours", "days", "weeks", "months", "years"),
    "by": ("year", "payer", "type"),
    "then": (*OPERATIONS, "since now"),
    "event": EVENTS,
    "event kind": ("encounter",),
    "which event": ("first", "last"),
    "also now": ("first", "last"),
}  # fmt: skip
"""Fields with a closed set of values; those of `give`, `status`, `category`, `about` are what the corpus has."""
FIELDS = (
    "act", "tool", "kind", "also kind", "give", "also give", "pick", "also pick", "n", "statistic", "also statistic",
    "test", "limits", "how", "status", "category", "relation", "per", "unit", "by", "then", "event", "also event",
    "which event", "event kind", "also now",
)  # fmt: skip
"""Each is decided apart from the others, so that they compose to questions that nobody listed."""
ROLES = (
    "target", "against", "reason", "event", "place", "who", "route", "period", "against period", "limit", "n", "within",
    "unit", "on", "said", "since", "aside", "except", "event period",
)  # fmt: skip
"""What a slot does in the plan; "aside" if nothing. What stands "against" another is the second operand."""
ORDERED = ("difference", "percent", "ratio", "duration", "order", "higher", "lower", "without")
"""Operations for which it matters which operand is first."""
KIND_OF: Mapping[str, str] = {
    "problem": "condition", "drug": "medication", "procedure": "procedure", "vaccine": "immunization",
    "substance": "allergy", "device": "device", "test": "observation", "item": "any",
}  # fmt: skip
"""The kind in which a thing is looked for unless another is said."""
SAME_PART: Mapping[str, str] = {
    "frequency": "dose",
    "instructions": "dose",
    "attending": "who",
    "note": "detail",
    "insurer": "payer",
}
"""Attributes that the record keeps under another word."""
_FIRST = ("value", "entry", "count", "exists")
"""What is told before the other of two wishes."""
_USUAL = (("give", "entry"), ("give", "value"), ("which event", "first"))
_OF_THE_LATEST = ("severity", "stage", "body site", "model", "serial number", "manufacturer")
"""Attributes of which the latest one is meant unless all are asked for."""
_CHOOSING = frozenset({"pick", "also pick", "n", "statistic", "test", "how", "per", "event"})
_ROLE_OF = {"period": "period", "limits": "limit", "n": "n", "within": "within", "unit": "unit"} | {
    role: role
    for role in ("reason", "place", "who", "route", "on", "said", "since", "except", "event period")
}
_HYPHENATED = frozenset({"vital-signs", "social-history", "problem-list-item"})


@dataclass(frozen=True, slots=True)
class Form:
    """What a question asks for.

    Attributes:
        values: field -> value; what is not asked for is left out.
        roles: slots by their names in the text ("drug", "drug2"), with what each does, in order.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str:
        """Return the value of a field, "" if it is not asked for."""
        return self.values.get(name, "")

    def slots(self, role: str) -> tuple[str, ...]:
        """Return the names of the slots in a role."""
        return tuple(name for name, has in self.roles if has == role)


class BadHeading(ValueError):
    """A heading of the corpus that does not say what a question asks for; the message says why."""


def read_heading(line: str) -> Form:
    """Return the form that a heading writes.

    >>> form = read_heading("measure {test} pick=first,last period={time}")
    >>> form["tool"], form["pick"], form["also pick"], form.slots("target"), form.slots("period")
    ('measure', 'first', 'last', ('test',), ('time',))

    Raises:
        BadHeading: it names a field or a value that there is not.
    """
    first, *rest = line.split()
    if first in NO_PLAN:
        return Form({"act": first})
    if first == "decline":
        return Form({"act": _one_of("act", _spoken(rest[0]), ACTS)})
    values, roles = {"act": "answer", "tool": _one_of("tool", first, TOOLS)}, []
    for part in rest:
        key, equals, value = part.partition("=")
        for name, found in _fields(first, key, value) if equals else _named(first, part):
            if name.startswith("@"):
                roles.append((found, name[1:]))
            elif name == "event" and "event" in values:
                values["also event"] = _checked("also event", found)
            else:
                values[name] = _checked(name, found)
    return plainest(Form(values, _in_order(tuple(dict.fromkeys(roles)), values.get("then", ""))))


def _in_order(roles: tuple[tuple[str, str], ...], then: str) -> tuple[tuple[str, str], ...]:
    """Return the roles with those of second operands told apart, where their order matters."""
    seen: set[str] = set()
    told = []
    for name, role in roles:
        later = then in ORDERED and role in seen and role in ("target", "period")
        seen.add(role)
        told.append((name, {"target": "against", "period": "against period"}[role] if later else role))
    return tuple(told)


def plainest(form: Form) -> Form:
    """Return a form in the one way of those in which it can be written: without what holds anyway."""
    values, things = (
        dict(form.values),
        {name.rstrip("23") for role in ("target", "against") for name in form.slots(role)},
    )
    if things and {KIND_OF.get(name) for name in things} == {values.get("kind")}:
        values.pop("kind", None)
    for name, usual in _USUAL:
        if values.get(name) == usual and not values.get(f"also {name}"):
            del values[name]
    if values.get("relation") == "recorded" or (values.get("relation") == "started" and values.get("event")):
        del values["relation"]
    if values["tool"] == "find" and values.get("give") in _OF_THE_LATEST and things & {"problem", "device"}:
        values.setdefault("pick", "last")
    if values["tool"] == "find" and values.get("pick") == "all":
        del values["pick"]
    if values["tool"] == "overview" and "give" not in values:
        values["give"] = "problem" if things else "record"
    if (values["tool"], values.get("give")) == ("costs", "count") and not (things or values.get("by")):
        values = {**values, "tool": "find", "kind": "claim"}
    if values["tool"] == "timeline" and values.get("kind", "any") != "any":
        values["tool"] = "find"
    if values["tool"] == "measure" and {values.get("pick"), values.get("also pick")} == {"first", "last"}:
        values = _of_the_ends(values)
    if values.get("give") == "count" and values.get("pick") == "most often" and values.get("per"):
        del values["give"]
    if values.get("test") and values.get("how") in ("any", "all"):
        values = _of_one(values)
    values = _in_one_order(values)
    if values.get("give") == "duration" and values.get("status") == "active":
        values.setdefault("pick", "last")
    if (values.get("n"), values.get("then")) == ("-2", "duration") and values.get("also pick"):
        values = {**values, "pick": "last", "n": "2"}
        del values["also pick"]
    if values["tool"] == "measure" and values.get("pick") == "last" and len(values.keys() & _CHOOSING) == 1:
        del values["pick"]
    if values.get("then") in ("duration", "longest gap", "order", "earliest", "latest", "since now"):
        values = {name: value for name, value in values.items() if (name, value) != ("give", "date")}
    return _in_time(Form(values, form.roles))


def _of_one(values: dict[str, str]) -> dict[str, str]:
    """Return a condition on one value as one on all of it; on a statistic it is a truth by itself."""
    if values.get("statistic", "count") != "count":
        return {name: value for name, value in values.items() if name != "how"}
    one = values.get("pick") in ("first", "last", "nth", "max", "min") and not values.get("n")
    return {**values, "how": "all"} if one or values.get("pick") == "nth" else values


def _in_one_order(values: dict[str, str]) -> dict[str, str]:
    """Return two wishes, or two picks whose order says nothing, in the one order in which they are learned."""
    for name in ("give", "also give"):
        if name in values:
            values = {**values, name: SAME_PART.get(values[name], values[name])}
    gives = list(dict.fromkeys(values[name] for name in ("give", "also give") if name in values))
    if "also give" in values:
        del values["also give"]
        gives.sort(key=lambda give: (give not in _FIRST, give))
        values |= dict(zip(("give", "also give"), gives, strict=False))
    if values.get("also pick") == "first" and values.get("then", "") in ("", "same", "duration"):
        values |= {"pick": "first", "also pick": values.get("pick", "")}
    return values


def _of_the_ends(values: dict[str, str]) -> dict[str, str]:
    """Return what is reckoned of the first and the last value as what it is, a change."""
    then = values.get("then", "")
    change = {"difference": "change", "percent": "percent change"}.get(then)
    falls = (then == "lower") == (values["pick"] == "last")
    if values.get("event") or not (change or then in ("higher", "lower")):
        return values
    kept = {name: value for name, value in values.items() if name not in ("pick", "also pick", "then")}
    if change:
        return {**kept, "statistic": change}
    return {**kept, "statistic": "change", "test": "below" if falls else "above", "limits": "0"}


def _in_time(form: Form) -> Form:
    """Return whether one thing came before another as whether there was one before the other."""
    targets, others = form.slots("target"), form.slots("against")
    plain = (
        form["then"] == "order" and form["pick"] in ("", "first") and not form["event"] and not form["kind"]
    )
    if not plain or (len(targets), len(others)) != (1, 1):
        return form
    values = {name: value for name, value in form.values.items() if name not in ("then", "pick", "give")}
    roles = tuple((name, "event" if role == "against" else role) for name, role in form.roles)
    there = {"give": "exists"} if form["tool"] == "find" else {"how": "any"}
    return Form({**values, **there, "event": "before"}, roles)


def _named(tool: str, part: str) -> Iterable[tuple[str, str]]:
    """Yield what a word without a key says: the things asked about, else what of them."""
    if part.startswith("{"):
        yield from (("@target", slot) for slot in _slots_in(part))
    elif tool in ("find", "timeline"):
        yield from zip(("kind", "also kind"), map(_spoken, part.split(",")), strict=False)
    else:
        yield from zip(("give", "also give"), map(_spoken, part.split(",")), strict=False)


def _fields(tool: str, key: str, value: str) -> Iterable[tuple[str, str]]:
    key = _spoken(key)
    if key == "period" and "now" in value.split(","):
        yield "also now", "first" if value.startswith("now,") else "last"
        value = value.removeprefix("now,").removesuffix(",now")
    slots = _slots_in(value) if "{" in value else ()
    if key in EVENTS and slots:
        yield "event", key
        yield from (("@event", slot) for slot in slots)
    elif key == "event":
        yield "which event", value
    elif slots:
        if key not in _ROLE_OF:
            raise BadHeading(f"{key}={value}: no field takes a slot by that name")
        if key in ("n", "limits"):
            yield key, "slot"
        yield from ((f"@{_ROLE_OF[key]}", slot) for slot in slots)
    elif key in SEVERAL:
        yield from zip((key, f"also {key}"), map(_spoken, value.split(",")), strict=False)
    elif key == "kinds":
        yield from zip(("kind", "also kind"), map(_spoken, value.split(",")), strict=False)
    else:
        yield key, _spoken(value)


def _slots_in(part: str) -> tuple[str, ...]:
    names = tuple(part.split(","))
    for name in names:
        match = SLOT.fullmatch(name)
        if not match or match[1] not in (*THINGS, *OTHERS):
            raise BadHeading(f"{name} is no slot")
    return tuple(name.strip("{}") for name in names)


def _checked(name: str, value: str) -> str:
    if name not in FIELDS:
        raise BadHeading(f"{name}= is no field; those are {', '.join(FIELDS)}")
    return _one_of(name, value, CHOSEN.get(name.removeprefix("also "), ()))


def _one_of(name: str, value: str, known: Iterable[str]) -> str:
    if known and value not in known:
        raise BadHeading(f"{name}: {value!r} is none of {', '.join(known)}")
    return value


def _spoken(word: str) -> str:
    return word if word in _HYPHENATED else word.replace("-", " ") if not word.lstrip("-").isdigit() else word
