"""A strength said with a drug -> which recorded names carry it: "Tylenol 325 mg" is not the 160 mg tablet.

Left out: comparing strengths given in different units.
"""

from functools import lru_cache

from tools.concepts.wording import Words, tokens

_UNITS = {
    "mg": "mg",
    "mcg": "mcg",
    "ug": "mcg",
    "g": "g",
    "ml": "ml",
    "meq": "meq",
    "iu": "unt",
    "unt": "unt",
} | {
    "unit": "unt",
    "units": "unt",
    "actuat": "actuat",
}


@lru_cache(maxsize=4096)
def apart(words: Words) -> tuple[Words, tuple[Words, ...]]:
    """Return words without the strengths among them, and the strengths.

    >>> apart(("albuterol", "0.83", "mg", "ml", "solution"))
    (('albuterol', 'solution'), (('0.83', 'mg', 'ml'),))
    """
    name: list[str] = []
    strengths: list[Words] = []
    at = 0
    while at < len(words):
        end = at + 1
        while _is_number(words[at]) and end < len(words) and words[end] in _UNITS:
            end += 1
        if end > at + 1:
            strengths.append((words[at], *(_UNITS[unit] for unit in words[at + 1 : end])))
        else:
            name.append(words[at])
        at = end
    return tuple(name), tuple(strengths)


def carries(display: str, name: Words, strengths: tuple[Words, ...]) -> bool:
    """Tell whether a product has these strengths: of several ingredients, the ones that are named.

    >>> carries("Acetaminophen 325 MG / Codeine 15 MG Oral Tablet", ("codeine",), (("325", "mg"),))
    False
    """
    parts = [tokens(part) for part in display.split(" / ")]
    meant = [part for part in parts if set(name) & set(part)] or parts
    return all(any(_holds(part, strength) for part in meant) for strength in strengths)


def _holds(part: Words, strength: Words) -> bool:
    size = len(strength)
    return any(part[at : at + size] == strength for at in range(len(part) - size + 1))


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdigit()
