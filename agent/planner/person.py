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
_WEAK_KINDS = {"document", "encounter", "report", "condition", "laboratory", "vital"}
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
_PHONE_NUMBER = re.compile(r"(?<![\w-])(?:\+?\d{1,2}[ -])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b")
_NUMBERS = {"record number", "social security number", "driver's license", "passport", "postal code", "email"}
"""What belongs to the person alone, whatever else is named beside it."""
_ETHNIC = re.compile(r"\b(?:hispanic|latin[oax])\b", re.IGNORECASE)
_BIRTH = re.compile(r"\b(?:born|births?|native)\b", re.IGNORECASE)
_STATE = re.compile(
    r"\b(?:the|my|his|her|their|which|what|us|home|patient's|·+) state\b(?! of (?!the|my|her|his|res|·))"
    r"|^\W*(?:us )?state (?:on|in|of)\b",
    re.IGNORECASE,
)
_STATE_ALONE = re.compile(
    r"\W*(?:(?:us|home) )?state(?: (?:on|in) (?:file|record|the record))?\W*$", re.IGNORECASE
)
_MARRYING = re.compile(r"\bbefore\b.*\b(?:married|marr(?:ying|iage)|wed(?:ding)?)\b", re.IGNORECASE)
_NOT_ASKED = re.compile(
    r"\b(?:not|without|no) (?:the |my |his |her )?(?P<what>surname|(?:last|family|first|given) name|forename)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:or|what|which|who|whom|whose|where|when|why|how|name|tell|list|give|show|need|know)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\bor\b|\bwhat\b|\bwhich\b|\bwho\b", re.IGNORECASE)
_AND_WHAT = re.compile(r"\band (?:what|which|who)\b", re.IGNORECASE)
_ONE = r"(?:i|he|she|they|the patient|patient|·+)"
_AGED = re.compile(
    r"\b(?:at least|at or (?:above|over)|reached (?:the )?age(?: of)?|completed|turned|aged"
    r"|already had (?:my|her|his|their|the patient's))\s+(\d{1,3})\b"
    r"|\b(\d{1,3})\s+(?:(?:years )?(?:of age )?(?:or|and) (?:older|over|above|more|up(?:wards?)?))\b"
    r"|\b(?:older than|over(?: the age of)?)\s+(\d{1,3})\b(?!\s*(?:mg|kg|mm))"
    r"|\bage[ds]?\s*(?:>=|≥|=>|from)\s*(\d{1,3})\b|\bfrom (\d{1,3}) (?:up|on)(?:wards?)?\b"
    rf"|^\W*(?:am|is|are) {_ONE} (?:already |now )?(\d{{1,3}})(?: years old| years of age)?(?: yet| now| already)?\W*$",
    re.IGNORECASE,
)
_AGED_ALONE = re.compile(
    r"\W*(?:aged )?\d{1,3} (?:years )?(?:of age )?(?:or|and) (?:older|over|above|more)\W*\?$", re.IGNORECASE
)
_OLD_ENOUGH = re.compile(
    r"\bold enough\b|\b(?:qualify|eligible)\b.*\bage\b|\bage\s*(?:>=|≥|=>)", re.IGNORECASE
)
_YOUNGER = re.compile(r"\b(?:younger than|under|below)(?: the age of)?\s+(\d{1,3})\b", re.IGNORECASE)
_OF_A_PERSON = re.compile(
    rf"^\W*(?:am|is|are) (?:{_ONE}\b|(?:my|her|his|their|the patient's|·+)\s*age\b)", re.IGNORECASE
)
_TURNED = re.compile(
    r"\b(?:turn(?:ed)?|become|became|reach(?:ed)? (?:the )?age(?: of)?)\s+(\d{1,3})\b"
    r"|\b(\d{1,3})(?:st|nd|rd|th) birthday\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"^\W*do you have\b.*\bas\b|^\W*can \S+(?: \S+)? be reached on\b|\bcorrect\W*$"
    r"|(?:^|[,:.;])[^\w,:.;]*(?:i mean )?(?:is|would|was) (?:that|this|it)\b"
    r"|^\W*(?:would|verify|check|confirm|does|do|has|have|is|am|are)\b|(?:^|[,.;:])[^\w,.;:]*(?:does|do) "
    r"|\bwhether\b|=",
    re.IGNORECASE,
)
_FOR_A_PURPOSE = re.compile(r"^\W*(?:(?:the|my|her|his) )?(?:·+ ?)?age (?:as )?·+, for \w", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:done|performed|given|measured|checked|taken|carried out|administered)\b", re.IGNORECASE
)
_PLACE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\W*(?:is|would) (?P<what>[a-z][\w .'-]*?) (?:be )?(?:the |on file )",
        r"^\W*(?P<what>[a-z][\w .'-]*?)\s*[:,]\s*(?:would|is) (?:that|this|it)\b",
        r"\b(?:say|read|give|list|show|name)s? (?P<what>[a-z][\w .'-]*?) (?:for|as|under)\b",
        r":\s*(?P<what>[a-z][\w .'-]*?)\W*$",
        r"\bgives? (?P<what>[a-z][\w .'-]*?) as\b",
        r"\b(?P<what>\d{1,6} [a-z][\w .'-]*?)(?:,.*)?\W*$",
        r"\b(?:in|resident of) (?!(?:my|his|her|their|the|this|your)\b)(?P<what>[a-z][\w .'-]*?)"
        r"(?: (?:per|according to|as|by) .*)?(?:,.*)?\W*$",
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
    mentions = topic_mentions(sentence)
    if mentions and all(_ETHNIC.search(mention.text) for mention in mentions):
        return replace(base, topic="profile", about="ethnicity", period="", give="")
    own = next((about for about in sentence.meanings("profile") if about in _NUMBERS), "")
    if mentions:
        return replace(base, topic="profile", about=own, period="", give="") if own else None
    aged = _of_an_age(sentence, base)
    if aged or sentence.threshold:
        return aged
    kinds = set(sentence.meanings("kind")) - {"care team", "costs"}
    number = _PHONE_NUMBER.search(sentence.text)
    if number:
        whether = not re.match(r"\W*(?:who|whose|what)\b", sentence.text, re.IGNORECASE)
        frame = replace(base, topic="profile", about="phone", period="", give="")
        return replace(frame, give="exists", concept=number[0]) if whether else frame
    if base.give == "age":
        return _age(sentence, base) if kinds <= {"document"} else None
    apart = _unlikely(sentence, base) | _OF_INSURANCE
    wanted = [about for about in sentence.meanings("profile") if about not in apart]
    rest = [about for about in wanted if about != "summary"]
    wanted = rest or wanted
    if not kinds and not wanted and _STATE_ALONE.match(sentence.text):
        wanted = ["state"]
    listed = _LISTED.search(sentence.text) if not wanted else None
    if listed:
        wanted = ["gender" if _WORDS_FOR["gender"].fullmatch(listed["what"]) else "marital status"]
    if not wanted:
        return None
    about = _chosen(sentence, wanted)
    sure = bool({about, wanted[0]} & _SURE) or (about == "city" and _names_a_town(sentence))
    return _about(sentence, base, about) if sure and kinds <= _WEAK_KINDS or not kinds else None


def _about(sentence: Sentence, base: Frame, about: str) -> Frame | None:
    if about == "care team" and base.give in ("count", "distinct"):
        return None
    if {"alive", "deceased"} <= set(sentence.meanings("profile")):
        return replace(base, topic="profile", about="deceased", period="", give="")
    if about == "deceased" and base.give == "date":
        about = "death date"
    if about == "death date" and base.give == "exists":
        about = "deceased"
    frame = replace(base, topic="profile", about=about, period="", give="")
    if about in ("deceased", "alive"):
        return replace(frame, give=base.give)
    said = _said(sentence, about) if about in _VERIFIED else ""
    said = said if _asks_whether(sentence, base, about, said) else ""
    return replace(frame, give="exists", concept=said) if said else frame


def _age(sentence: Sentence, base: Frame) -> Frame | None:
    if (
        sentence.anchored
        or (sentence.rest and not _FOR_A_PURPOSE.search(sentence.free))
        or sentence.has("pick", "first", "last")
        or _DONE.search(sentence.free)
    ):
        return None
    return replace(base, topic="profile", about="age", give="")


def _of_an_age(sentence: Sentence, base: Frame) -> Frame | None:
    """Read "is she at least 65?" and "when did he turn 18?"."""
    enough = _OLD_ENOUGH.search(sentence.text)
    if (sentence.meanings("kind") and not enough) or sentence.has("category"):
        return None
    turned, aged = _TURNED.search(sentence.text), _AGED.search(sentence.text)
    if turned and base.give in ("date", "", "age"):
        return replace(
            base, topic="profile", about="birthday", period=f"at age {turned[1] or turned[2]}", give=""
        )
    younger = _YOUNGER.search(sentence.text)
    whether = base.give == "exists" or enough or _AGED_ALONE.match(sentence.text)
    if not whether or (sentence.has("profile") and not turned):
        return None
    if sentence.threshold and not enough and (sentence.periods or not _OF_A_PERSON.search(sentence.free)):
        return None
    found = aged or turned or younger
    if found is None:
        return None
    limit = next(filter(None, found.groups()))
    said = f"under {limit}" if found is younger else limit
    return replace(base, topic="profile", about="age", give="exists", concept=said, period="")


def _chosen(sentence: Sentence, wanted: list[str]) -> str:
    """Return which of several is meant: a town before a name, the last of two where the first is weak."""
    if _MARRYING.search(sentence.text) and {"name", "family name", "maiden name"} & set(wanted):
        return "mother's maiden name" if re.search(r"\bmother\b", sentence.text, re.I) else "maiden name"
    unwanted = _NOT_ASKED.search(sentence.text)
    if {"given name", "family name"} <= set(wanted):
        if not unwanted:
            return "name"
        return "given name" if re.match(r"surname|last|family", unwanted["what"], re.I) else "family name"
    if {"city", "birth date"} <= set(wanted) or ("city" in wanted and _BIRTH.search(sentence.text)):
        return "birth place"
    if "address" in wanted and _STATE.search(sentence.text):
        return "state"
    if _names_a_town(sentence) and not {"birth place"} & set(wanted):
        return "city"
    if "maiden name" in wanted:
        return "maiden name"
    if wanted[0] == "birth date" and _BORN_IN.search(sentence.text):
        return "birth place"
    return wanted[-1] if wanted[0] in ("name", "city", "address") else wanted[0]


def _names_a_town(sentence: Sentence) -> bool:
    """Whether a word for a town itself stands in the question, not only one for living somewhere."""
    return any(
        c.table == "profile" and c.meaning == "city" and c.text.casefold() in _TOWNS for c in sentence.cues
    )


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
    if base.give == "exists" or _WHETHER.search(sentence.text):
        return True
    certain = about in _WORDS_FOR or said[:1].isupper()
    return certain and sentence.text.endswith("?") and not _OPEN.search(sentence.free)


def _unlikely(sentence: Sentence, base: Frame) -> set[str]:
    """What a word such as "home" or "called" does not mean beside words for visits, counts or lengths."""
    if sentence.has("category") or base.give in ("count", "duration"):
        reached = any(c.text.casefold().startswith("number") for c in sentence.cues if c.meaning == "phone")
        return {"city", "name", "summary"} | (set() if reached else {"phone"})
    return {"phone"} if base.give == "date" else set()
