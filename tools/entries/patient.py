"""FHIR R4 `Patient` (with US Core extensions) -> `Demographics`, and -> `Entry` like any other resource.

Missing and misshapen pieces are empty. Not covered: photographs, geolocation.
"""

from collections.abc import Iterator
from typing import Any

from tools.entries.concepts import concept, names
from tools.entries.demographics import Address, Contact, Demographics, Identifier
from tools.entries.entry import JSON, Entry
from tools.entries.head import head
from tools.entries.labelled import details
from tools.entries.moments import Times, span_of
from tools.entries.people import address_words, human_name, official_name, one_name, telecom
from tools.entries.references import links, reference
from tools.entries.shape import number, obj, objs, plain, text, texts

_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_FHIR = "http://hl7.org/fhir/StructureDefinition/patient-"
_MARITAL = {
    "A": "Annulled",
    "D": "Divorced",
    "I": "Interlocutory",
    "L": "Legally Separated",
    "M": "Married",
    "P": "Polygamous",
    "S": "Never Married",
    "T": "Domestic partner",
    "U": "Unmarried",
    "W": "Widowed",
}
_SEX = {"F": "female", "M": "male", "UNK": "unknown", "OTH": "other", "ASKU": "unknown"}
_IDENTIFIERS = {
    "MR": "Medical Record Number",
    "SS": "Social Security Number",
    "DL": "Driver's License",
    "PPN": "Passport Number",
}


def parse_patient(resource: JSON) -> Demographics:
    """Read a Patient."""
    resource = obj(resource)
    birth, death = span_of(resource.get("birthDate")), _death(resource)
    active = resource.get("active")
    called = objs(resource.get("name"))
    official = official_name(called)
    return Demographics(
        reference=head(resource)["reference"],
        name=human_name(called, titles=False),
        names=tuple(name for name in dict.fromkeys(map(one_name, called)) if name),
        given=" ".join(texts(official.get("given"))),
        family=" ".join(texts(official.get("family"))),
        maiden_name=next((text(name.get("family")) for name in called if name.get("use") == "maiden"), ""),
        gender=text(resource.get("gender")).lower(),
        birth=birth.start,
        deceased=death.start is not None or bool(death.odd) or resource.get("deceasedBoolean") is True,
        died=death.start,
        phones=telecom(resource.get("telecom"), "phone"),
        emails=telecom(resource.get("telecom"), "email"),
        marital_status=_marital(resource.get("maritalStatus")),
        languages=_languages(resource.get("communication")),
        multiple_birth=_multiple_birth(resource),
        active=active if isinstance(active, bool) else None,
        details=tuple((f"{what} {label}", said) for what, odd in _odd(birth, death) for label, said in odd),
        raw=resource,
        **_extended(resource),
        **_around(resource),
    )


def _others(resource: JSON) -> Iterator[tuple[str, str]]:
    """Yield the other Patient resources that this one is linked to, and how (FHIR R4 LinkType)."""
    for link in objs(resource.get("link")):
        other = reference(obj(link.get("other")))
        if other.startswith("Patient/"):
            yield text(link.get("type")), other


def parse(resource: JSON) -> Entry:
    """Read a Patient as an entry of their own record; `start` is the birth, `end` the death."""
    known = parse_patient(resource)
    base = head(resource)
    return Entry(
        **(base | {"patient": known.reference}),
        display=known.name or "Patient",
        start=known.birth,
        end=known.died,
        details=details(
            ("gender", known.gender),
            ("address", known.addresses[0].text if known.addresses else ""),
            ("phone", ", ".join(known.phones)),
        ),
    )


def _death(resource: JSON) -> Times:
    return span_of(resource.get("deceasedDateTime"))


def _odd(birth: Times, death: Times) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return (("birth", birth.odd), ("death", death.odd))


def _extended(resource: JSON) -> dict[str, Any]:
    found = {text(extension.get("url")): extension for extension in objs(resource.get("extension"))}
    sex = text(found.get(_US_CORE + "birthsex", {}).get("valueCode"))
    return {
        "race": _category(found.get(_US_CORE + "race")),
        "ethnicity": _category(found.get(_US_CORE + "ethnicity")),
        "birth_sex": _SEX.get(sex, sex),
        "birth_place": _place(
            found.get(_FHIR + "birthPlace") or found.get(_FHIR.removesuffix("patient-") + "birthPlace")
        ),
        "mothers_maiden_name": text(found.get(_FHIR + "mothersMaidenName", {}).get("valueString")),
    }


def _place(extension: Any) -> str:
    return address_words(obj(extension).get("valueAddress"))


def _category(value: Any) -> str:
    """Return the OMB categories of a US Core race or ethnicity, else its text."""
    parts = objs(obj(value).get("extension"))
    coded = [
        text(obj(part.get("valueCoding")).get("display"))
        for part in parts
        if part.get("url") == "ombCategory"
    ]
    said = next((text(part.get("valueString")) for part in parts if part.get("url") == "text"), "")
    return ", ".join(name for name in coded if name) or said


def _around(resource: JSON) -> dict[str, Any]:
    return {
        "addresses": _addresses(resource.get("address")),
        "identifiers": tuple(
            i for each in objs(resource.get("identifier")) if (i := _identifier(each)).value
        ),
        "contacts": tuple(_contact(each) for each in objs(resource.get("contact"))),
        "practitioners": links(resource, resource.get("generalPractitioner")),
        "others": tuple(_others(resource)),
        "organization": links(resource, resource.get("managingOrganization")),
    }


def _addresses(value: Any) -> tuple[Address, ...]:
    found = [
        Address(
            lines=tuple(texts(each.get("line"))),
            city=text(each.get("city")),
            state=text(each.get("state")),
            postal_code=text(each.get("postalCode")),
            country=text(each.get("country")),
            use=text(each.get("use")),
            text=address_words(each),
        )
        for each in objs(value)
    ]
    return tuple(sorted(found, key=lambda address: (address.use == "old", address.use not in ("", "home"))))


def _identifier(each: JSON) -> Identifier:
    kind = concept(each.get("type"))
    code = kind.codings[0].code if kind.codings else ""
    label = kind.display if kind.display != code else _IDENTIFIERS.get(code, code)
    return Identifier(label, text(each.get("system")), text(each.get("value")))


def _contact(each: JSON) -> Contact:
    return Contact(
        human_name(each.get("name")),
        ", ".join(names(each.get("relationship"))),
        telecom(each.get("telecom"), "phone"),
        telecom(each.get("telecom"), "email"),
        address_words(each.get("address")),
    )


def _marital(value: Any) -> str:
    status = concept(value)
    return _MARITAL.get(status.display, status.display)


def _languages(value: Any) -> tuple[str, ...]:
    spoken = sorted(objs(value), key=lambda each: each.get("preferred") is not True)
    found = (concept(each.get("language")).display for each in spoken)
    return tuple(name for name in dict.fromkeys(found) if name)


def _multiple_birth(resource: JSON) -> str:
    order = number(resource.get("multipleBirthInteger"))
    if order is not None:
        return plain(order)
    several = resource.get("multipleBirthBoolean")
    return "yes" if several is True else "no" if several is False else ""
