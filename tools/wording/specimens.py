"""A test -> what it was made of, by its specimen or its name: "Glucose [Mass/volume] in Cerebral spinal fluid".

Left out: the same fluid under several names, but for blood.
"""

from functools import lru_cache

from tools.entries.entry import Entry
from tools.wording.text import words
from tools.wording.words import short_name, shown_name

BLOOD = "blood"
_BLOOD = frozenset(
    {"blood", "serum", "plasma", "bld", "ser", "plas", "capillary", "arterial", "venous", "vollblut"}
)
_BLOOD |= frozenset({"blut", "bloed", "sang", "fingerstick"})


def specimen_of(entry: Entry) -> str:
    """Return what was examined: "blood", "urine", …; "" if neither specimen nor name tells."""
    said = entry.detail("specimen") if entry.details else ""
    return _fluid(said or _parted(shown_name(entry))[1])


def analyte_of(entry: Entry) -> str:
    """Return what was looked for, without what it was looked for in: "glucose"."""
    return _parted(shown_name(entry))[0]


def site_of(entry: Entry) -> str:
    """Return the body site, "" if none is recorded or it is only where a vital sign was taken."""
    return "" if not entry.details or "vital-signs" in entry.category else entry.detail("body site")


@lru_cache(maxsize=4096)
def _fluid(text: str) -> str:
    said = words(text)
    return BLOOD if _BLOOD.intersection(said) else " ".join(said)


@lru_cache(maxsize=4096)
def _parted(name: str) -> tuple[str, str]:
    analyte, _, rest = short_name(name).partition(" in ")
    return analyte.casefold(), rest.partition(" by ")[0]
