"""The one shape in which everything above this floor sees a FHIR resource.

Only `tools/entries` knows FHIR JSON; tools, planner and writer see `Entry`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.entries.times import When
from tools.entries.written import Written

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Coding:
    """A code in a code system (FHIR R4 Coding)."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured amount, as recorded.

    Attributes:
        value: the number.
        unit: as shown to people, e.g. "mg/dL".
        comparator: "", "<", "<=", ">=" or ">": the value is only a bound.
    """

    value: Decimal
    unit: str = ""
    comparator: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A reference range; an open end is None. `text` is as recorded when it is not numbers.

    Attributes:
        unit: of low and high, "" if that of the value is meant.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    text: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Something another resource is named for: "Condition/…" and/or a display. Either may be empty."""

    reference: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: `label` is "billed", "paid", "out of pocket", "submitted", … as the kind's parser documents."""

    label: str
    value: Decimal
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture that is attached to a resource; its bytes are `attachments.content_of`.

    Attributes:
        format: "PNG", "JPEG", "DICOM", another one by its subtype ("TIFF"); "" if the record does not say.
        title: as recorded, "" if it has none.
        width: in pixels, 0 if the record does not say; of the height likewise.
        at: its place among the attachments of the resource, from 0.
    """

    format: str
    title: str
    width: int
    height: int
    at: int


@dataclass(frozen=True, slots=True)
class Sense:
    """What the name of an entry says of the thing it names: "Family history of stroke" is no stroke.

    Attributes:
        how: a table of senses.toml: "negated", "family history", "suspected", "history", …
        thing: what is named, in lower case, "stroke"; of a whole kind which sort of it, "" for all.
        counts: whether the entry is a finding of its own all the same: "At risk of falling".
    """

    how: str
    thing: str
    counts: bool = False

    @property
    def blanket(self) -> bool:
        """Whether it speaks of a whole kind: "No known allergies", "No information about medications"."""
        return self.how in ("none known", "no information")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One resource, or one component of an Observation, of one patient.

    Attributes:
        reference: "Observation/76ad356f…"; a component carries the reference of its Observation.
        kind: FHIR resource type, e.g. "Observation".
        patient: "Patient/…" whose compartment it is in; "" for shared resources (Organization, …).
        display: the record's own name for it, with its SNOMED tag if it has one.
        codings: every coding of its code.
        category: codes and displays of category or class, lower case: "laboratory", "vital-signs", "imp".
        status: FHIR status; clinicalStatus for conditions and allergies, lifecycleStatus for goals.
        void: why it must not count as having been, e.g. "entered-in-error", "refuted", "not-done"; else "".
        caution: what must be said with it, e.g. "preliminary", "unconfirmed"; else "".
        sense: what its name says of the thing it names, where it is not simply that; else None.
        start: when it began or happened (onset, authored, performed, effective, occurrence).
        end: when it ended (abatement, end of the period).
        value: a quantity or text; None if absent, then `absent` may say why.
        components: each as an Entry of its own.
        is_component: whether it is one of the components of the Observation `reference`.
        interpretation: codes, e.g. ("H",).
        range: reference range.
        encounter: "Encounter/…" it belongs to, else "".
        who: practitioners and people who did or ordered it.
        where: organisations and locations.
        reasons: why: conditions or plain words.
        parts: what it is made of or about: results of a report, activities of a plan, members of a team.
        derived_from: what it was derived from: an isolate from its culture.
        amounts: money.
        pictures: those attached to it.
        counts: labelled numbers and words that a detail holds within its own: ("times a day", "2"), ("route", "Oral").
        details: further labelled facts in the order to show, e.g. (("dose", "1 tablet twice a day"),).
        resource: the resource itself; `raw` is its JSON.
    """

    reference: str
    kind: str
    patient: str
    display: str
    codings: tuple[Coding, ...] = ()
    category: tuple[str, ...] = ()
    status: str = ""
    void: str = ""
    caution: str = ""
    sense: Sense | None = None
    start: When | None = None
    end: When | None = None
    value: Quantity | str | None = None
    absent: str = ""
    components: tuple["Entry", ...] = ()
    is_component: bool = False
    interpretation: tuple[str, ...] = ()
    range: Range | None = None
    encounter: str = ""
    who: tuple[Link, ...] = ()
    where: tuple[Link, ...] = ()
    reasons: tuple[Link, ...] = ()
    parts: tuple[Link, ...] = ()
    derived_from: tuple[Link, ...] = ()
    amounts: tuple[Amount, ...] = ()
    pictures: tuple[Attached, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, str], ...] = ()
    resource: JSON | Written

    @property
    def raw(self) -> JSON:
        """The resource as JSON; not to be changed."""
        return self.resource.json if isinstance(self.resource, Written) else self.resource

    def detail(self, label: str) -> str:
        """Return the labelled fact, or "" if the record does not say."""
        return next((text for name, text in self.details if name == label), "")
