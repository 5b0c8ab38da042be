"""Evidence of `measure` -> its sentence: "The latest Hemoglobin A1c was 6.4 % on 2020-12-04 […]."."""

import re
from dataclasses import replace

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
from agent.writer.words import (
    amount,
    aside,
    asked_for,
    cite,
    joined,
    limit_words,
    line,
    period_of,
    picked,
    relation_to,
    shown,
    topic,
)
from tools.calls.evidence import Evidence, Fact
from tools.wording.words import counted, on_day, read_unit

_ADJECTIVE = {"last": "latest", "max": "highest", "min": "lowest"}
_BEFORE = ("high", "low", "positive", "negative")
"""Tests that stand before the name of what was measured; the others stand after it."""
_FOUND = "with a finding"
_SUMMED = ("mean", "median", "sum")
_CHANGES = ("change", "percent change")
_GOING = {
    "rising": "has been rising",
    "falling": "has been falling",
    "stable": "has been stable",
    "varying": "varies",
}
_WENT = {"rising": "was rising", "falling": "was falling", "stable": "was stable", "varying": "varied"}
_NUMBER = re.compile(r"(?P<name>[^\d<>]+?) (?P<value>[<>]?=? ?\d.*)")
_SLOPE = re.compile(r"[+-]?\d.* a (?:year|day)")
"""The note that says by how much values change."""
_ASIDE = re.compile(r" \([^()]*\)$")


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for a test or panel."""
    evidence = _with_times(evidence)
    arguments, single = evidence.arguments, len(evidence.values) == 1
    statistic = str(arguments.get("statistic") or "")
    if evidence.values and all(isinstance(value, bool) for value in evidence.values):
        return _course(evidence) if statistic in (*_CHANGES, "trend") else _truth(evidence)
    if arguments.get("give") == "unit" and evidence.values:
        return _unit(evidence)
    if single and (statistic == "count" or arguments.get("how") == "count"):
        return _count(evidence)
    if single and statistic in _SUMMED:
        return _summed(evidence, statistic)
    if statistic == "range" and len(evidence.values) == 2:
        return _range(evidence)
    if single and statistic in (*_CHANGES, "trend"):
        return (_trend if statistic == "trend" else _change)(evidence, brief.deceased)
    if not statistic and len(evidence.facts) == 1 and (_adjective(evidence) or _nearest(evidence)):
        return _one(evidence)
    return _list(evidence)


def _with_times(evidence: Evidence) -> Evidence:
    """Return evidence whose lines say the time of day, where times were asked for."""
    if evidence.arguments.get("give") != "time":
        return evidence
    times = {str(value)[:10]: str(value) for value in evidence.values}
    facts = (
        f
        if not _is_number(without_name(f, name_of(f)))
        else replace(f, text=f.text.replace(f" {on_day(f.date)}", f" {on_day(times.get(f.date, f.date))}", 1))
        for f in evidence.facts
    )
    return replace(evidence, facts=tuple(facts)) if len(times) == len(evidence.values) else evidence


def _adjective(evidence: Evidence) -> str:
    """Return which measurement was picked: "latest", "highest", "second"; "" for all of them, or the nearest."""
    arguments = evidence.arguments
    several = any(map(arguments.get, ("statistic", "test", "how"))) or relation_to(evidence) == "nearest"
    pick = str(arguments.get("pick") or ("all" if several else "last"))
    if "n" not in arguments and pick in _ADJECTIVE:
        return _ADJECTIVE[pick]
    return picked(evidence)


def _nearest(evidence: Evidence) -> bool:
    return relation_to(evidence) == "nearest"


def _unit(evidence: Evidence) -> str:
    units = [read_unit(safe(str(unit))) for unit in evidence.values]
    lead = f"The unit of {_what(evidence)} is" if len(units) == 1 else f"The units of {_what(evidence)} are"
    return f"{lead} {joined(units)}{sources(evidence)}."


def _what(evidence: Evidence, name: str = "") -> str:
    """Return what was measured, held to which limit and when: "Hemoglobin A1c above 7 % in 2015 (…)"."""
    test, name = limit_words(evidence), name or lowered(topic(evidence))
    if test in _BEFORE:
        test, name = "", f"{test} {name}"
    elif test == "found":
        test = _FOUND
    return " ".join(part for part in (name, test, period_of(evidence)) if part)


def _one(evidence: Evidence) -> str:
    fact, give = evidence.facts[0], evidence.arguments.get("give", "value")
    age = f", at age {shown(evidence.values[0])}," if give == "age" and evidence.values else ""
    text, name = safe(fact.text), ""
    if len(evidence.values) == 1 and not isinstance(evidence.values[0], str) and name_of(fact):
        value = without_name(fact, name_of(fact))
    elif give == "value" and len(evidence.values) > 1 and (match := _NUMBER.fullmatch(text)):
        name, value = lowered(match["name"]), match["value"]
    else:
        value = without_name(fact, name_of(fact)) if name_of(fact) else text
    if give != "value" and not _is_number(value):
        return _words(evidence, str(give))
    lead = f"{_adjective(evidence)} {_what(evidence, name)}".strip()
    return f"The {lead}{age} was {value}{sources(evidence)}."


def _words(evidence: Evidence, give: str) -> str:
    """Say when a result in words was, which stands as recorded: it may deny, as "not detected" does."""
    value = shown(evidence.values[0]) if evidence.values else ""
    said = {"time": on_day(value), "age": f"at age {value}"}.get(give)
    when = f", {said}" if said and value else ""
    lead = _adjective(evidence) or "nearest"
    return f"{capital(lead)}{when}: {line(evidence.facts[0])}{cite(evidence.references[1:])}."


def _is_number(text: str) -> bool:
    return text.lstrip("<>=-~ ")[:1].isdigit()


def _list(evidence: Evidence) -> str:
    name, asked, adjective = only_name(evidence), asked_for(evidence), _adjective(evidence)
    what = _what(evidence, "" if name or not asked else asked)
    noun = "measurement" if name else "result"
    lead = f"The {adjective} {what}" if adjective else capital(what)
    heading = aside(lead, counted(evidence.total, noun), evidence)
    of_tests = bool(evidence.arguments.get("statistic")) and not name  # one line a test, of many results
    return listed(heading, replace(evidence, total=len(evidence.facts)) if of_tests else evidence, name)


def _truth(evidence: Evidence) -> str:
    name, word = only_name(evidence), truth_word(evidence)
    unfit = "not " if evidence.arguments.get("how") == "all" and evidence.values == (False,) else ""
    test = _FOUND if evidence.arguments.get("test") == "found" else limit_words(evidence)
    how = " ".join(part for part in (f"{unfit}{test}".strip(), period_of(evidence)) if part)
    in_words = not all(map(_is_number, (without_name(fact, name) for fact in evidence.facts)))
    if not name or in_words or evidence.total <= len(telling(evidence, 3)):
        return truth(evidence, how)
    first, last = ends(evidence)
    said = [
        f"{when} {without_name(fact, name)}{cite([fact.reference])}"
        for when, fact in (("first", first), ("last", last))
    ]
    return f"{word}, {evidence.total} times{f' {how}' if how else ''}: {name}, {'; '.join(said)}."


def _course(evidence: Evidence) -> str:
    """Say whether a test went up or down, from its first value to its last."""
    told = {label: fact for fact in evidence.facts for label in [fact.text.partition(":")[0]]}
    if len(told) < len(evidence.facts):  # of several tests, so that no two of these belong together for sure
        return listed(
            f"{truth_word(evidence)}, {_of(evidence)}", replace(evidence, total=len(evidence.facts))
        )
    ends_said = [
        f"{word} {_when(told[label], label)}{cite([told[label].reference])}"
        for word, label in (("from", "First"), ("to", "Last"))
        if label in told
    ]
    if len(ends_said) < 2:
        return truth(evidence)
    return f"{truth_word(evidence)}: {_of(evidence)} {' '.join(ends_said)}."


def _of(evidence: Evidence) -> str:
    """Return what was measured and when, without the limit to which a statistic of it was held."""
    return f"{lowered(topic(evidence))} {period_of(evidence)}".strip()


def _count(evidence: Evidence) -> str:
    on_days = evidence.arguments.get("give") == "date"
    n = counted(int(str(evidence.values[0])), "day" if on_days else "measurement")
    if not evidence.facts:
        return f"{n} of {_what(evidence)}{sources(evidence)}."
    first, last = ends(evidence)
    if first == last and evidence.total > 1:
        return f"{n} of {_what(evidence)}, one of them {on_day(first.date)}{cite([first.reference])}."
    if first == last:
        how = " ".join(part for part in (limit_words(evidence), period_of(evidence)) if part)
        return f"{n}{f' {how}' if how else ''}: {line(first)}."
    ends_of = (("first", first), ("last", last))
    days = ", ".join(f"{word} {on_day(fact.date)}{cite([fact.reference])}" for word, fact in ends_of)
    return f"{n} {'with' if on_days else 'of'} {_what(evidence)}, {days}."


def _summed(evidence: Evidence, statistic: str) -> str:
    value, many = amount(evidence.values[0], evidence.unit), counted(evidence.total, "measurement")
    of = " of" if statistic == "sum" else ""
    return f"The {statistic}{of} {_what(evidence)} was {value} ({many}){sources(evidence)}."


def _range(evidence: Evidence) -> str:
    low, high = (amount(value, evidence.unit) for value in evidence.values)
    many = counted(evidence.total, "measurement")
    return f"{capital(_what(evidence))} was between {low} and {high} ({many}){sources(evidence)}."


def _trend(evidence: Evidence, deceased: bool) -> str:
    going = (_WENT if deceased else _GOING).get(str(evidence.values[0]), f"is {shown(evidence.values[0])}")
    told = {label: fact for fact in evidence.facts for label in [fact.text.partition(":")[0]]}
    first, last = told.get("First"), told.get("Last")
    if not first or not last:
        return f"{capital(_of(evidence))} {going}: {'; '.join(map(line, evidence.facts))}."
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
    by = "".join(f" That is {note}." for note in evidence.notes if _SLOPE.fullmatch(note))
    return f"{capital(_of(evidence))} {going}: {begin} to {end} ({', '.join(more)}).{by}"


def _change(evidence: Evidence, deceased: bool) -> str:
    value = evidence.values[0]
    if len(evidence.facts) != 2 or isinstance(value, str):
        return f"{capital(_of(evidence))}: {'; '.join(map(line, evidence.facts))}."
    first, last = evidence.facts
    way = "rose" if value > 0 else "fell"
    by = f"{way} by {amount(max(value, -value), evidence.unit)}" if value else "was unchanged"
    ends_said = [
        f"{word} {_when(fact, label)}{cite([fact.reference])}"
        for word, label, fact in (("from", "First", first), ("to", "Last", last))
    ]
    return f"{capital(_of(evidence))} {by}, {' '.join(ends_said)}."


def _bare(fact: Fact, label: str) -> str:
    """Return "7.1 % on 2019-11-02" of "First: Hemoglobin A1c 7.1 % on 2019-11-02 (high; reference 4–5.6)"."""
    plain = Fact(safe(fact.text).removeprefix(f"{label}: "), fact.reference, fact.display, fact.date)
    return _ASIDE.sub("", without_name(plain, name_of(plain)))


def _when(fact: Fact, label: str) -> str:
    """Return "7.1 % (2019-11-02)" of "First: Hemoglobin A1c 7.1 % on 2019-11-02 (high; reference 4–5.6)"."""
    said = _bare(fact, label)
    value, when, rest = said.partition(f" {on_day(fact.date)}") if fact.date else (said, "", "")
    return f"{value} ({fact.date}{rest})" if when else said


def _value(fact: Fact, label: str) -> str:
    return _first_word(_bare(fact, label))


def _first_word(text: str) -> str:
    return text.partition(" ")[0]
