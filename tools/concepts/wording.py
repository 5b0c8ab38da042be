"""Text -> words that can be compared across plurals, past tense, and British and American spelling.

Light on purpose: a stem is only compared with stems, never shown. "metastases", "diagnoses" and other Latin
plurals are left to the lexicon.
"""

import re
from functools import lru_cache

from tools.wording.text import normal

Words = tuple[str, ...]

_HIDDEN = "\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_PIECE = re.compile(rf"[^\W_](?:[^\W_]|[{_HIDDEN}])*(?:['’][^\W_]+)?(?:\.\d+)?")
_DOSE = re.compile(r"(\d+(?:\.\d+)?)(mg|ml|mcg|g|kg|hr|hrs|unt|units|meq|actuat|day|iu)")
_SPELLINGS = (
    ("aemi", "emi"), ("haem", "hem"), ("oedema", "edema"), ("oesoph", "esoph"), ("oestr", "estr"),
    ("foet", "fet"), ("rrhoea", "rrhea"), ("pnoea", "pnea"), ("tumour", "tumor"), ("mould", "mold"),
    ("sulph", "sulf"), ("colour", "color"), ("odour", "odor"), ("paed", "ped"), ("gynaec", "gynec"),
    ("leucocyt", "leukocyt"), ("anaesth", "anesth"), ("programme", "program"), ("counsell", "counsel"),
    ("caesar", "cesar"), ("behaviour", "behavior"), ("labour", "labor"), ("fibre", "fiber"),
    ("centre", "center"), ("orthopaed", "orthoped"),
)  # fmt: skip
_BRITISH = re.compile("|".join(british for british, _ in _SPELLINGS))
_ACRONYMS = re.compile(r"\b([A-Z]{2,})s\b")
"""Plurals of acronyms, which no longer look like such in small letters: "UTIs"."""
_KEPT_S = ("ss", "us", "is", "as", "os")


def spans(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text as it was typed, each with its offsets.

    >>> spans("Lasix 40mg?")
    [('lasix', 0, 5), ('40', 6, 8), ('mg', 8, 10)]
    >>> spans("UTIs")
    [('uti', 0, 4)]
    """
    found: list[tuple[str, int, int]] = []
    for match in _PIECE.finditer(text):
        word, start, end = _ACRONYMS.sub(r"\1", match.group()), match.start(), match.end()
        word = word.lower() if word.isascii() else normal(word)
        dose = _DOSE.fullmatch(word) if word[:1].isdigit() else None
        if dose and len(word) == end - start:
            middle = start + dose.end(1)
            found += [(dose[1], start, middle), (dose[2], middle, end)]
        elif word:
            found.append((word, start, end))
    return found


@lru_cache(maxsize=16384)
def tokens(text: str) -> Words:
    """Return the words of the normal form of a name; a strength is apart from its unit.

    >>> tokens("Hemoglobin A1c/Hemoglobin.total in Blood (procedure)")
    ('hemoglobin', 'a1c', 'hemoglobin', 'total', 'in', 'blood')
    """
    if text.isascii() and text.replace(" ", "").isalpha():
        return tuple(_ACRONYMS.sub(r"\1", text).lower().split())
    plain = text if text.isascii() and not text.endswith(")") else normal(text)
    return tuple(word for word, _, _ in spans(plain))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """Return the stem of one word.

    >>> [stem(w) for w in ("statins", "biopsies", "sprained", "fractures", "anaemia", "crohn's", "diabetes")]
    ['statin', 'biopsy', 'sprain', 'fractur', 'anemia', 'crohn', 'diabet']
    """
    word = word.removesuffix("'s")
    if _BRITISH.search(word):
        for british, american in _SPELLINGS:
            word = word.replace(british, american)
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(_KEPT_S):
        word = word[:-1]
    if word.endswith("ed") and len(word) > 5:
        word = word[:-2]
    return word.removesuffix("e") if len(word) > 4 else word


@lru_cache(maxsize=16384)
def stems(words: Words) -> Words:
    """Return the stems of words, in order."""
    return tuple(map(stem, words))
