"""A code system and a code -> the name of the code.

ICD-10-CM codes have the names that CMS and CDC give them. Of the international and the German edition only
categories and their first subdivision are named so: these agree, further digits and chapter XX do not.
"""

import gzip
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from tools.codes.known import label_of

_HERE = Path(__file__).parent
_ICD = re.compile(r"([A-Z]\d[0-9A-Z])\.?([0-9A-Z]{0,4})")
_ATC = re.compile(r"[A-V]\d\d[A-Z]{0,2}(?:\d\d)?")
_SYSTEMS: tuple[tuple[str, str], ...] = (
    ("loinc.org", "LOINC"),
    ("2.16.840.1.113883.6.1", "LOINC"),
    ("snomed.info/sct", "SNOMED CT"),
    ("2.16.840.1.113883.6.96", "SNOMED CT"),
    ("sid/cvx", "CVX"),
    ("2.16.840.1.113883.12.292", "CVX"),
    ("/atc", "ATC"),
    ("2.16.840.1.113883.6.73", "ATC"),
    ("sid/icd-10-cm", "ICD-10-CM"),
    ("2.16.840.1.113883.6.90", "ICD-10-CM"),
    ("sid/icd-10", "ICD-10"),
    ("/icd-10-gm", "ICD-10"),
    ("2.16.840.1.113883.6.3", "ICD-10"),
    ("1.2.276.0.76.5.409", "ICD-10"),
)
"""How the address of a code system ends, but for a version or an edition of it."""


_CLASSIFICATIONS = ("ICD-10-CM", "ICD-10", "ATC")


def name_of(system: str, code: str) -> str:
    """Return the name of a code, "" if its system or the code is not covered.

    >>> name_of("http://hl7.org/fhir/sid/icd-10-cm", "I10"), name_of("http://www.whocc.no/atc", "B01AC06")
    ('Essential (primary) hypertension', 'acetylsalicylic acid')
    >>> name_of("http://loinc.org", "2823-3"), name_of("urn:ours", "2823-3")
    ('potassium', '')
    """
    read = _NAMED.get(_system(system))
    return read(code.strip()) if read else ""


@lru_cache(maxsize=4096)
def classified(system: str, code: str) -> str:
    """Return the name of a code of ICD-10 or ATC, "" of any other: in these a code says more than most displays."""
    return name_of(system, code) if _system(system) in _CLASSIFICATIONS else ""


@lru_cache(maxsize=256)
def _system(address: str) -> str:
    """Return which code system an address is of, "" if of none that is covered."""
    plain = address.lower().partition("|")[0].rstrip("/")
    if "snomed.info/sct/" in plain:
        return "SNOMED CT"
    return next((name for end, name in _SYSTEMS if plain.endswith(end)), "")


def _icd_10_cm(code: str) -> str:
    parts = _ICD.fullmatch(code.upper())
    if not parts:
        return ""
    category, rest = parts.groups()
    # A seventh character only says which encounter it was.
    tried = (rest, rest[:-1].rstrip("X")) if len(rest) == 4 else (rest,)
    return next((name for each in tried if (name := _line(category, each))), "")


def _icd_10(code: str) -> str:
    parts = _ICD.match(code.upper())
    if not parts or parts[1][0] in "VWXY":
        return ""
    return _line(parts[1], parts[2][:1]) or _line(parts[1], "") or _ONLY_INTERNATIONAL.get(parts[1], "")


def _line(category: str, rest: str) -> str:
    key = f"\n{category}{'.' if rest else ''}{rest}\t".encode()
    text = _icd_text()
    start = text.find(key)
    return text[start + len(key) : text.index(b"\n", start + 1)].decode() if start >= 0 else ""


_ONLY_INTERNATIONAL = {"E12": "Malnutrition-related diabetes", "E14": "Unspecified diabetes mellitus"}


@lru_cache(maxsize=1)
def _icd_text() -> bytes:
    return b"\n" + gzip.decompress((_HERE / "icd-10-cm.tsv.gz").read_bytes())


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((_HERE / "names.toml").read_text("utf-8"))


def _atc(code: str) -> str:
    """Return the substance, else the smallest of its groups that has a name."""
    known = _tables()["atc"]
    shorter = (code[:size] for size in (7, 5, 4, 3) if size <= len(code)) if _ATC.fullmatch(code) else ()
    return next((known[each] for each in shorter if each in known), "")


def _cvx(code: str) -> str:
    return _tables()["cvx"].get(code.zfill(2), "")


def _loinc(code: str) -> str:
    return _tables()["loinc"].get(code) or label_of(code)


def _snomed(code: str) -> str:
    return _tables()["snomed"].get(code) or label_of(code)


_NAMED: Mapping[str, Callable[[str], str]] = {
    "ICD-10-CM": _icd_10_cm,
    "ICD-10": _icd_10,
    "ATC": _atc,
    "CVX": _cvx,
    "LOINC": _loinc,
    "SNOMED CT": _snomed,
}
