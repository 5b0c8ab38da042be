"""A question -> its parts: the patient's name, times, thresholds, names in the record, cues, the rest.

Each reader takes its part out of the text (`Sentence.free`), so that a word is read once. Nothing is decided
here; `asking` and `topic` decide.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from agent.planner.acts import as_act
from agent.planner.cues import Cue, corrected, cues_in, is_plain
from agent.planner.focus import focused
from agent.planner.kinds import WHERE_HELD, types_for
from agent.planner.milestone import with_milestone
from agent.planner.shorthand import plainly
from agent.planner.things import MENTIONED_TYPES, SAID, things_in
from agent.planner.verdict_words import Words, words_in
from agent.planner.whose import NAMED_PATIENT, impersonal, own_names, strange_number, stranger
from tools.calls.errors import BadArgument
from tools.concepts import Mention as Named
from tools.concepts import mentions as names_in
from tools.entries.times import Span
from tools.periods import Mention as Time
from tools.periods import mentions as times_in
from tools.periods import resolve
from tools.record import PatientRecord

_THRESHOLD = re.compile(
    r"(?P<more>(?:great(?:er)?|more|high(?:er)?|larger|bigger|above|over|past|beyond|exceed(?:s|ed|ing)?|heavier|taller|"
    r"topp?(?:s|ed|ing)?|cross(?:ed|es)?|pass(?:ed|es)?|"
    r"in excess|upwards|north|surpass(?:es|ed)?|>=?)(?:\s+(?:than|of|to))?"
    r"|(?P<less>(?:less(?:er)?|low(?:er)?|smaller|below|under|beneath|fewer|lighter|shorter|short|<=?)(?:\s+(?:than|of))?))"
    r"\s*(?P<number>-?\d+(?:[.,]\d+)?)(?![\d.,]*\d)(?!\s*(?:years?|months?|weeks?|days?|times?)\b)(?!\s*(?:MG|ML|ACTUAT|HR)\b(?!\s*/))"
    r"(?:\s*(?P<unit>%|°\s?[CF]\b|[a-zA-Zµ]+(?:\[[^\]]*\])?(?:/[\w\[\]{}.]+)*))?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"%|°\s?[CF]|[a-zA-Zµ]+\[[^\]]*\]|[a-zA-Zµ]+/[\w\[\]{}./]+|mmol|mmhg|mg|kg|cm|g|lbs?|pounds|percent|bpm",
    re.I,
)
_OF_A_TOPIC = re.compile(
    r"(?:at|of|in|during|with) (?:the|my|her|his|their) (?:visit|encounter|appointment"
    r"|(?P<kept>(?:most recent|last|latest) delivery))"
    r"(?= (?:of|with|when|at which|for which|in which)\b|\W*(?:,|$))",
    re.IGNORECASE,
)
"""A visit that is told by what was done at it bounds no time of its own: "at the visit with her last colonoscopy"."""
_OF_A_STAY = re.compile(
    r"\b(?:procedures?|operations?|surger(?:y|ies)|interventions?|medications?|prescriptions?|drugs?|labs?|vitals|results"
    r"|observations|treatments?)(?:\s+\w+ed)?\s+(?P<stay>(?:of|from|for|in)\s+"
    r"(?P<which>(?:(?:the|my|her|his|their)\s+)?(?:patient's\s+|·+\s*)?"
    r"(?:very )?(?:first|last|latest|most recent|previous|second|third)\s+(?:[a-z][\w-]*\s+){0,3}?"
    r"(?:stay|admission|hospitali[sz]ation|visit|encounter|appointment)))\b",
    re.IGNORECASE,
)
"""A stay told as the owner of what was done in it: "the procedures of her first admission"."""
_NAMED_VALUES = (
    "address", "street", "city", "state", "birth place", "language", "care team", "insurance", "insurance plan",
    "mother's maiden name",
)  # fmt: skip
"""Attributes whose value looks like somebody's name: "Is Los Angeles the city in my address?"."""
TAKEN = "\u00b7"
"""Stands where the patient, a time or a number was read."""
NAME = "\u00a4"
"""Stands where a name of something in the record was read."""
_WEAK_LEAD = re.compile(r"(?:at|in|on|upon|around|from)\b", re.I)
_BEFELL = re.compile(
    r"\s+(?:was|were|had been|got)\s+(?:(?:first|newly|ever)\s+)?(?:found|done|given|\w+ed)\b", re.I
)
_NO_TIME = re.compile(r"at (?:least|most)\b", re.I)
_TIMELY = re.compile(
    r"\b(?:childhood|juvenile|teens?|adolescents?|infants?|children|adults?|neonatal|before|after|following|during|since|until|at|birth|age|year|month|week|day)\b"
    r"|\b\d{4} panel\b",
    re.I,
)
_NOW = re.compile(
    r"(?:at|for|as of|until|up to)?\s*(?:the )?"
    r"(?:present|moment|now|right now|currently|today|presently|nowadays|this time|these days)",
    re.I,
)
_WORD = re.compile(r"[^\W_](?:[\w'’.-]*[\w])?")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number to compare with: "above 92.5 kg" -> Threshold(above=92.5, unit="kg")."""

    above: Decimal | None
    below: Decimal | None
    unit: str = ""

    def limit(self, number: Decimal | None) -> str:
        """Return one of the numbers as text with the unit, "" without a number."""
        return "" if number is None else f"{number} {self.unit}".strip()


@dataclass(slots=True)
class Sentence:
    """A question with its parts.

    Attributes:
        text: the question, spaces folded.
        free: what is still to be read: names, times and clauses are blanked, slips of the pen mended.
        whole: the same with the clauses.
        periods: times that are not tied to another event.
        anchored: clauses such as "before starting insulin", whose event is not the topic.
        threshold: a value to compare with.
        mentions: names of things recorded here or known to medicine, in the order of the text.
        cues: words that tell what is asked.
        words: words and phrases, with what each says of a yes or no.
        rest: what nothing explains, as stretches of text.
        ever: the question says "ever" or "in total": any time is meant.
        stranger: the name of someone who is not this patient, else "".
        today: the clock, an ISO day.
    """

    text: str
    free: str
    whole: str = ""
    periods: list[Time] = field(default_factory=list)
    anchored: list[Time] = field(default_factory=list)
    threshold: Threshold | None = None
    mentions: list[Named] = field(default_factory=list)
    cues: tuple[Cue, ...] = ()
    words: Words = Words(())
    rest: tuple[str, ...] = ()
    ever: bool = False
    stranger: str = ""
    today: str = ""

    def blank(self, start: int, end: int, mark: str = TAKEN) -> None:
        """Take a stretch of text out of what is still to be read; a mark is left where it stood."""
        self.free = self.free[:start] + mark * (end - start) + self.free[end:]

    def meanings(self, table: str) -> list[str]:
        """Return what the cues of a table mean here, in the order of the text, without repeats."""
        return list(dict.fromkeys([cue.meaning for cue in self.cues if cue.table == table]))

    def has(self, table: str, *meanings: str) -> bool:
        """Tell whether a cue of the table (with one of these meanings) is in the question."""
        return any([c.table == table and (not meanings or c.meaning in meanings) for c in self.cues])


def read(question: str, record: PatientRecord) -> Sentence:
    """Return the parts of a question about this patient."""
    text = re.sub(r"\s+", " ", question.replace("’", "'")).strip()
    text = focused(with_milestone(plainly(text)), record, MENTIONED_TYPES)
    text = re.sub(r"^(\W*(?:and )?(?:what|how)) about (?=\d{4}\b)", r"\1 in ", text, flags=re.IGNORECASE)
    sentence = Sentence(text, text, today=record.now.isoformat())
    _take_patient(sentence, record)
    unread = sentence.free
    _take_timely_names(sentence, record)
    _take_periods(sentence, record)
    _take_mentions(sentence, record)
    _take_threshold(sentence)
    sentence.stranger = stranger(sentence.free, unread, sentence.mentions)
    sentence.whole = _mended(sentence.free)
    sentence.free = _mended(_outside_clauses(sentence))
    _take_words(sentence)
    sentence.cues = tuple(cue for cue in sentence.cues if not _is_of_none(cue, record))
    sentence.mentions = [as_act(mention, sentence.text, record) for mention in sentence.mentions]
    if sentence.has("profile", *_NAMED_VALUES):
        sentence.stranger = ""
    sentence.stranger = strange_number(question, record) or sentence.stranger
    return sentence


def _is_of_none(cue: Cue, record: PatientRecord) -> bool:
    """Tell whether a word names a kind that means itself only where the record has any of it."""
    named = cue.table == "kind" and cue.meaning in WHERE_HELD
    return named and not any(record.counts.get(name) for name in types_for(cue.meaning))


def _mended(text: str) -> str:
    return _WORD.sub(lambda match: corrected(match.group()), text)


def with_clause_as_topic(sentence: Sentence) -> Sentence:
    """In "how old was she when asthma was diagnosed" the clause holds the topic and bounds no time."""
    opened = replace(sentence, anchored=[], free=sentence.whole)
    _take_words(opened)
    return opened


def _take_words(sentence: Sentence) -> None:
    sentence.cues = cues_in(sentence.free)
    sentence.words = words_in(sentence.free)
    sentence.rest = _rest(sentence)


def _take_patient(sentence: Sentence, record: PatientRecord) -> None:
    for own in own_names(record):
        for match in own.finditer(sentence.free):
            sentence.blank(match.start(), match.end())
    for match in NAMED_PATIENT.finditer(sentence.free):
        sentence.blank(match.start(), match.end())


def _take_timely_names(sentence: Sentence, record: PatientRecord) -> None:
    """Take recorded names that hold a time word ("Physical examination following birth") before times are read."""
    if not _TIMELY.search(sentence.free):
        return
    for mention in names_in(sentence.free, record, MENTIONED_TYPES):
        if mention.score >= SAID and _TIMELY.search(mention.text):
            sentence.mentions.append(mention)
            sentence.blank(mention.start, mention.end, NAME)


def _take_periods(sentence: Sentence, record: PatientRecord) -> None:
    owner = _OF_A_STAY.search(sentence.free)
    if owner and not times_in(owner["stay"]):
        which = re.sub(rf"{TAKEN}+\s*", "the patient's ", owner["which"])
        during = f"during {which}"
        sentence.anchored.append(Time(during, owner.start("stay"), owner.end("stay"), anchored=True))
    for mention in times_in(sentence.free):
        if _NOW.fullmatch(mention.text) or _NO_TIME.match(mention.text):
            continue
        told = _OF_A_TOPIC.match(sentence.free, mention.start) if mention.anchored else None
        if told and told.end() == mention.end:
            sentence.blank(mention.start, told.start("kept") if told["kept"] else mention.end)
            continue
        if mention.anchored:
            clause = impersonal(sentence.text[mention.start : mention.end], record)
            sentence.anchored.append(replace(mention, text=clause))
            continue
        if _bounds(mention, record):
            sentence.periods.append(mention)
        else:
            sentence.ever = True
        sentence.blank(mention.start, mention.end)


def _bounds(mention: Time, record: PatientRecord) -> bool:
    """Whether the time leaves anything out; one that cannot be (30 February) is left for the tool to refuse."""
    try:
        period = resolve(mention.text, record)
    except BadArgument:
        return True
    return period is None or period.span != Span() or bool(period.encounter)


def _take_mentions(sentence: Sentence, record: PatientRecord) -> None:
    found, parts = things_in(sentence.free, record)
    for part in parts:
        sentence.blank(part.start, part.end)
    sentence.mentions = sorted([*sentence.mentions, *found], key=lambda mention: mention.start)
    for mention in found:
        sentence.blank(mention.start, mention.end, NAME)
    sentence.anchored = [
        whole for clause in sentence.anchored for whole in _with_whole_names(clause, sentence, record)
    ]


def _with_whole_names(clause: Time, sentence: Sentence, record: PatientRecord) -> list[Time]:
    """Return a clause that ends within a name with all of it: "after Contusion or laceration was diagnosed".

    What "on" or "at" begins is no clause then: "on my Drug Abuse Screening" of a test of that name.
    """
    names = (m for m in sentence.mentions if m.score >= SAID and clause.start <= m.start < clause.end < m.end)
    name = next(names, None)
    if name is None:
        return [clause]
    if _WEAK_LEAD.match(clause.text):
        return []
    told = _BEFELL.match(sentence.text, name.end)
    end = told.end() if told else name.end
    return [replace(clause, text=impersonal(sentence.text[clause.start : end], record), end=end)]


def _take_threshold(sentence: Sentence) -> None:
    above = below = None
    unit = ""
    for match in _THRESHOLD.finditer(sentence.free):
        number = Decimal(match["number"].replace(",", "."))
        end = match.end()
        if match["unit"] and not _UNIT.fullmatch(match["unit"]):
            end = match.start("unit")
        else:
            unit = match["unit"] or unit
        if match["less"]:
            below = number
        else:
            above = number
        sentence.blank(match.start(), end)
    if above is not None or below is not None:
        sentence.threshold = Threshold(above, below, unit)


def _rest(sentence: Sentence) -> tuple[str, ...]:
    """Stretches of words that are neither cues nor ordinary words."""
    free = sentence.free
    explained = [(cue.start, cue.end) for cue in sentence.cues]
    unknown = [
        match for match in _WORD.finditer(free)
        if not any([start <= match.start() and match.end() <= end for start, end in explained])
        and not is_plain(match.group())
        and len(match.group()) > 1
    ]  # fmt: skip
    return tuple(_stretches(free, unknown))


def _outside_clauses(sentence: Sentence) -> str:
    free = sentence.free
    for clause in sentence.anchored:
        free = free[: clause.start] + TAKEN * (clause.end - clause.start) + free[clause.end :]
    return free


def _stretches(text: str, unknown: list[re.Match[str]]) -> Iterable[str]:
    start = end = -1
    for word in unknown:
        gap = text[end : word.start()]
        if (
            start >= 0
            and re.fullmatch(r"[\s/,-]*(?:(?:of|the|in|with|to|and|for|by|type|level)[\s/-]+)*", gap)
            and gap.strip(" ") != ","
        ):
            end = word.end()
            continue
        if start >= 0:
            yield text[start:end]
        start, end = word.start(), word.end()
    if start >= 0:
        yield text[start:end]
