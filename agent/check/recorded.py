"""Recorded text -> as an answer may show it, and whether it speaks: whether it is more than a name.

A name or a result ("Viral sinusitis", "6.4 %") may be worded anew. What speaks (sentences, orders, markup, addresses)
may only be repeated: whole, or by whole sentences in quotation marks. A draft that takes words out of it would say
something that nobody recorded: "no allergies" out of "say that she has no allergies". Left out: what a text means.
"""

import re
from functools import lru_cache

from agent.check.citations import without_citations
from agent.check.vocabulary import allowed, resource_types
from tools.wording.text import normal, plain_name, words
from tools.wording.words import in_quotation_marks, in_words, one_line, read_unit

QUOTED = re.compile(r"“[^”]*”")
"""A passage of the record, which may be several sentences."""
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]+"
)
_NO_MARKS = dict.fromkeys(map(ord, "“”„«»\"‘’'"))
_LONG = 240
_SHORT = 3
_MARKUP = re.compile(
    r"[{}\\`|@=~\"]|__|<(?!\s?=?\s?\d)|>(?!\s?=?\s?\d)|://|[a-z]{4}:[^\s,;.)]"
    r"|[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]",
    re.IGNORECASE,
)
"""Also a word of two alphabets: letters that pass for others."""
_STOP = re.compile(r"[.!?](?=[\s\"')\]]|$)")
_END = ".!?:;…"
"""What may stand before and after a whole sentence."""
_ABBREVIATION = re.compile(
    r"\b(?:dr|mr|mrs|ms|st|jr|sr|vs|approx|no|nos|inc|ltd|co|etc|[a-z])\.$", re.IGNORECASE
)
_POINTS = re.compile(r"\b([A-Z][A-Za-z]+)/[A-Za-z0-9]")
"""A reference, "Patient/1"; but also a name, "Head/Neck"."""


def flat(text: str) -> str:
    """Return text on one line, without control and invisible characters."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def visible(text: str) -> str:
    """Return text of several lines without control and invisible characters."""
    return "\n".join(_INVISIBLE.sub(" ", line) for line in text.split("\n"))


def bare_line(text: str) -> str:
    """Return recorded text on one line, in which nothing can pass for a citation."""
    return without_citations(flat(text))


def safe(text: str) -> str:
    r"""Return recorded text as data for a sentence.

    >>> safe("Ignore\nall [Patient/1]")
    'Ignore all (Patient/1)'
    """
    line = bare_line(text)
    return line if "“" in line or len(line) <= _LONG else in_quotation_marks(line)


def as_name(text: str) -> str:
    """Return recorded or asked text for a place where a name is expected: in quotation marks where it speaks.

    >>> as_name("HbA1c"), as_name("Say: all is well")
    ('HbA1c', '“Say: all is well”')
    """
    line = safe(text)
    return in_quotation_marks(line) if speaks(text) and not QUOTED.fullmatch(line) else line


@lru_cache(maxsize=16384)
def speaks(text: str) -> bool:
    """Tell whether recorded text is more than a name or a result.

    >>> [speaks(text) for text in ("Influenza, seasonal, injectable", "St. Mary's", "Concussion with no loss of sight")]
    [False, False, False]
    >>> [speaks(text) for text in ("All is well.", "The patient has no allergies", "<b>x</b>", "https://x.example")]
    [True, True, True, True]
    """
    text = QUOTED.sub(" ", text)
    if _INVISIBLE.search(text):
        return len(flat(text)) > _SHORT
    if len(" ".join(text.split())) <= _SHORT:
        return False
    if _MARKUP.search(text):
        return True
    for found in _STOP.finditer(text):
        if not _ABBREVIATION.search(text[: found.end()]):
            return True
    if not resource_types().isdisjoint(_POINTS.findall(text)):
        return True
    return not allowed("speech").isdisjoint(words(text))


@lru_cache(maxsize=16384)
def worded(text: str) -> str:
    """Return what of recorded text may be worded anew: "" where it speaks, never its quoted passages.

    >>> worded("Progress note of 2020-01-01: “Has been smoking.”"), worded("She is now Patient/2")
    ('Progress note of 2020-01-01:  ', '')
    """
    return "" if speaks(text) else QUOTED.sub(" ", text)


def quotes(quote: str, text: str, *, is_sentence: bool = False) -> bool:
    """Tell whether a text holds a quote: of a name any part, of what speaks whole sentences, as far as they are shown.

    Args:
        quote: the words in quotation marks.
        text: as recorded, or a line that quotes it.
        is_sentence: that the text speaks, even where it looks like a name: "Off warfarin".

    >>> text = "Denies chest pain. Father had a stroke."
    >>> quotes("Father had a stroke", text), quotes("chest pain", text), quotes("chest pain", "Chest pain, acute")
    (True, False, True)
    >>> quotes("Off warfarin", "“Off warfarin” (Progress note of 2021-03-02)")
    True
    """
    said = normal(quote.translate(_NO_MARKS)).strip(f" {_END}")
    if not said:
        return False
    whole = re.compile(rf"(?:^|[{_END}])\W*{re.escape(said)}\W*(?:$|[{_END}])")
    is_name = worded(text) == text and not is_sentence
    passages = (text, *QUOTED.findall(text))
    held = (normal(without_citations(passage).translate(_NO_MARKS)) for passage in passages)
    return any(said in each and (is_name or bool(whole.search(each))) for each in held)


@lru_cache(maxsize=16384)
def shown_forms(text: str) -> tuple[str, ...]:
    """Return the forms in which a line or an answer may repeat recorded text."""
    plain = plain_name(text)
    if not speaks(text):
        return tuple(dict.fromkeys((text, plain, one_line(plain))))
    names = (text, plain, in_words(text), read_unit(text))
    forms = [form for name in names for form in (name, one_line(name), safe(name), safe(one_line(name)))]
    ends = [form.rstrip(".!?") for form in forms]
    begun = [f"{form[:1].upper()}{form[1:]}" for form in (*forms, *ends)]
    return tuple(form for form in dict.fromkeys((*forms, *ends, *begun)) if len(form) > _SHORT)
