"""FHIR R4 `QuestionnaireResponse` -> `Entry`: what was answered.

Each answered question is a component: its text is the name, its answer the value; several answers are one text. A
question without a text goes by its link id. `display` is the title of the questionnaire, else the last part of its
address. Void: entered in error; in progress, stopped: said. Details: "source".
"""

from collections.abc import Iterator
from typing import Any

from tools.entries.concepts import concept
from tools.entries.entry import JSON, Coding, Entry, Quantity
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import times
from tools.entries.quantities import quantity
from tools.entries.references import links, named
from tools.entries.shape import number, obj, objs, plain, text

_LOINC = "http://loinc.org/"
_UNFINISHED = frozenset({"in-progress", "stopped"})


def parse(resource: JSON) -> Entry:
    """Read a QuestionnaireResponse."""
    when = times(resource, "authored")
    base = head(resource)
    base["caution"] = base["caution"] or (base["status"] if base["status"] in _UNFINISHED else "")
    base |= {"start": when.start}
    return Entry(
        **base,
        display=_title(resource),
        components=tuple(_answers(resource, base)),
        who=links(resource, resource.get("author"), resource.get("source")),
        details=when.odd + details(("source", named(resource.get("source")))),
    )


def _title(resource: JSON) -> str:
    """Return what the questionnaire is called: its display, else the end of its address."""
    shown = obj(resource.get("_questionnaire"))
    said = (text(each.get("valueString")) for each in objs(shown.get("extension")))
    title = next((each for each in said if each), "")
    last = text(resource.get("questionnaire")).partition("|")[0].rstrip("/").rpartition("/")[2]
    return title or text(obj(resource.get("questionnaire")).get("display")) or last or "Questionnaire"


def _answers(parent: JSON, base: dict[str, Any]) -> Iterator[Entry]:
    """Yield the answered questions of a form or group, those below an answer among them, in order."""
    for item in objs(parent.get("item")):
        answers = objs(item.get("answer"))
        value = _value([_answer(each) for each in answers])
        if value is not None:
            name = text(item.get("text")) or text(item.get("linkId")) or "Question"
            yield Entry(**base, display=name, codings=_codings(item), value=value)
        for group in (item, *answers):
            yield from _answers(group, base)


def _codings(item: JSON) -> tuple[Coding, ...]:
    """Return the LOINC code of a question, where its definition or link id is one."""
    for key in ("definition", "linkId"):
        said = text(item.get(key)).removeprefix("/")
        code = said.removeprefix(_LOINC).removeprefix("vs/").partition("|")[0]
        if said.startswith(_LOINC) or (key == "linkId" and _is_loinc(code)):
            return (Coding("http://loinc.org", code, text(item.get("text"))),)
    return ()


def _is_loinc(code: str) -> bool:
    digits, dash, check = code.partition("-")
    return bool(dash) and digits.isdigit() and check.isdigit() and len(check) == 1


def _value(answers: list[Quantity | str]) -> Quantity | str | None:
    said = [each for each in answers if each != ""]
    if len(said) == 1:
        return said[0]
    return ", ".join(each if isinstance(each, str) else plain(each.value) for each in said) or None


def _answer(answer: JSON) -> Quantity | str:
    for key, value in answer.items():
        if not key.startswith("value"):
            continue
        if isinstance(value, bool):
            return "yes" if value else "no"
        if key in ("valueInteger", "valueDecimal"):
            amount = number(value)
            return "" if amount is None else Quantity(amount)
        if key == "valueCoding":
            return concept({"coding": [value]}).display
        if key == "valueQuantity":
            return quantity(value) or ""
        return text(value) or named(value) or text(obj(value).get("title"))
    return ""
