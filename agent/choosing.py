"""What was computed -> the option of a multiple-choice question that says the same; None if none or several do.

Of several that say it, the one that says nothing else is meant: "Asthma" before "Asthma; Gout". An option with days
("Yes, most recently on 2019-03-04") must also name days of what was found. Left out: options in other words; those
are left to the model, if there is one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agent.choices import Choice
from agent.plan import Plan
from agent.values import Value, values_of
from tools.calls.evidence import Evidence
from tools.calls.program import run_plan
from tools.concepts import link, mentions
from tools.entries.entry import Entry
from tools.record import PatientRecord
from tools.wording.text import normal

_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})*(?:\.\d+)?")
_NOT_RECORDED = re.compile(
    r"\b(?:not (?:recorded|documented|available|stated|known|mentioned|specified|in the record)|no record"
    r"|unknown|none(?: of (?:the above|these))?|cannot be determined|never|no (?:data|information|entry))\b"
)
_YES, _NO = re.compile(r"\W*(?:yes|true)\b"), re.compile(r"\W*(?:no|false)\b")
_TRUTH = re.compile(r"^\W*(?:yes|no)\b\W*")
_FILLING = re.compile(
    r"\b(?:the|record|says|on|aged|it|is|was|most|recently|from|since|at|of|he|she|they|ended|began|started|still)\b"
)
_TOKEN = re.compile(r"\w[\w./-]*")
_LATEST, _EARLIEST = (
    re.compile(r"\b(?:most recent(?:ly)?|last|latest)\b"),
    re.compile(r"\b(?:first|earliest)\b"),
)
_SIDES = {"high": re.compile(r"\b(?:above|over|high)\b"), "low": re.compile(r"\b(?:below|under|low)\b")}
_FLAGGED = re.compile(r"\((high|low)\b")
_BETWEEN = re.compile(r"[\s,;/.]|\band\b")
_SEVERAL = (",", ";", " and ", "/")
_CLOSE, _ROUNDED = Decimal("0.005"), Decimal("0.005")

_Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Computed:
    """The machine's answer, as options are held against it.

    Attributes:
        values: as `Answer.values`.
        days: of the entries that carry them.
        either: each of the values alone answers, as they share the moment that was asked for.
        facts: the lines behind them, in normal form.
        names: tells whether a text is, as a whole, a name of something that was found.
    """

    values: tuple[Value, ...]
    days: frozenset[str] = frozenset()
    either: bool = False
    facts: str = ""
    names: Callable[[str], bool] = lambda text: False


def computed(evidence: Sequence[Evidence], plan: Plan, record: PatientRecord) -> Computed:
    """Return what the evidence of a plan amounts to."""
    entries = [entry for e in evidence for reference in e.references if (entry := record.get(reference))]
    days = frozenset(entry.start.day for entry in entries if entry.start)
    picked = all(e.arguments.get("pick") in ("first", "last", "nth") for e in evidence)
    either = (picked and len(days) == 1) or all(map(_of_an_extreme, evidence))
    facts = normal(" ".join(fact.text for e in evidence for fact in e.facts))
    values = values_of(evidence, plan.yes_no)
    named = all(isinstance(value, str) and not _DAY.fullmatch(value) for value in values)

    def names(text: str) -> bool:
        return named and _is_a_name_of(text.strip(" .;"), entries, record)

    return Computed(values, days, either, facts, names)


def _is_a_name_of(text: str, entries: Sequence[Entry], record: PatientRecord) -> bool:
    """Tell whether a text is the name of one of some entries, and says no more than it."""
    kinds = tuple({entry.kind for entry in entries})
    if [each.text for each in mentions(text, record, kinds)] != [text]:
        return False
    found = {entry.reference for entry in entries}
    return any(each.reference in found for called in link(text, record, kinds)[:1] for each in called.entries)


def settled(plan: Plan, choices: Sequence[Choice], record: PatientRecord) -> Plan:
    """Return the one reading of a question whose answer is one of its options; else the plan as it is.

    Yes and no, and that nothing is recorded, are options of any reading. Words that narrow the question and have no
    place in a plan are not passed over.
    """
    if plan.calls or plan.left_out or not choices:
        return plan
    answering = [each for each in plan.readings if _answers_one(each, choices, record)]
    return replace(answering[0], sure=plan.sure, frame=plan.frame) if len(answering) == 1 else plan


def _answers_one(reading: Plan, choices: Sequence[Choice], record: PatientRecord) -> bool:
    told = computed(reading.answers(run_plan(reading.calls, record)), reading, record)
    return any(not isinstance(value, bool) for value in told.values) and choose(choices, told) is not None


def _of_an_extreme(evidence: Evidence) -> bool:
    """Whether the days of an extreme were asked for: with several, each is a day of it."""
    asked = evidence.arguments
    return asked.get("give") == "date" and asked.get("pick") in ("max", "min")


def choose(choices: Sequence[Choice], told: Computed) -> Choice | None:
    """Return the only option that says what was computed; None if none or several do."""
    tests: list[_Test] = [
        lambda text: _says(text, told.values),
        lambda text: _says(text, told.values) and _says_days(text, told),
        lambda text: _says(text, told.values) and _says_only(text, told.values),
        lambda text: _says(text, told.values) and _told_by(text, told.facts),
        lambda text: _says(text, told.values) and _says_side(text, told.facts),
        lambda text: told.either and _says_one(text, told.values),
        told.names,
    ]
    for test in tests:
        fitting = [choice for choice in choices if test(choice.text)]
        if len(fitting) == 1:
            return fitting[0]
    return _fullest([choice for choice in choices if tests[3](choice.text)])


def _fullest(fitting: Sequence[Choice]) -> Choice | None:
    """Return the option that says all that the others say, and more: "… Never married" before "… married"."""
    told = [set(_TOKEN.findall(normal(choice.text))) for choice in fitting]
    full = [
        choice for choice, words in zip(fitting, told, strict=True) if all(words >= other for other in told)
    ]
    return full[0] if len(full) == 1 else None


def _says(option: str, values: Sequence[Value]) -> bool:
    text = normal(option)
    if not values:
        return bool(_NOT_RECORDED.search(text))
    if all(isinstance(value, bool) for value in values):
        return bool((_YES if all(values) else _NO).match(text))
    if len(values) > 1 and not any(mark in option for mark in _SEVERAL):
        return False
    return all(_holds(option, text, value) for value in values)


def _says_days(option: str, told: Computed) -> bool:
    """Whether the days that an option names are days of what was found, the last of them if it says so."""
    named, text = set(_ISO_DAY.findall(option)), normal(option)
    if not named or not named <= told.days:
        return False
    if _LATEST.search(text):
        return named == {max(told.days)}
    return named == {min(told.days)} if _EARLIEST.search(text) else True


def _says_only(option: str, values: Sequence[Value]) -> bool:
    """Whether names are all that an option gives: nothing is left of it without them."""
    names = sorted((normal(value) for value in values if isinstance(value, str)), key=len, reverse=True)
    left = normal(option)
    for name in names:
        before, found, after = left.partition(name)
        if not found:
            return False
        left = f"{before} {after}"
    return len(names) == len(values) > 0 and not _BETWEEN.sub("", left)


def _told_by(option: str, facts: str) -> bool:
    """Whether what follows a yes or no stands in the facts: "No, the record says Houston", "Yes, aged 69"."""
    rest = _FILLING.sub(" ", _TRUTH.sub("", normal(option)))
    told = _TOKEN.findall(rest)
    return bool(told) and all(re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", facts) for token in told)


def _says_side(option: str, facts: str) -> bool:
    """Whether an option names the side on which the values lie: "No, it is above the range"."""
    named = {side for side, words in _SIDES.items() if words.search(normal(option))}
    return bool(named) and named == set(_FLAGGED.findall(facts))


def _says_one(option: str, values: Sequence[Value]) -> bool:
    """Whether an option is one of several values that each answer."""
    return any(_says(option, (value,)) and _says_only(option, (value,)) for value in values)


def _holds(option: str, text: str, value: Value) -> bool:
    if isinstance(value, str):
        return value in _DAY.findall(option) if _DAY.fullmatch(value) else _named(normal(value), text)
    if isinstance(value, bool):
        return bool((_YES if value else _NO).match(text))
    wanted = Decimal(str(value))
    close = 0 if isinstance(value, int) else max(abs(wanted) * _CLOSE, _ROUNDED)
    return any(abs(number - wanted) <= close for number in _numbers(option))


def _named(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _numbers(option: str) -> list[Decimal]:
    return [Decimal(text.replace(",", "").replace("−", "-")) for text in _NUMBER.findall(option)]
