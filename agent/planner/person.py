"""Questions about the person: who, how old, where, reached how, insured by whom; and whether it is as somebody says."""

import re
from dataclasses import replace

from agent.planner.frame import Frame
from agent.planner.naming import topic_mentions, unnamed
from agent.planner.sentence import Sentence

_SURE = {
    "birth date", "birthday", "birth place", "birth sex", "gender", "practitioner", "care team",
    "deceased", "alive", "death date", "marital status", "language", "race", "ethnicity", "contacts", "phone",
    "email", "address", "street", "state", "postal code", "given name", "family name", "maiden name",
    "mother's maiden name", "record number", "social security number", "driver's license", "passport",
}  # fmt: skip
_WEAK_KINDS = {"document", "encounter", "report", "condition"}
_OF_INSURANCE = {"insurance", "insurance plan"}
_PLACES = {"address", "street", "city", "state", "birth place"}
_TOWNS = {"city", "town", "hometown", "home town", "municipality"}
_VERIFIED = {
    "gender", "birth sex", "birth date", "address", "street", "city", "state", "birth place",
    "phone", "email", "language", "marital status", "race", "ethnicity", "postal code",
    "given name", "family name", "care team",
}  # fmt: skip
_WORDS_FOR = {
    "gender": re.compile(r"\b(male|female|other|unknown)\b", re.IGNORECASE),
    "birth sex": re.compile(r"\b(male|female|other|unknown)\b", re.IGNORECASE),
    "phone": re.compile(r"(\+?[\d(][\d()\s.-]{5,}\d)"),
    "marital status": re.compile(
        r"\b(never married|married|single|divorced|widow(?:ed|er)?|separated|unmarried|domestic partner)\b",
        re.IGNORECASE,
    ),
    "language": re.compile(
        r"\b(english|spanish|french|german|italian|portuguese|(?:mandarin|cantonese)(?: chinese)?|chinese"
        r"|vietnamese|tagalog|korean|japanese|arabic|russian|hindi|polish|dutch|greek|turkish|hebrew|persian|urdu|bengali)\b",
        re.IGNORECASE,
    ),
    "care team": re.compile(r"\b((?:Dr\.?|Doctor)\s+[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)*)"),
}
_OPEN = re.compile(
    r"\b(?:or|what|which|who|whom|whose|where|when|why|how|name|tell|list|give|show|need|know)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\bor\b|\bwhat\b|\bwhich\b|\bwho\b", re.IGNORECASE)
_AND_WHAT = re.compile(r"\band (?:what|which|who)\b", re.IGNORECASE)
_ONE = r"(?:i|he|she|they|the patient|patient|·+)"
_AGED = re.compile(
    r"\b(?:at least|reached the age of|turned|aged|already had (?:my|her|his|their|the patient's))\s+(\d{1,3})\b"
    r"|\b(\d{1,3})\s+(?:(?:years )?(?:of age )?(?:or|and) (?:older|over|above|more))\b"
    r"|\b(?:older than|over(?: the age of)?)\s+(\d{1,3})\b(?!\s*(?:mg|kg|mm))"
    rf"|^\W*(?:am|is|are) {_ONE} (?:already |now )?(\d{{1,3}})(?: years old| years of age)?(?: yet| now| already)?\W*$",
    re.IGNORECASE,
)
_AGED_ALONE = re.compile(
    r"\W*(?:aged )?\d{1,3} (?:years )?(?:of age )?(?:or|and) (?:older|over|above|more)\W*\?$", re.IGNORECASE
)
_YOUNGER = re.compile(r"\b(?:younger than|under|below)(?: the age of)?\s+(\d{1,3})\b", re.IGNORECASE)
_OF_A_PERSON = re.compile(rf"^\W*(?:am|is|are) {_ONE}\b", re.IGNORECASE)
_TURNED = re.compile(
    r"\b(?:turn(?:ed)?|become|became|reach(?:ed)? the age of)\s+(\d{1,3})\b|\b(\d{1,3})(?:st|nd|rd|th) birthday\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"^\W*do you have\b.*\bas\b|^\W*can \S+(?: \S+)? be reached on\b|\bcorrect\W*$", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(?:done|performed|given|measured|checked|taken|carried out|administered)\b", re.IGNORECASE
)
_PLACE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\W*is (?P<what>[a-z][\w .'-]*?) (?:the |on file )",
        r"\bgives? (?P<what>[a-z][\w .'-]*?) as\b",
        r"\b(?P<what>\d{1,6} [a-z][\w .'-]*?)(?:,.*)?\W*$",
        r"\b(?:in|resident of) (?!(?:my|his|her|their|the|this|your)\b)(?P<what>[a-z][\w .'-]*?)(?:,.*)?\W*$",
    )
)
_YEAR = re.compile(r"\d{4}|\d\d?[/.]\d\d?[/.]\d\d")
_BORN_IN = re.compile(
    r"\bborn in (?!(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\b)"
    r"(?-i:[A-Z])[a-z]+(?: (?-i:[A-Z])[a-z]+)*\W*$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:the|this|that|it|what|which|my|his|her|their|your|same|records?|chart|file|system|profile)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\b(?:registered|listed|list|down|recorded|record)\b.*\bas (?P<what>male|female|other|unknown"
    r"|never married|married|single|divorced|widowed|separated|unmarried)\b",
    re.IGNORECASE,
)


def profile(sentence: Sentence, base: Frame) -> Frame | None:
    """Read "how old is she?", "where does he live?", "is the patient alive?", "is her phone number 555-0100?"."""
    if topic_mentions(sentence):
        return None
    aged = _of_an_age(sentence, base)
    if aged or sentence.threshold:
        return aged
    kinds = set(sentence.meanings("kind")) - {"care team", "costs"}
    if base.asks == "age":
        return _age(sentence, base) if not kinds else None
    apart = _unlikely(sentence, base) | _OF_INSURANCE
    wanted = [about for about in sentence.meanings("profile") if about not in apart]
    listed = _LISTED.search(sentence.text) if not wanted else None
    if listed:
        wanted = ["gender" if _WORDS_FOR["gender"].fullmatch(listed["what"]) else "marital status"]
    if not wanted or (kinds and not (wanted[0] in _SURE and kinds <= _WEAK_KINDS)):
        return None
    return _about(sentence, base, _chosen(sentence, wanted))


def _about(sentence: Sentence, base: Frame, about: str) -> Frame | None:
    if about == "care team" and base.asks in ("count", "distinct"):
        return None
    if about == "deceased" and base.asks == "date":
        about = "death date"
    if about == "death date" and base.asks == "yes or no":
        about = "deceased"
    frame = replace(base, topic="profile", about=about, period="", asks="value")
    if about in ("deceased", "alive"):
        return replace(frame, asks=base.asks)
    said = _said(sentence, about) if about in _VERIFIED else ""
    said = said if _asks_whether(sentence, base, about, said) else ""
    return replace(frame, asks="yes or no", concept=said) if said else frame


def _age(sentence: Sentence, base: Frame) -> Frame | None:
    if (
        sentence.anchored
        or sentence.rest
        or sentence.has("pick", "first", "last")
        or _DONE.search(sentence.free)
    ):
        return None
    return replace(base, topic="profile", about="age", asks="value")


def _of_an_age(sentence: Sentence, base: Frame) -> Frame | None:
    """Read "is she at least 65?" and "when did he turn 18?"."""
    if sentence.meanings("kind") or sentence.has("category"):
        return None
    turned, aged = _TURNED.search(sentence.text), _AGED.search(sentence.text)
    if turned and base.asks in ("date", "value", "age"):
        return replace(
            base, topic="profile", about="birthday", period=f"at age {turned[1] or turned[2]}", asks="value"
        )
    younger = _YOUNGER.search(sentence.text)
    whether = base.asks == "yes or no" or _AGED_ALONE.match(sentence.text)
    if not whether or (sentence.has("profile") and not turned):
        return None
    if sentence.threshold and (sentence.periods or not _OF_A_PERSON.search(sentence.free)):
        return None
    found = aged or turned or younger
    if found is None:
        return None
    limit = next(filter(None, found.groups()))
    said = f"under {limit}" if found is younger else limit
    return replace(base, topic="profile", about="age", asks="yes or no", concept=said, period="")


def _chosen(sentence: Sentence, wanted: list[str]) -> str:
    """Return which of several is meant: a town before a name, the last of two where the first is weak."""
    towns = any(
        c.table == "profile" and c.meaning == "city" and c.text.casefold() in _TOWNS for c in sentence.cues
    )
    if towns and not {"birth place"} & set(wanted):
        return "city"
    if "maiden name" in wanted:
        return "maiden name"
    if wanted[0] == "birth date" and _BORN_IN.search(sentence.text):
        return "birth place"
    return wanted[-1] if wanted[0] in ("name", "city", "address") else wanted[0]


def _said(sentence: Sentence, about: str) -> str:
    """Return what somebody says it is, "" if the question is open."""
    if _AND_WHAT.search(sentence.text):
        return ""
    if about == "birth date" and sentence.periods and not _YEAR.search(sentence.periods[0].text):
        return ""
    if about == "birth date" and sentence.periods:
        return re.sub(r"^on\s+", "", sentence.periods[0].text, flags=re.IGNORECASE)
    pattern = _WORDS_FOR.get(about)
    if pattern:
        found = {match.casefold(): match for match in pattern.findall(sentence.text)}
        return next(iter(found.values())) if len(found) == 1 and not _SEVERAL.search(sentence.free) else ""
    placed = [pattern.search(sentence.text) for pattern in _PLACE] if about in _PLACES else []
    named = (found["what"] for found in placed if found and _is_named(found["what"]))
    return next(named, unnamed(sentence))


def _is_named(words: str) -> bool:
    """Whether words can be a name, and are not "the record"."""
    return not _NO_NAME.search(words)


def _asks_whether(sentence: Sentence, base: Frame, about: str, said: str) -> bool:
    """Whether it is to be told if something is so: also "resident of Houston?", without a verb."""
    if base.asks == "yes or no" or _WHETHER.search(sentence.text):
        return True
    certain = about in _WORDS_FOR or said[:1].isupper()
    return certain and sentence.text.endswith("?") and not _OPEN.search(sentence.free)


def _unlikely(sentence: Sentence, base: Frame) -> set[str]:
    """What a word such as "home" or "called" does not mean beside words for visits, counts or lengths."""
    if sentence.has("category") or base.asks in ("count", "duration"):
        return {"city", "name", "phone", "summary"}
    return set()
