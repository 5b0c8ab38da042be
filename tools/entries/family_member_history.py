"""FHIR R4 `FamilyMemberHistory` -> `Entry`: a relative, and what the relative had.

Each disease is a component that goes by its name; its value is the relative with the age at onset: "mother, at 48".
Void: entered in error, and where the history could not be had. Details: "name", "conditions", "born", "age",
"deceased", "not known because", "note".
"""

from typing import Any

from tools.entries.concepts import concept
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, joined, notes
from tools.entries.moments import day, times
from tools.entries.quantities import in_words
from tools.entries.references import reasons
from tools.entries.shape import objs, text

_YEARS = ("a", "yr", "year", "years")


def parse(resource: JSON) -> Entry:
    """Read a FamilyMemberHistory."""
    relative = concept(resource.get("relationship")).display or "Relative"
    why = concept(resource.get("dataAbsentReason")).display
    base = head(resource)
    base["void"] = base["void"] or (f"not known: {why}" if why else "")
    base["caution"] = "" if base["caution"] == "partial" else base["caution"]
    when = times(resource, "date")
    had = objs(resource.get("condition"))
    return Entry(
        **base,
        display=relative,
        codings=concept(resource.get("relationship")).codings,
        start=when.start,
        reasons=reasons(resource),
        components=tuple(_disease(each, relative, base | {"start": when.start}) for each in had),
        details=when.odd
        + details(
            ("name", text(resource.get("name"))),
            ("conditions", "; ".join(_words(each) for each in had)),
            ("born", day(resource.get("bornDate")) or text(resource.get("bornString"))),
            ("age", _age(resource, "age") or text(resource.get("ageString"))),
            ("deceased", _deceased(resource)),
            ("not known because", why),
            ("note", notes(resource)),
        ),
    )


def _disease(recorded: JSON, relative: str, base: dict[str, Any]) -> Entry:
    code = concept(recorded.get("code"))
    return Entry(
        **base,
        display=code.display or "Condition",
        codings=code.codings,
        value=joined(relative.lower(), _onset(recorded)),
        details=details(
            ("relative", relative),
            ("onset", _onset(recorded)),
            ("outcome", concept(recorded.get("outcome")).display),
            ("note", notes(recorded)),
        ),
    )


def _words(recorded: JSON) -> str:
    onset = _onset(recorded)
    died = "cause of death" if recorded.get("contributedToDeath") is True else ""
    aside = joined(onset, died)
    return f"{concept(recorded.get('code')).display or 'Condition'}{f' ({aside})' if aside else ''}"


def _onset(recorded: JSON) -> str:
    age = _age(recorded, "onset")
    return f"at {age}" if age else text(recorded.get("onsetString")) or day(_start(recorded))


def _age(recorded: JSON, stem: str) -> str:
    """Return an age or a range of ages, years without their unit."""
    age = in_words(recorded.get(stem + "Age")) or in_words(recorded.get(stem + "Range"))
    number, _, unit = age.rpartition(" ")
    return number if unit in _YEARS else age


def _start(recorded: JSON) -> Any:
    period = recorded.get("onsetPeriod")
    return period.get("start") if isinstance(period, dict) else None


def _deceased(resource: JSON) -> str:
    said = resource.get("deceasedBoolean")
    if isinstance(said, bool):
        return "yes" if said else "no"
    age = _age(resource, "deceased")
    return f"at {age}" if age else day(resource.get("deceasedDate")) or text(resource.get("deceasedString"))
