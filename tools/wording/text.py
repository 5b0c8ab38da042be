"""Words as people type them -> words that can be compared. Pure string work, no vocabulary."""

import re
import unicodedata
from functools import lru_cache

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
    decomposed = unicodedata.normalize("NFKD", plain_name(text))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", bare.replace("’", "'")).strip().casefold()


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Return the words of the normal form; decimals stay whole.

    >>> words("Glucose [Mass/volume] > 92.5?")
    ('glucose', 'mass', 'volume', '92.5')
    """
    return tuple(_WORD.findall(normal(text)))
