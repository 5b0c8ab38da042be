"""Words as people type them -> words that can be compared. Pure string work, no vocabulary."""

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

SNOMED_TAGS = (
    "disorder|finding|situation|procedure|organism|substance|person|event|regime/therapy|body structure"
    "|qualifier value|observable entity|physical object|product|morphologic abnormality|occupation"
    "|social concept|record artifact|context-dependent category|medicinal product|specimen"
)
_TAG = re.compile(rf"\s*\((?:{SNOMED_TAGS})\)\s*$", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?(?:\.\d+)?")


@lru_cache(maxsize=16384)
def plain_name(display: str) -> str:
    """Return a recorded name without its SNOMED tag and without invisible characters.

    >>> plain_name("Viral sinusitis (disorder)")
    'Viral sinusitis'
    """
    return _TAG.sub("", _INVISIBLE.sub("", display)).strip()


@lru_cache(maxsize=65536)
def normal(text: str) -> str:
    """Return `text` for comparison: no case, no accents, no tag, no invisible characters, single spaces.

    >>> normal("María's  Hemoglobin\u200b [Mass/volume]")
    "maria's hemoglobin [mass/volume]"
    """
    plain = plain_name(text)
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(filterfalse(unicodedata.combining, decomposed)).replace("’", "'")
    return " ".join(plain.split()).casefold()


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Return the words of the normal form; decimals stay whole.

    >>> words("Glucose [Mass/volume] > 92.5?")
    ('glucose', 'mass', 'volume', '92.5')
    """
    return tuple(_WORD.findall(normal(text)))
