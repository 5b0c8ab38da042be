"""Care teams: who is on the active ones, and how many there are (FHIR R4 CareTeam); the patient is no member.

Members are asked for only where every one of them is a practitioner with a name. The dead are not asked about today.
"""

from collections.abc import Iterator, Sequence
from random import Random

from evaluation.gold.chart import Chart
from evaluation.gold.kinds.common import LONGEST_LIST, count, refs, statement
from evaluation.gold.question import Gold, Kind
from evaluation.gold.reading import Resource
from evaluation.gold.resource import at

_NOBODY = ("Dr. Helen Marsh", "Dr. Victor Lindgren", "Dr. Ruth Castellan", "Dr. Omar Petrov")


def members(chart: Chart, random: Random) -> Iterator[Gold]:
    """Who is on the active care teams."""
    teams = _active(chart)
    names = _names(teams, chart)
    if names and len(names) <= LONGEST_LIST:
        spare = [each for each in _doctors(chart, random) if each not in names]
        more, exchanged = [(*names, each) for each in spare], [(*names[1:], each) for each in spare]
        others = tuple(each for pair in zip(exchanged, more, strict=True) for each in pair)
        yield Gold(answer=names, resources=refs(teams), others=others)


def is_member(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is somebody on an active care team; those who once were are not asked for."""
    teams = _active(chart)
    names, ever = _names(teams, chart), _names(chart.of("CareTeam"), chart)
    if not names or ever is None:
        return
    for name in names:
        mine = [each for each in teams if name in (_names([each], chart) or ())]
        wrong = ("No", "Only on a former one", "No care team is recorded")
        yield statement({"x": name}, True, "Yes", wrong, mine)
    for name in _doctors(chart, random):
        if name not in ever:
            wrong = ("Yes", "Yes, as its leader", "Yes, but only until last year")
            yield statement({"x": name}, False, "No", wrong, [])


def number(chart: Chart, random: Random) -> Iterator[Gold]:
    """How many care teams are active."""
    if not _dead(chart):
        yield count({}, _active(chart))


def _active(chart: Chart) -> list[Resource]:
    return [] if _dead(chart) else [each for each in chart.of("CareTeam") if each.get("status") == "active"]


def _dead(chart: Chart) -> bool:
    return bool(chart.died or chart.patient.get("deceasedBoolean"))


def _names(teams: Sequence[Resource], chart: Chart) -> tuple[str, ...] | None:
    """Return the members of teams, each once; None where one of them is no practitioner with a name."""
    found: dict[str, None] = {}
    for part in (each for team in teams for each in team.get("participant") or ()):
        member = chart.target(str(at(part, "member.reference") or "")) or {}
        if member.get("resourceType") == "Patient":
            continue
        if not (name := _name(member)):
            return None
        found[name] = None
    return tuple(found)


def _name(member: Resource) -> str:
    """Return title, given and family name of a practitioner, "" of anything else."""
    if member.get("resourceType") != "Practitioner":
        return ""
    parts = (at(member, f"name.{part}") for part in ("prefix", "given", "family"))
    return " ".join(str(each) for each in parts if each)


def _doctors(chart: Chart, random: Random) -> list[str]:
    """Return practitioners of the record and some whom it does not know."""
    names = sorted({_name(each) for each in chart.of("Practitioner")} - {""})
    return [*random.sample(names, min(len(names), 4)), *_NOBODY]


KINDS = (
    Kind("care-team", members, 2),
    Kind("care-team-member", is_member, 2),
    Kind("care-teams-count", number),
)
