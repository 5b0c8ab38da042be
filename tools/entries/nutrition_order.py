"""FHIR R4 `NutritionOrder` -> `Entry`: a diet, a supplement, a feed by tube.

`display` names the diets, else the supplements, else the feed. Void: only proposed or planned, revoked, draft, entered
in error. Details: "instruction", "excluded" (foods), "note".
"""

from tools.entries.concepts import concept, labels, names
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details, notes
from tools.entries.moments import times
from tools.entries.references import links
from tools.entries.service_request import wish
from tools.entries.shape import obj, objs, text


def parse(resource: JSON) -> Entry:
    """Read a NutritionOrder."""
    diet, feed = obj(resource.get("oralDiet")), obj(resource.get("enteralFormula"))
    supplements = objs(resource.get("supplement"))
    concepts = [concept(each) for each in objs(diet.get("type"))]
    concepts += [concept(each.get("type")) for each in supplements]
    concepts.append(concept(feed.get("baseFormulaType")))
    when = times(resource, "dateTime")
    base = head(resource)
    base["void"] = base["void"] or ("revoked" if base["status"] == "revoked" else wish(resource))
    instructions = (text(each.get("instruction")) for each in (diet, *supplements))
    called = [text(each.get("productName")) for each in supplements]
    return Entry(
        **base,
        display=", ".join(filter(None, [c.display for c in concepts] or called)) or "Nutrition order",
        codings=tuple(coding for each in concepts for coding in each.codings),
        category=labels(resource.get("foodPreferenceModifier")),
        start=when.start,
        who=links(resource, resource.get("orderer")),
        details=when.odd
        + details(
            ("instruction", "; ".join(filter(None, instructions))),
            ("excluded", ", ".join(names(resource.get("excludeFoodModifier")))),
            ("note", notes(resource)),
        ),
    )
