"""Evidence of `measure` -> its sentence: "The latest Hemoglobin A1c was 6.4 % on 2020-12-04 […]."."""

import re

from agent.check.recorded import safe
from agent.context import Brief
from agent.writer.found import (
    capital,
    ends,
    listed,
    lowered,
    name_of,
    only_name,
    sources,
    telling,
    truth,
    truth_word,
    without_name,
)
from agent.writer.words import amount, asked_for, cite, counted, joined, line, shown, topic
from tools.calls.evidence import Evidence, Fact

_ADJECTIVE = {
    "last": "latest",
    "previous": "last but one",
    "first": "first",
    "max": "highest",
    "min": "lowest",
}
_GOING = {
    "rising": "has been rising",
    "falling": "has been falling",
    "stable": "has been stable",
    "varying": "varies",
}
_WENT = {"rising": "was rising", "falling": "was falling", "stable": "was stable", "varying": "varied"}
_NUMBER = re.compile(r"(?P<name>[^\d<>]+?) (?P<value>[<>]?=? ?\d.*)")
_ASIDE = re.compile(r" \([^()]*\)$")


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for a test or panel."""
    pick = str(evidence.arguments.get("pick", "last"))
    if evidence.values and all(isinstance(value, bool) for value in evidence.values):
        return _course(evidence) if pick in ("change", "trend") else _truth(evidence)
    if evidence.arguments.get("give") == "unit" and evidence.values:
        return _unit(evidence)
    single = len(evidence.values) == 1
    if pick == "count" and single:
        return _count(evidence)
    if pick == "mean" and single:
        mean = amount(evidence.values[0], evidence.unit)
        many = counted(evidence.total, "measurement")
        return f"The mean {_what(evidence)} was {mean} ({many}){sources(evidence)}."
    if pick in ("change", "trend") and single:
        return (_trend if pick == "trend" else _change)(evidence, brief.deceased)
    if pick in _ADJECTIVE and len(evidence.facts) == 1:
        return _one(evidence, _ADJECTIVE[pick])
    return _list(evidence, _ADJECTIVE.get(pick, ""))


def _unit(evidence: Evidence) -> str:
    units = joined([safe(str(unit)) for unit in evidence.values])
    return f"{capital(_what(evidence))} is recorded in {units}{sources(evidence)}."


def _what(evidence: Evidence) -> str:
    return f"{lowered(topic(evidence))} {evidence.period}".strip()


def _one(evidence: Evidence, adjective: str) -> str:
    fact, give = evidence.facts[0], evidence.arguments.get("give", "value")
    age = f", at age {shown(evidence.values[0])}," if give == "age" and evidence.values else ""
    text = safe(fact.text)
    if len(evidence.values) == 1 and not isinstance(evidence.values[0], str) and name_of(fact):
        name, value = _what(evidence), without_name(fact, name_of(fact))
    elif give == "value" and len(evidence.values) > 1 and (match := _NUMBER.fullmatch(text)):
        name, value = f"{lowered(match['name'])} {evidence.period}".strip(), match["value"]
    elif name_of(fact):
        name, value = _what(evidence), without_name(fact, name_of(fact))
    else:
        name, value = _what(evidence), text
    return f"The {adjective} {name}{age} was {value}{sources(evidence)}."


def _list(evidence: Evidence, adjective: str) -> str:
    name, n = only_name(evidence), evidence.total
    cut = f", {len(evidence.facts)} shown" if n > len(evidence.facts) else ""
    asked = asked_for(evidence)
    what = lowered(topic(evidence)) if name or not asked else asked
    what = f"{what} {evidence.period}".strip()
    noun = "measurement" if name else "result"
    lead = f"The {adjective} {what}" if adjective else capital(what)
    return listed(f"{lead} ({counted(n, noun)}{cut})", evidence, name)


def _truth(evidence: Evidence) -> str:
    name = only_name(evidence)
    if not name or evidence.total <= len(telling(evidence, 3)):
        return truth(evidence)
    first, last = ends(evidence)
    word = truth_word(evidence)
    unfit = " not" if evidence.arguments.get("give") == "fits" and evidence.values == (False,) else ""
    said = [
        f"{when} {without_name(fact, name)}{cite([fact.reference])}"
        for when, fact in (("first", first), ("last", last))
    ]
    period = f" {evidence.period}".rstrip()
    return f"{word}, {evidence.total} times{unfit}{period}: {name}, {'; '.join(said)}."


def _course(evidence: Evidence) -> str:
    """Say whether a test went up or down, from its first value to its last."""
    told = {label: fact for fact in evidence.facts for label in [fact.text.partition(":")[0]]}
    ends_said = [
        f"{word} {_when(_bare(told[label], label))}{cite([told[label].reference])}"
        for word, label in (("from", "First"), ("to", "Last"))
        if label in told
    ]
    if len(ends_said) < 2:
        return truth(evidence)
    return f"{truth_word(evidence)}: {_what(evidence)} {' '.join(ends_said)}."


def _count(evidence: Evidence) -> str:
    on_days = evidence.arguments.get("give") == "date"
    n = counted(int(str(evidence.values[0])), "day" if on_days else "measurement")
    if not evidence.facts:
        return f"{n} of {_what(evidence)}{sources(evidence)}."
    first, last = ends(evidence)
    if first == last:
        return f"{n}{f' {evidence.period}'.rstrip()}: {line(first)}."
    days = f"first on {first.date}{cite([first.reference])}, last on {last.date}{cite([last.reference])}"
    return f"{n} {'with' if on_days else 'of'} {_what(evidence)}, {days}."


def _trend(evidence: Evidence, deceased: bool) -> str:
    going = (_WENT if deceased else _GOING).get(str(evidence.values[0]), f"is {shown(evidence.values[0])}")
    told = {label: fact for fact in evidence.facts for label in [fact.text.partition(":")[0]]}
    first, last = told.get("First"), told.get("Last")
    if not first or not last:
        return f"{capital(_what(evidence))} {going}: {'; '.join(map(line, evidence.facts))}."
    known = {_bare(first, "First"), _bare(last, "Last")}
    extremes = {label: told[label] for label in ("Lowest", "Highest") if label in told}
    more = [
        f"{label.lower()} {_bare(fact, label)}{cite([fact.reference])}"
        for label, fact in extremes.items()
        if _bare(fact, label) not in known and _value(fact, label) not in map(_first_word, known)
    ]
    more.append(counted(evidence.total, "measurement"))
    begin, end = (
        f"{_bare(f, label)}{cite([f.reference])}" for f, label in ((first, "First"), (last, "Last"))
    )
    return f"{capital(_what(evidence))} {going}: {begin} to {end} ({', '.join(more)})."


def _change(evidence: Evidence, deceased: bool) -> str:
    value = evidence.values[0]
    if len(evidence.facts) != 2 or isinstance(value, str):
        return f"{capital(_what(evidence))}: {'; '.join(map(line, evidence.facts))}."
    first, last = evidence.facts
    way = "rose" if value > 0 else "fell"
    by = f"{way} by {amount(max(value, -value), evidence.unit)}" if value else "was unchanged"
    ends_said = [
        f"{word} {_when(_bare(fact, label))}{cite([fact.reference])}"
        for word, label, fact in (("from", "First", first), ("to", "Last", last))
    ]
    return f"{capital(_what(evidence))} {by}, {' '.join(ends_said)}."


def _bare(fact: Fact, label: str) -> str:
    """Return "7.1 % on 2019-11-02" of "First: Hemoglobin A1c 7.1 % on 2019-11-02 (high; reference 4–5.6)"."""
    plain = Fact(safe(fact.text).removeprefix(f"{label}: "), fact.reference, fact.display, fact.date)
    return _ASIDE.sub("", without_name(plain, name_of(plain)))


def _when(said: str) -> str:
    value, on, day = said.rpartition(" on ")
    return f"{value} ({day})" if on else said


def _value(fact: Fact, label: str) -> str:
    return _first_word(_bare(fact, label))


def _first_word(text: str) -> str:
    return text.partition(" ")[0]
