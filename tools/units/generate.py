"""UCUM's own table of units (ucum-essence.xml) -> `ucum.toml`. Run by hand: `python -m tools.units.generate`.

The XML comes with the package ucumvert of the extra `dev`; the product reads only the generated table. Left out:
classes of units that no result is given in, and codes that records write for something else (`_TAKEN_FOR`).
"""

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).parent / "ucum.toml"
_NAMESPACE = {"ucum": "http://unitsofmeasure.org/ucum-essence"}
_UNUSED = frozenset({
    "const", "typeset", "brit-length", "brit-volumes", "troy", "apoth", "levels", "infotech",
})  # fmt: skip
_KEPT_OF_CGS = ("dyn", "erg")
_TAKEN_FOR: Mapping[str, str] = {
    "u": "units or micro-, not dalton",
    "AU": "arbitrary units, not astronomical ones",
    "ar": "nothing",
    "pc": "pieces",
    "b": "nothing",
    "st": "stone",
    "att": "nothing",
    "T": "tera-, not tesla",
    "H": "high, not henry",
    "F": "Fahrenheit, not farad",
    "S": "nothing",
    "'": "feet or minutes, not minutes of arc",
    "''": "inches or seconds, not seconds of arc",
}
_OWN = frozenset({"mol", "eq", "osm", "%", "[HPF]", "[LPF]", "[pH]"})
"""Units that stand for themselves here: to UCUM they are mere numbers, so that mmol/L would be a count of cells."""
_ZEROS: Mapping[str, str] = {"Cel": "273.15", "[degF]": "459.67"}
"""How many degrees below zero the absolute zero is (UCUM, section 22: degree Celsius, degree Fahrenheit)."""
_HEAD = """\
# Units of measure, made by `python -m tools.units.generate` from ucum-essence.xml {version}; change that instead.
#
# 'code' = 'factor | base units', with "| metric" where it takes a prefix, and "| from" where zero is no zero:
# so many degrees below it is the absolute zero.
#
# This product includes all or a portion of the UCUM table, UCUM codes, and UCUM definitions or is derived from it,
# subject to a license from Regenstrief Institute, Inc. and The UCUM Organization. Your use of the UCUM table, UCUM
# codes, UCUM definitions also is subject to this license, a copy of which is available at https://ucum.org/license.
# The current complete UCUM table, UCUM Specification are available for download at https://ucum.org. The UCUM table
# and UCUM codes are copyright (c) 1995-2024, Regenstrief Institute, Inc. and the UCUM Organization. All rights
# reserved.
# THE UCUM TABLE (IN ALL FORMATS), UCUM DEFINITIONS, AND SPECIFICATION ARE PROVIDED "AS IS." ANY EXPRESS OR IMPLIED
# WARRANTIES ARE DISCLAIMED, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR
# A PARTICULAR PURPOSE.
"""


class _Measure(NamedTuple):
    factor: Fraction
    powers: Counter[str]


class _Definitions:
    """The definitions of the XML, each followed down to the base units."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.version = root.get("version", "")
        self.prefixes = {
            str(each.get("Code")): Fraction(_value(each).get("value", ""))
            for each in root.findall("ucum:prefix", _NAMESPACE)
            if not str(each.get("Code")).endswith("i")
        }
        self.bases = {str(each.get("Code")): each for each in root.findall("ucum:base-unit", _NAMESPACE)}
        self.units = {str(each.get("Code")): each for each in root.findall("ucum:unit", _NAMESPACE)}

    def measure(self, code: str) -> _Measure:
        """Return what a unit without prefix is in base units."""
        unit = self.units.get(code)
        if unit is None or code in _OWN or (unit.get("isArbitrary") == "yes" and code != "[IU]"):
            return _Measure(Fraction(1), Counter({code: 1}))
        value = _value(unit)
        function = value.find("ucum:function", _NAMESPACE)
        if function is not None:
            value = function
        factor, powers = self._term(value.get("Unit", ""))
        return _Measure(factor * Fraction(value.get("value", "1")), powers)

    def _term(self, term: str) -> _Measure:
        factor, powers = Fraction(1), Counter[str]()
        for sign, part in re.findall(r"(^|[./])((?:[^./\[\]]|\[[^\]]*\])+)", term):
            one = self._part(part)
            way = -1 if sign == "/" else 1
            factor *= one.factor**way
            for base, exponent in one.powers.items():
                powers[base] += way * exponent
        return _Measure(factor, Counter({base: n for base, n in powers.items() if n}))

    def _part(self, part: str) -> _Measure:
        if part.isdigit():
            return _Measure(Fraction(part), Counter())
        found = re.fullmatch(r"(10[*^]|.+?)([+-]?\d+)?", part)
        assert found
        name, exponent = found[1], int(found[2] or 1)
        prefix, code = self._split(name)
        factor, powers = self.measure(code)
        scale = self.prefixes.get(prefix, Fraction(1))
        return _Measure(
            (factor * scale) ** exponent, Counter({base: n * exponent for base, n in powers.items()})
        )

    def _split(self, name: str) -> tuple[str, str]:
        known = self.bases.keys() | self.units.keys()
        if name in known:
            return "", name
        return next((name[:n], name[n:]) for n in (1, 2) if name[:n] in self.prefixes and name[n:] in known)

    def kept(self) -> list[str]:
        """Return the codes of the units that the table holds."""
        return [
            code
            for code, unit in self.units.items()
            if unit.get("class") not in _UNUSED
            and code not in _TAKEN_FOR
            and (unit.get("class") != "cgs" or code in _KEPT_OF_CGS)
            and (unit.get("isSpecial") != "yes" or code in _ZEROS or code in _OWN)
        ]

    def is_metric(self, code: str) -> bool:
        """Tell whether a unit takes a prefix."""
        return code in self.bases or self.units[code].get("isMetric") == "yes"


def _value(element: ElementTree.Element) -> ElementTree.Element:
    value = element.find("ucum:value", _NAMESPACE)
    assert value is not None
    return value


def _line(definitions: _Definitions, code: str) -> str:
    factor, powers = definitions.measure(code)
    bases = ".".join(f"{base}{'' if n == 1 else n}" for base, n in sorted(powers.items()))
    marks = " | metric" if definitions.is_metric(code) else ""
    marks += f" | from {_ZEROS[code]}" if code in _ZEROS else ""
    return f'"{code}" = "{factor} | {bases}{marks}"'


def table(xml: str) -> str:
    """Return the text of `ucum.toml` for the text of ucum-essence.xml."""
    definitions = _Definitions(ElementTree.fromstring(xml))
    prefixes = [f'"{code}" = "{factor}"' for code, factor in definitions.prefixes.items()]
    units = [_line(definitions, code) for code in (*definitions.bases, *definitions.kept())]
    head = _HEAD.format(version=definitions.version)
    return "\n".join([head, "[prefixes]", *prefixes, "", "[units]", *units, ""])


if __name__ == "__main__":
    essence = files("ucumvert").joinpath("vendor/ucum-essence.xml").read_text(encoding="ascii")
    _TABLE.write_text(table(essence), encoding="utf-8")
