"""The shape in which everything above this floor sees a patient."""

from dataclasses import dataclass

from tools.entries.entry import JSON, Link
from tools.entries.times import When


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `use` is "home", "work", "old", … or ""; `text` is all of it on one line."""

    lines: tuple[str, ...]
    city: str
    state: str
    postal_code: str
    country: str
    use: str
    text: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number the patient is known by: `label` in words, e.g. "Medical Record Number"; else ""."""

    label: str
    system: str
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact person, e.g. next of kin."""

    name: str
    relationship: str
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demographics:
    """Who the patient is. Text is "" and tuples are () where the record does not say.

    Attributes:
        reference: "Patient/…".
        name: the official name (else the first) as people write it: given and family, without titles.
        names: every recorded name, with titles: maiden and former names too.
        given: the given names of `name`.
        family: the family name of `name`.
        maiden_name: the family name before marriage.
        gender: administrative gender: "male", "female", "other", "unknown".
        birth: date of birth, possibly only a year or month.
        deceased: whether the patient is dead.
        died: when, if the record says.
        addresses: the current ones first, those no longer in use last.
        phones: phone numbers in use.
        emails: email addresses in use.
        marital_status: in words, e.g. "Married".
        languages: in words, the preferred one first.
        race: in words, e.g. "White".
        ethnicity: in words, e.g. "Not Hispanic or Latino".
        birth_sex: "female", "male", "unknown", "other".
        birth_place: on one line.
        mothers_maiden_name: as recorded.
        identifiers: record numbers and the like.
        contacts: contact persons.
        practitioners: general practitioners.
        organization: the managing organisation.
        others: records of the same person elsewhere: ("replaces", "Patient/old"), by FHIR's types of a link.
        multiple_birth: "no", "yes", or the place in the birth order, e.g. "2".
        active: whether the record is in use; None if it does not say.
        details: further labelled facts: ("birth date as recorded", "…") when that is no date, ….
        raw: the resource as JSON.
    """

    reference: str
    name: str = ""
    names: tuple[str, ...] = ()
    given: str = ""
    family: str = ""
    maiden_name: str = ""
    gender: str = ""
    birth: When | None = None
    deceased: bool = False
    died: When | None = None
    addresses: tuple[Address, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    marital_status: str = ""
    languages: tuple[str, ...] = ()
    race: str = ""
    ethnicity: str = ""
    birth_sex: str = ""
    birth_place: str = ""
    mothers_maiden_name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    contacts: tuple[Contact, ...] = ()
    practitioners: tuple[Link, ...] = ()
    organization: tuple[Link, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    multiple_birth: str = ""
    active: bool | None = None
    details: tuple[tuple[str, str], ...] = ()
    raw: JSON
