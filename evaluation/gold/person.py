"""The Patient resource -> what it says of the person: of each thing the texts that are equally right.

A thing that is not recorded is (). One that the record tells in two ways that differ is None: nobody asks for it.
"""

from collections.abc import Callable
from typing import Any

from evaluation.gold.reading import Resource
from evaluation.gold.resource import at

Texts = tuple[str, ...] | None
Read = Callable[[Resource], Texts]

_SEXES = {"F": ("female", "F"), "M": ("male", "M")}
_MARRIAGES = {
    "D": ("Divorced",),
    "L": ("Legally Separated",),
    "M": ("Married",),
    "S": ("Never Married", "Single"),
    "W": ("Widowed",),
}


def full_name(patient: Resource) -> Texts:
    """Return given and family name, with and without the title."""
    said = _names(patient, "official", "")[:1]
    plain = [" ".join([*each.get("given", ()), each.get("family", "")]).strip() for each in said]
    titled = [" ".join([*each.get("prefix", ()), name]) for each, name in zip(said, plain, strict=True)]
    return _once(*plain, *titled)


def given_name(patient: Resource) -> Texts:
    """Return the first name; all given names where there are several."""
    said = [each.get("given", ()) for each in _names(patient, "official", "")[:1]]
    return _once(*(" ".join(given) for given in said), *(given[0] for given in said if given))


def family_name(patient: Resource) -> Texts:
    """Return the family name."""
    return _once(*(each.get("family", "") for each in _names(patient, "official", "")[:1]))


def maiden_name(patient: Resource) -> Texts:
    """Return the family name before marriage."""
    return _once(*(each.get("family", "") for each in _names(patient, "maiden")))


def gender(patient: Resource) -> Texts:
    """Return the administrative gender, where the sex at birth is no other."""
    recorded, birth = str(patient.get("gender") or ""), _birth_code(patient)
    return None if birth and _SEXES.get(birth, ("",))[0] != recorded else _once(recorded)


def birth_sex(patient: Resource) -> Texts:
    """Return the sex assigned at birth; a gender alone does not tell it."""
    return _SEXES.get(_birth_code(patient))


def marital_status(patient: Resource) -> Texts:
    """Return the marital status, in the words of its code and as recorded."""
    status = patient.get("maritalStatus") or {}
    coding = at(status, "coding") or {}
    return _once(*_MARRIAGES.get(coding.get("code", ""), ()), coding.get("display"), status.get("text"))


def language(patient: Resource) -> Texts:
    """Return the one language, as recorded and without its country."""
    spoken = patient.get("communication") or ()
    if len(spoken) > 1:
        return None
    told = [str(at(each, "language.coding.display") or at(each, "language.text") or "") for each in spoken]
    return _once(*told, *(each.split(" (")[0] for each in told))


def race(patient: Resource) -> Texts:
    """Return the race of the US Core extension."""
    return _of_us_core(patient, "us-core-race")


def ethnicity(patient: Resource) -> Texts:
    """Return the ethnicity of the US Core extension."""
    return _of_us_core(patient, "us-core-ethnicity")


def birth_place(patient: Resource) -> Texts:
    """Return the town of birth."""
    return _once(at(_extension(patient, "patient-birthPlace"), "valueAddress.city"))


def mothers_maiden_name(patient: Resource) -> Texts:
    """Return the mother's name before marriage, and the family name of it."""
    told = str(_extension(patient, "patient-mothersMaidenName").get("valueString") or "")
    return _once(told, told.split(" ")[-1])


def contact_name(patient: Resource) -> Texts:
    """Return the name of the one person to contact."""
    contacts = [each.get("name") or {} for each in patient.get("contact") or ()]
    if len(contacts) > 1:
        return None
    return _once(
        *(each.get("text") or " ".join([*each.get("given", ()), each.get("family", "")]) for each in contacts)
    )


def address(part: str) -> Read:
    """Return a reader of a part of the one address: "line", "city", "state", "postalCode"."""

    def read(patient: Resource) -> Texts:
        kept = patient.get("address") or ()
        return None if len(kept) > 1 else _once(*(at(each, part) for each in kept))

    return read


def telecom(system: str) -> Read:
    """Return a reader of the numbers or addresses of a system: "phone", "email"."""

    def read(patient: Resource) -> Texts:
        return _once(
            *(each.get("value") for each in patient.get("telecom") or () if each.get("system") == system)
        )

    return read


def identifier(code: str) -> Read:
    """Return a reader of the identifiers of a type of HL7 table 0203: "MR", "SS", "DL", "PPN"."""

    def read(patient: Resource) -> Texts:
        kept = patient.get("identifier") or ()
        return _once(*(each.get("value") for each in kept if at(each, "type.coding.code") == code))

    return read


def _names(patient: Resource, *uses: str) -> list[Resource]:
    """Return the names of these uses, in the order of the uses; "" is a name without a use."""
    kept = patient.get("name") or ()
    return [name for use in uses for name in kept if name.get("use", "") == use]


def _birth_code(patient: Resource) -> str:
    return str(_extension(patient, "us-core-birthsex").get("valueCode") or "")


def _of_us_core(patient: Resource, name: str) -> Texts:
    parts = _extension(patient, name).get("extension") or ()
    told = [at(part, "valueCoding.display") for part in parts if part.get("url") == "ombCategory"]
    if len(set(told)) > 1:
        return None
    return _once(*told, *(part.get("valueString") for part in parts if part.get("url") == "text"))


def _extension(patient: Resource, name: str) -> Resource:
    kept = (each for each in patient.get("extension") or () if each["url"].endswith(f"/{name}"))
    return next(kept, {})


def _once(*texts: Any) -> tuple[str, ...]:
    """Return each text once, without the empty ones."""
    return tuple(dict.fromkeys(str(text) for text in texts if text))
