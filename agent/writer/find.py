"""Evidence of `find` -> its sentence, by what was asked: names, days, how many, whether any."""

from rapidfuzz import fuzz

from agent.check.recorded import as_name, bare_line
from agent.check.tokens import stem
from agent.context import Brief
from agent.writer.found import capital, ends, listed, lowered, name_of, one, sources, truth
from agent.writer.words import asked_for, cite, noun, plural, scope, shown
from tools.calls.evidence import Evidence, Fact
from tools.wording.text import words

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


def found(evidence: Evidence, brief: Brief) -> str:
    """Return the sentence for entries of a kind."""
    give = str(evidence.arguments.get("give", "name"))
    if len(evidence.values) == 1 and isinstance(evidence.values[0], bool):
        return truth(evidence)
    if give == "count":
        return _count(evidence)
    if give == "distinct":
        return listed(f"{shown(evidence.values[0])} different {_things(evidence)}{scope(evidence)}", evidence)
    yes = brief.plan.yes_no and give == "name"
    if len(evidence.facts) == 1 and evidence.total <= 1:
        return f"Yes: {one(evidence)}" if yes else _single(evidence, give)
    return f"{'Yes. ' if yes else ''}{listed(_heading(evidence), evidence)}"


def _single(evidence: Evidence, give: str) -> str:
    fact, picked = evidence.facts[0], _picked(evidence)
    if picked and fact.date and give in ("name", "date"):
        return f"{_dated(evidence, fact, picked)}{cite(evidence.references)}."
    if give == "end" and len(evidence.values) == 1:
        return f"Ended on {shown(evidence.values[0])}: {one(evidence)}"
    if not picked:
        return one(evidence)
    lead = f"{picked} recorded" if asked_for(evidence) else f"{picked} {noun(evidence)}"
    return f"{capital(lead)}{scope(evidence)}: {one(evidence)}"


def _dated(evidence: Evidence, fact: Fact, picked: str) -> str:
    """Say when: "The last tetanus shot was given on 2019-12-11: Td (adult)"."""
    kind, asked, name = fact.reference.partition("/")[0], asked_for(evidence), name_of(fact)
    told, narrowed = _undated(fact), scope(evidence)
    if kind in _LASTING:
        comma = f"{narrowed}," if narrowed else ""
        return f"{capital(picked)} recorded{comma} on {fact.date}: {told}"
    if asked and name and fuzz.ratio(_singular(asked), _singular(name)) >= _ALIKE:
        rest = told.removeprefix(name).lstrip(" ,")
        asked, told = lowered(as_name(name)), f" ({rest})" if rest else ""
    else:
        told = f": {told}"
    several = bool(asked) and _singular(asked) != " ".join(words(asked)) and told.startswith(":")
    be = "were" if several else "was"
    if kind == "MedicationRequest" and asked and not narrowed:
        return f"{capital(asked)} {be} {picked} prescribed on {fact.date}{told}"
    verb = f"{_VERBS[kind]} on" if kind in _VERBS else "on"
    return f"The {picked} {asked or noun(evidence)}{narrowed} {be} {verb} {fact.date}{told}"


def _singular(text: str) -> str:
    return " ".join(map(stem, words(text)))


def _undated(fact: Fact) -> str:
    kind = fact.reference.partition("/")[0]
    text = bare_line(fact.text)
    for lead in (_VERBS.get(kind, ""), "since", "on"):
        text = text.replace(f", {lead} {fact.date}", "", 1) if lead else text
    return text.replace(f" on {fact.date}", "", 1) if kind == "Observation" else text


def _picked(evidence: Evidence) -> str:
    pick = str(evidence.arguments.get("pick", "all"))
    return pick if pick in ("first", "last") else ""


def _heading(evidence: Evidence) -> str:
    asked, picked, period = asked_for(evidence), _picked(evidence), scope(evidence)
    cut = f"{len(evidence.facts)} shown" if evidence.total > len(evidence.facts) else ""
    if picked:
        days = {fact.date for fact in evidence.facts}
        when = f" on {days.pop()}" if len(days) == 1 and "" not in days else period
        many = ", ".join(filter(None, (str(evidence.total), cut)))
        return f"The {picked} {asked or plural(noun(evidence))}{when} ({many})"
    said = f"recorded for {asked}" if asked else plural(noun(evidence))
    several = "different " if _grouped(evidence) and not asked else ""
    return f"{evidence.total} {several}{said}{period}" + (f" ({cut})" if cut else "")


def _grouped(evidence: Evidence) -> bool:
    by_name = evidence.arguments.get("kind") not in _ONE_LINE_EACH
    return by_name and len(evidence.references) > evidence.total


def _things(evidence: Evidence) -> str:
    asked = asked_for(evidence)
    return f"recorded for {asked}" if asked else plural(noun(evidence))


def _count(evidence: Evidence) -> str:
    n, period = shown(evidence.values[0]), scope(evidence)
    asked, what = asked_for(evidence), noun(evidence)
    what = f"{what.removesuffix('medication')}prescription" if what.endswith("medication") else what
    if n == "1" and len(evidence.facts) == 1:
        return f"1 {'recorded' if asked else what}{period}: {one(evidence)}"
    lead = f"{capital(asked)}{period}: {n}" if asked else f"{n} {plural(what)}{period}"
    if not evidence.facts:
        return f"{lead}{sources(evidence)}."
    first, last = ends(evidence)
    days = f"first on {first.date}{cite([first.reference])}, last on {last.date}{cite([last.reference])}"
    return f"{lead}, {days}." if first.date else f"{lead}{sources(evidence)}."
