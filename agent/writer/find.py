"""Evidence of `find` -> its sentence, by what was asked: names, days, how many, how long, whether any."""

from dataclasses import replace

from rapidfuzz import fuzz

from agent.check.recorded import as_name, bare_line
from agent.check.tokens import stem
from agent.context import Brief
from agent.writer.found import capital, ends, listed, lowered, name_of, one, sources, truth
from agent.writer.words import (
    argument,
    asked_for,
    cite,
    noun,
    picked,
    related_as,
    relation_to,
    scope,
    shown,
    sought,
    window,
)
from tools.calls.evidence import Evidence, Fact
from tools.finding.filters import means_active
from tools.wording.text import words
from tools.wording.words import on_day, plural

_ALIKE = 88
_VERBS = {
    "MedicationRequest": "prescribed",
    "MedicationAdministration": "given",
    "MedicationDispense": "dispensed",
    "Immunization": "given",
    "Procedure": "done",
}
_LASTING = (
    "Condition",
    "AllergyIntolerance",
    "CarePlan",
    "CareTeam",
    "Goal",
    "Coverage",
    "MedicationStatement",
)
_ONE_LINE_EACH = ("condition", "medication")
_DAYS = ("entry", "date", "time")
_ENDS = ("end", "end time")


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for entries of a kind."""
    give = str(evidence.arguments.get("give", "entry"))
    if give == "time" and len(evidence.facts) > 1:
        evidence = replace(evidence, facts=tuple(map(_with_its_day_once, evidence.facts)))
    if len(evidence.values) == 1 and isinstance(evidence.values[0], bool):
        return truth(evidence)
    if evidence.arguments.get("per"):
        return _per(evidence)
    if give == "count":
        return _count(evidence)
    if give == "distinct":
        return listed(
            f"{shown(evidence.values[0])} different {_things(evidence)}{_narrowed(evidence)}", evidence
        )
    yes = brief.plan.yes_no and give == "entry"
    if len(evidence.facts) == 1 and evidence.total <= 1:
        return f"Yes: {one(evidence)}" if yes else _single(evidence, give)
    return f"{'Yes. ' if yes else ''}{listed(_heading(evidence), evidence)}"


def _single(evidence: Evidence, give: str) -> str:
    fact, which = evidence.facts[0], picked(evidence)
    which = which.partition(" ")[0] if which[-1:].isdigit() else which  # one of the last 3
    if which in ("longest", "shortest"):
        return f"The {which} {_what(evidence)}{scope(evidence)}: {one(evidence)}"
    if which and fact.date and give in _DAYS:
        return f"{_dated(evidence, fact, which)}{cite(evidence.references)}."
    if give in _ENDS and len(evidence.values) == 1:
        ended = "," if related_as(evidence) == "ended" else " ended"
        lead = f"The {which} {_what(evidence)}{scope(evidence)}{ended}" if which else "Ended"
        return f"{lead} {on_day(shown(evidence.values[0]))}: {one(_once(evidence))}"
    if give == "time" and len(evidence.values) == 1 and not which:
        return f"{capital(on_day(shown(evidence.values[0])))}: {one(_once(evidence))}"
    if evidence.arguments.get("pick") == "most often":
        return f"Recorded most often{scope(evidence, 'as ')}: {one(evidence)}"
    if not which:
        lead = window(evidence) if related_as(evidence) or relation_to(evidence) == "nearest" else ""
        return f"{capital(lead)}: {one(evidence)}" if lead else one(evidence)
    lead = f"{which} recorded" if asked_for(evidence) else f"{which} {noun(evidence)}"
    return f"{capital(lead)}{_narrowed(evidence)}: {one(evidence)}"


def _narrowed(evidence: Evidence) -> str:
    """Return what narrows a search, after "recorded for" where words were looked for."""
    return scope(evidence, "as " if asked_for(evidence) else "")


def _once(evidence: Evidence) -> Evidence:
    """Return evidence of one fact without the time that the sentence says already."""
    fact, time = evidence.facts[0], str(evidence.values[0])
    text = fact.text.removesuffix(f", at {time}").removesuffix(f", ended {time}")
    return replace(evidence, facts=(replace(fact, text=text),))


def _with_its_day_once(fact: Fact) -> Fact:
    """Return a fact that says its day and its time, without the day before the time."""
    return replace(fact, text=fact.text.replace(f", at {fact.date} ", ", at "))


def _what(evidence: Evidence) -> str:
    return sought(evidence) or noun(evidence)


def _dated(evidence: Evidence, fact: Fact, which: str) -> str:
    """Say when: "The last tetanus shot was given on 2019-12-11: Td (adult)"."""
    kind, asked, name = fact.reference.partition("/")[0], asked_for(evidence), name_of(fact)
    timed = evidence.arguments.get("give") == "time" and len(evidence.values) == 1
    day = shown(evidence.values[0]) if timed else fact.date
    told, narrowed = _undated(_once(evidence).facts[0] if timed else fact), scope(evidence)
    if kind in _LASTING:
        comma = f"{scope(evidence, 'as ')}," if narrowed else ""
        return f"{capital(which)} recorded{comma} {on_day(day)}: {told}"
    if asked and name and fuzz.ratio(_singular(asked), _singular(name)) >= _ALIKE:
        rest = told.removeprefix(name).lstrip(" ,")
        asked, told = lowered(as_name(name)), f" ({rest})" if rest else ""
    else:
        told = f": {told}"
    several = bool(asked) and _singular(asked) != " ".join(words(asked)) and told.startswith(":")
    be = "were" if several else "was"
    if kind == "MedicationRequest" and asked and not narrowed and which in ("first", "last"):
        return f"{capital(asked)} {be} {which} prescribed {on_day(day)}{told}"
    verb = f"{_VERBS[kind]} " if kind in _VERBS and (asked or kind != "MedicationAdministration") else ""
    return f"The {which} {asked or noun(evidence)}{narrowed} {be} {verb}{on_day(day)}{told}"


def _singular(text: str) -> str:
    return " ".join(map(stem, words(text)))


def _undated(fact: Fact) -> str:
    kind = fact.reference.partition("/")[0]
    text = bare_line(fact.text)
    for when in (f"{_VERBS.get(kind, '')} {fact.date}", f"since {fact.date}", on_day(fact.date)):
        text = text.replace(f", {when}", "", 1)
    return text.replace(f" {on_day(fact.date)}", "", 1) if kind == "Observation" else text


def _heading(evidence: Evidence) -> str:
    asked, which, narrowed = sought(evidence), picked(evidence), _narrowed(evidence)
    if which:
        days = {fact.date for fact in evidence.facts}
        comma = "," if narrowed else ""
        when = f"{comma} {on_day(days.pop())}" if len(days) == 1 and "" not in days else ""
        if which[-1].isdigit():
            many = "" if which.endswith(f" {evidence.total}") else f" ({evidence.total})"
            return (
                f"The {which} {f'recorded for {asked}' if asked else plural(noun(evidence))}{narrowed}{many}"
            )
        return f"The {which} {asked or plural(noun(evidence))}{scope(evidence)}{when} ({evidence.total})"
    if evidence.arguments.get("pick") == "most often":
        return f"Recorded most often{scope(evidence, 'as ')} ({evidence.total})"
    said = f"recorded for {asked}" if asked else plural(noun(evidence))
    several = "different " if _grouped(evidence) and not asked else ""
    return f"{evidence.total} {several}{said}{narrowed}"


def _grouped(evidence: Evidence) -> bool:
    by_name = evidence.arguments.get("kind") not in _ONE_LINE_EACH
    return by_name and len(evidence.references) > evidence.total


def _things(evidence: Evidence) -> str:
    asked = sought(evidence)
    return f"recorded for {asked}" if asked else plural(noun(evidence))


def _counted(evidence: Evidence) -> str:
    """Return what is counted, for one: drugs are counted by their prescriptions."""
    what = noun(evidence)
    if what.endswith("medication") and not _of_current_drugs(evidence):
        return f"{what.removesuffix('medication')}prescription"
    return what


def _of_current_drugs(evidence: Evidence) -> bool:
    """Tell whether drugs are told that are current: each once, however often it was ordered."""
    return evidence.arguments.get("kind") == "medication" and means_active(argument(evidence, "status"))


def _count(evidence: Evidence) -> str:
    n, narrowed = shown(evidence.values[0]), scope(evidence)
    asked, what = sought(evidence), _counted(evidence)
    if n == "1" and len(evidence.facts) == 1:
        return f"1 {'recorded' if asked else what}{_narrowed(evidence)}: {one(evidence)}"
    if _of_current_drugs(evidence) and not picked(evidence):
        return listed(f"{n} {_things(evidence)}{_narrowed(evidence)}", evidence)
    lead = f"{capital(asked)}{narrowed}: {n}" if asked else f"{n} {plural(what)}{narrowed}"
    if not evidence.facts:
        return f"{lead}{sources(evidence)}."
    first, last = ends(evidence)
    if not first.date:
        return f"{lead}{sources(evidence)}."
    if picked(evidence):
        return f"{lead}, from {first.date}{cite([first.reference])} to {last.date}{cite([last.reference])}."
    the = "the " if related_as(evidence) else ""
    if first.date == last.date:
        both = cite([first.reference, last.reference])
        return f"{lead}, {the}first and last {_when(evidence, first)}{both}."
    ends_of = ((f"{the}first", first), (f"{the}last", last))
    return f"{lead}, {', '.join(f'{word} {_when(evidence, f)}{cite([f.reference])}' for word, f in ends_of)}."


def _when(evidence: Evidence, fact: Fact) -> str:
    """Return the day of a thing that is counted; of what was active or ended in a time it is that of its start."""
    return f"of {fact.date}" if related_as(evidence) else on_day(fact.date)


def _per(evidence: Evidence) -> str:
    """Say how many there were each year or month; with the most often, in which one."""
    what = plural(asked_for(evidence) or _counted(evidence))
    if evidence.arguments.get("pick") == "most often" and len(evidence.facts) == 1:
        when, n = shown(evidence.values[0]), evidence.facts[0].text.rpartition(": ")[2]
        return f"{when} had the most {what}{scope(evidence)}: {bare_line(n)}{sources(evidence)}."
    evidence = replace(evidence, facts=tuple(sorted(evidence.facts, key=lambda fact: fact.date)))
    narrowed = f"{scope(evidence)}," if scope(evidence) else ""
    lead = "Most" if evidence.arguments.get("pick") == "most often" else "Number of"
    return listed(f"{lead} {what}{narrowed} per {evidence.arguments['per']}", evidence)
