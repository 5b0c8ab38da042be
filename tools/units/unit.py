"""A unit as recorded, in UCUM or as people and systems spell it -> what it may measure.

`ucum.toml` is UCUM's own table (made by `generate`), `spellings.toml` what is written besides. A spelling may stand for
several units; which is meant is told by the unit beside it (`conversion`). What is in neither is a unit of its own.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

_ROOM = Path(__file__).parent
_LOOKALIKES = str.maketrans({"µ": "u", "μ": "u", "º": "°", "˚": "°", "×": "x", "·": ".", "ˆ": "^", "−": "-"})
_RAISED = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SURFACE = re.compile(r"[/ ]\{?\(?1[.,]73[\s._]*(?:\(?(?:m\^?\(?2\)?|sq\.? ?m|qm)\)?)?\}?", re.IGNORECASE)
_POWER = re.compile(
    r"(?:(?<!\w)x\s*|(?<!\w))10\s*(?:(?:\*\*|[*^e])\s*\(?(\d{1,2})\)?|\((\d{1,2})\))", re.IGNORECASE
)
_ANNOTATION = re.compile(r"\{([^}]*)\}")
_SPLIT = re.compile(r"([./()])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_EXPONENT = re.compile(r"(.*?[^\d^+-])\^?([+-]?\d{1,2})")
_WORD = re.compile(r"[^\W\d_]+\d*")
_LONGEST = 80
_OF_LITRES = (("m", 3),)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit measures, and how much of it.

    Attributes:
        above: base units above the line, each with its power; "mg/g" has gram above and below.
        below: base units below it.
        factor: how many of these it is.
        zero: so many of it below its zero is the absolute zero: of degrees; else 0.
    """

    above: tuple[tuple[str, int], ...] = ()
    below: tuple[tuple[str, int], ...] = ()
    factor: Fraction = Fraction(1)
    zero: Decimal = Decimal(0)

    @property
    def dimension(self) -> tuple[tuple[str, int], ...]:
        """The base units with their powers; a share of one amount in another is a dimension of its own."""
        net = Counter(dict(self.above))
        net.subtract(dict(self.below))
        powers = _sorted(net)
        if powers or not self.above:
            return powers
        return (("%", 1),) if self.above == _OF_LITRES else (("share of", 1), *self.above)

    @property
    def scale(self) -> Fraction:
        """How many of its base units it is; of a volume in a volume how many percent."""
        return self.factor * 100 if self.above == self.below == _OF_LITRES else self.factor

    def times(self, other: "Unit", way: int = 1) -> "Unit":
        """Return the product with another unit, or the quotient where `way` is -1."""
        above, below = (other.above, other.below) if way > 0 else (other.below, other.above)
        factor = self.factor * other.factor if way > 0 else self.factor / other.factor
        return Unit(_joined(self.above, above), _joined(self.below, below), factor, self.zero or other.zero)

    def to_the(self, power: int) -> "Unit":
        """Return a power of the unit."""
        above, below = (self.above, self.below) if power > 0 else (self.below, self.above)
        raised = [tuple((base, n * abs(power)) for base, n in side) for side in (above, below)]
        return Unit(raised[0], raised[1], self.factor**power, self.zero)


def _joined(one: Iterable[tuple[str, int]], other: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return _sorted(Counter(dict(one)) + Counter(dict(other)))


def _sorted(powers: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((base, n) for base, n in powers.items() if n))


@lru_cache(maxsize=2048)
def readings(unit: str) -> tuple[Unit, ...]:
    """Return what a unit may be, the likeliest first; one that is not known is a unit of its own.

    >>> readings("mg/dL") == readings("MG/DL") == readings("mg per 100 ml")
    True
    """
    if len(unit) > _LONGEST:
        return (Unit(above=((f"?{unit}", 1),)),)
    plain = _RAISED.sub(lambda power: f"^{power[0].translate(_LOWERED)}", unit.translate(_LOOKALIKES))
    text, mark = _without_annotations(_SURFACE.sub("/[surface]", plain))
    text = _POWER.sub(lambda power: f"10*{power[1] or power[2]}", text.replace(" per ", "/"))
    whole = _spellings()["whole"].get("".join(text.split()).casefold())
    found = _of_codes(whole) if whole else _term(text)
    return tuple(each.times(Unit(above=((mark, 1),))) for each in found) if mark else found


def is_known(unit: str) -> bool:
    """Tell whether words are a unit.

    >>> is_known("mg/dL"), is_known("beats/min"), is_known("times a day"), is_known("")
    (True, True, False, False)
    """
    return bool(unit.strip()) and not any(
        base.startswith("?") for each in readings(unit) for base, _ in (*each.above, *each.below)
    )


def _without_annotations(text: str) -> tuple[str, str]:
    """Return a unit without what stands in braces, and what of that makes it another unit."""
    words = {
        word.casefold()
        for note in _ANNOTATION.findall(text)
        for word in _WORD.findall(note.replace("_", " "))
    }
    return _ANNOTATION.sub("", text), " ".join(sorted(words & _words("telling")))


def _term(text: str) -> tuple[Unit, ...]:
    """Read parts with "." and "/" between them; "/" is of the next part only, parentheses join several."""
    stack: list[tuple[tuple[Unit, ...], int]] = []
    so_far: tuple[Unit, ...] = (Unit(),)
    way = 1
    for piece in _SPLIT.split(text):
        if piece == "(":
            stack.append((so_far, way))
            so_far, way = (Unit(),), 1
        elif piece == ")" and stack:
            inner = so_far
            so_far, way = stack.pop()
            so_far, way = _product(so_far, inner, way), 1
        elif piece == "/":
            way = -1
        elif piece.strip() and piece != ".":
            so_far, way = _product(so_far, _part(piece.strip()), way), 1
    return so_far


def _product(one: Iterable[Unit], other: Iterable[Unit], way: int) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys(first.times(second, way) for first, second in product(one, other)))


@lru_cache(maxsize=4096)
def _part(part: str) -> tuple[Unit, ...]:
    """Return what one part of a unit may be."""
    joined = "".join(part.split())
    found = _known(joined)
    if found:
        return found
    number = _NUMBER.match(joined)
    if number and number.end():
        factor = (Unit(factor=Fraction(number[0].replace(",", "."))),)
        rest = joined[number.end() :]
        return _product(factor, _part(rest), 1) if rest else factor
    first, _, rest = part.partition(" ")
    if rest and (found := _known(first) or ((Unit(),) if first.casefold() in _words("uncounted") else ())):
        return _product(found, (_of_words(rest),), 1)
    return (Unit(above=((f"?{joined.casefold()}", 1),)),)


def _of_words(rest: str) -> Unit:
    """Return what words after a unit make of it: nothing if they only name what it is of."""
    idle = _words("named") | _words("uncounted")
    words = sorted({word for word in rest.casefold().replace(",", " ").split() if word not in idle})
    return Unit(above=tuple((word if word in _words("telling") else f"?{word}", 1) for word in words))


def _known(part: str) -> tuple[Unit, ...]:
    """Return what a part is by the tables: as people spell it, as UCUM has it, or that in another case."""
    folded = part.casefold()
    spellings = _spellings()
    if folded in _words("uncounted"):
        return (Unit(),)
    if codes := spellings["parts"].get(folded) or spellings["metric"].get(folded):
        return _of_codes(codes)
    if found := _exact(part):
        return (found,)
    if part.startswith("%"):
        return _of_codes("%") if _WORD.fullmatch(part[1:] or "A") else ()
    for prefix, code in spellings["prefixes"].items():
        rest = folded.removeprefix(prefix)
        if rest != folded and (codes := spellings["metric"].get(rest)):
            scale = Unit(factor=_table().prefixes[code])
            return tuple(scale.times(unit) for unit in _of_codes(codes))
    found = _folded(folded)
    if found is None and (power := _EXPONENT.fullmatch(part)) and (bases := _known(power[1])):
        return tuple(base.to_the(int(power[2])) for base in bases)
    return (found,) if found else ()


@cache
def _of_codes(codes: str) -> tuple[Unit, ...]:
    """Return the units that a line of the spellings names."""
    return tuple(_code(code) for code in codes.split())


def _code(code: str) -> Unit:
    if code == "%[L/L]":
        return Unit(above=(("%", 1),), factor=Fraction(100))
    so_far, way = Unit(), 1
    for piece in re.split(r"(/)", code):
        if piece == "/":
            way = -1
        elif piece:
            exact = _exact(piece)
            assert exact, code
            so_far, way = so_far.times(exact, way), 1
    return so_far


def _exact(part: str) -> Unit | None:
    """Return a part that is as UCUM has it: a unit, with a prefix where it takes one, to a power."""
    if found := _prefixed(part):
        return found
    power = re.fullmatch(r"(10\*|.*?[^\d+-])([+-]?\d{1,2})", part)
    found = _prefixed(power[1]) if power else None
    return found.to_the(int(power[2])) if power and found else None


def _prefixed(part: str) -> Unit | None:
    table = _table()
    if part in table.units:
        return table.units[part]
    for size in (1, 2):
        scale, rest = table.prefixes.get(part[:size]), part[size:]
        if scale is not None and rest in table.metric:
            return Unit(factor=scale).times(table.units[rest])
    return None


def _folded(part: str) -> Unit | None:
    """Return a part that is as UCUM has it but for its case: "MG", "mmHg", "MMOL"."""
    table = _table()
    if code := table.folded.get(part):
        return table.units[code]
    for prefix, own in _spellings()["prefixes"].items():
        code = table.folded.get(part.removeprefix(prefix)) if part.startswith(prefix) else None
        if code and code in table.metric:
            return Unit(factor=table.prefixes[own]).times(table.units[code])
    return None


@dataclass(frozen=True, slots=True)
class _Table:
    """`ucum.toml` as it is looked up.

    Attributes:
        folded: codes without brackets and case -> the code, where that is one only.
    """

    prefixes: Mapping[str, Fraction]
    units: Mapping[str, Unit]
    metric: frozenset[str]
    folded: Mapping[str, str]


@cache
def _table() -> _Table:
    read = tomllib.loads((_ROOM / "ucum.toml").read_text(encoding="utf-8"))
    lines = {code: [part.strip() for part in line.split("|")] for code, line in read["units"].items()}
    units = {code: _defined(*parts) for code, parts in lines.items()}
    units["[surface]"] = Unit(above=(("[surface]", 1),))
    folded: dict[str, str] = {}
    for code in units:
        for form in (code.casefold(), code.casefold().replace("[", "").replace("]", "")):
            folded.setdefault(form, code)
    return _Table(
        {code: Fraction(factor) for code, factor in read["prefixes"].items()},
        units,
        frozenset(code for code, parts in lines.items() if "metric" in parts[2:]),
        folded,
    )


def _defined(factor: str, bases: str, *marks: str) -> Unit:
    powers = [re.fullmatch(r"(.*?[^\d-])(-?\d+)?", base) for base in bases.split(".") if base]
    counted = [(found[1], int(found[2] or 1)) for found in powers if found]
    zero = next((mark.removeprefix("from ") for mark in marks if mark.startswith("from ")), "0")
    return Unit(
        tuple(sorted((base, n) for base, n in counted if n > 0)),
        tuple(sorted((base, -n) for base, n in counted if n < 0)),
        Fraction(factor),
        Decimal(zero),
    )


@cache
def _spellings() -> Mapping[str, Any]:
    return tomllib.loads((_ROOM / "spellings.toml").read_text(encoding="utf-8"))


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(_spellings()[table]["words"])
