"""A question -> its parts: the patient's name, times, thresholds, names in the record, cues, the rest.

Each reader takes its part out of the text (`Sentence.free`), so that a word is read once. Nothing is decided
here; `asking` and `topic` decide.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from agent.planner.acts import as_act, of_a_part
from agent.planner.called import clinician, with_called
from agent.planner.cues import Cue, corrected, cues_in, is_plain
from agent.planner.focus import focused
from agent.planner.kinds import types_for
from agent.planner.milestone import with_milestone
from agent.planner.shorthand import plainly
from tools.concepts import Mention as Named
from tools.concepts import link
from tools.concepts import mentions as names_in
from tools.errors import BadArgument
from tools.periods import Mention as Time
from tools.periods import mentions as times_in
from tools.periods import resolve
from tools.record import PatientRecord
from tools.text import normal
from tools.times import Span

MENTIONED_TYPES = (
    "Condition", "Observation", "MedicationRequest", "MedicationStatement", "MedicationAdministration", "Procedure",
    "Immunization", "AllergyIntolerance", "DiagnosticReport", "ImagingStudy", "CarePlan", "Device", "Goal", "Coverage",
)  # fmt: skip

_THRESHOLD = re.compile(
    r"(?P<more>(?:great(?:er)?|more|high(?:er)?|larger|bigger|above|over|past|beyond|exceed(?:s|ed|ing)?|heavier|taller|"
    r"topp?(?:s|ed|ing)?|cross(?:ed|es)?|pass(?:ed|es)?|"
    r"in excess|upwards|north|surpass(?:es|ed)?|>=?)(?:\s+(?:than|of|to))?"
    r"|(?P<less>(?:less(?:er)?|low(?:er)?|smaller|below|under|beneath|fewer|lighter|shorter|short|<=?)(?:\s+(?:than|of))?))"
    r"\s*(?P<number>-?\d+(?:[.,]\d+)?)(?![\d.,]*\d)(?!\s*(?:years?|months?|weeks?|days?|times?)\b)(?!\s*(?:MG|ML|ACTUAT|HR)\b(?!\s*/))"
    r"(?:\s*(?P<unit>%|[a-zA-Zµ]+(?:\[[^\]]*\])?(?:/[\w\[\]{}.]+)*))?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"%|[a-zA-Zµ]+\[[^\]]*\]|[a-zA-Zµ]+/[\w\[\]{}./]+|mmol|mmhg|mg|kg|cm|g|lbs?|pounds|percent|bpm", re.I
)
_NAMED_PATIENT = re.compile(
    r"\bpatients?(?:'s)?\s+(?:with\s+(?:the\s+)?(?:patient\s+)?id|identified\s+as|named|called|id)\s+", re.I
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
_SURE_NAME = 0.95
_SAID = 0.85
TAKEN = "\u00b7"
"""Stands where the patient, a time or a number was read."""
NAME = "\u00a4"
"""Stands where a name of something in the record was read."""
_PART = re.compile(r"\s*(?:\bin\b|\bof\b|/)\s*|\s+", re.I)
_PROPERTY = re.compile(
    r"[.,]\s?total\b(?!\s*\[)|(?:[.,]\s?\w+)?\s*\[[^][]+\]"
    r"(?:\s+(?:in|of|by|on|from|or|and)\s+[A-Z][\w./]*(?:\s+(?:count|method|blood|fluid|specimen)\b)*)*"
)
"""What a LOINC name says after its component: ", total", ".total [Mass/volume] in Serum or Plasma"."""
_BEFORE = re.compile(r"(?<![\w-])([^\W\d_][\w-]+)[\s-]$")
_STRENGTH = (
    r"\d+(?:[.,]\d+)?[\s-]?(?:mg|mcg|ug|g|ml|units?|unt|iu|meq)(?:\s?/\s?(?:ml|mg|g|actuat|hr|h))?(?![\w/])"
)
_STRENGTH_AFTER = re.compile(rf"[\s,(]*{_STRENGTH}\)?", re.IGNORECASE)
_STRENGTH_BEFORE = re.compile(
    rf"{_STRENGTH}\s+(?:(?:tablets?|capsules?|pills?|doses?)\s+)?(?:of\s+)?$", re.IGNORECASE
)
_BOTH_PRESSURES = ("systolic", "diastolic")
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
_SOMEONE = re.compile(r"\b[A-Z][a-z'-]*[a-z](?:\s+[A-Z][a-z'-]*[a-z]){1,3}\b")
_TITLED = re.compile(r"\b(?:[Pp]atient|Mr\.?|Mrs\.?|Ms\.?|Miss|Master)((?:\s+[A-Z][\w-]+){1,4})")
_CLINICIAN = re.compile(r"\b(?:dr|doctor|prof|professor|nurse|practitioner|by|with)\.?\s*$", re.I)
_THINGS = frozenset({
    "scale", "score", "index", "disease", "syndrome", "test", "panel", "level", "count", "procedure", "vaccine",
    "permanente", "shield", "healthcare",
})  # fmt: skip
_WORD = re.compile(r"[^\W_](?:[\w'’.-]*[\w])?")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number to compare with: "above 92.5" -> Threshold(above=92.5)."""

    above: Decimal | None
    below: Decimal | None


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
    rest: tuple[str, ...] = ()
    ever: bool = False
    stranger: str = ""
    today: str = ""

    def blank(self, start: int, end: int, mark: str = TAKEN) -> None:
        """Take a stretch of text out of what is still to be read; a mark is left where it stood."""
        self.free = self.free[:start] + mark * (end - start) + self.free[end:]

    def meanings(self, table: str) -> list[str]:
        """Return what the cues of a table mean here, in the order of the text, without repeats."""
        return list(dict.fromkeys(cue.meaning for cue in self.cues if cue.table == table))

    def has(self, table: str, *meanings: str) -> bool:
        """Tell whether a cue of the table (with one of these meanings) is in the question."""
        return any(c.table == table and (not meanings or c.meaning in meanings) for c in self.cues)


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
    sentence.stranger = _stranger(sentence, unread)
    sentence.whole = _mended(sentence.free)
    sentence.free = _mended(_outside_clauses(sentence))
    sentence.cues = cues_in(sentence.free)
    sentence.rest = _rest(sentence)
    sentence.mentions = [as_act(mention, sentence.text, record) for mention in sentence.mentions]
    if sentence.has("profile", *_NAMED_VALUES):
        sentence.stranger = ""
    return sentence


def _mended(text: str) -> str:
    return _WORD.sub(lambda match: corrected(match.group()), text)


def with_clause_as_topic(sentence: Sentence) -> Sentence:
    """In "how old was she when asthma was diagnosed" the clause holds the topic and bounds no time."""
    opened = replace(sentence, anchored=[], free=sentence.whole, cues=cues_in(sentence.whole))
    opened.rest = _rest(opened)
    return opened


def _take_patient(sentence: Sentence, record: PatientRecord) -> None:
    for own in _own_names(record):
        for match in own.finditer(sentence.free):
            sentence.blank(match.start(), match.end())
    for match in _NAMED_PATIENT.finditer(sentence.free):
        sentence.blank(match.start(), match.end())


def _impersonal(clause: str, record: PatientRecord) -> str:
    """Return a clause without the patient's own name, which is the name of no event."""
    for own in _own_names(record):
        clause = own.sub(
            lambda m: "the patient's" if m.group().endswith(("'s", "'")) else "the patient", clause
        )
    return clause


def _own_names(record: PatientRecord) -> list[re.Pattern[str]]:
    """Every way to name this patient in a question, longest first; a single name only as it is written."""
    patient = record.patient
    names = {patient.reference, patient.reference.partition("/")[2]}
    for name in patient.names:
        plain = re.sub(r"\d+", "", name)
        names |= {name, plain, re.sub(r"^(?:Mrs?|Ms|Dr|Miss)\.?\s+", "", plain)}
    for full in list(names):
        parts = full.split()
        if len(parts) > 1:
            names |= {f"{parts[0]} {parts[-1]}", parts[0], parts[-1]}
    told = sorted((n for n in names if len(n) > 2 and not is_plain(n)), key=len, reverse=True)
    return [
        re.compile(
            rf"(?:\bpatients?(?:'s)?\s+)?(?<!\w){re.escape(name)}(?:'s|')?(?!\w)",
            re.IGNORECASE if " " in name or "/" in name else re.NOFLAG,
        )
        for name in told
    ]


def _stranger(sentence: Sentence, text: str) -> str:
    """Somebody's name that is neither this patient's nor the name of a thing.

    Args:
        sentence: tells the names of things.
        text: the question without this patient's names.
    """
    titled = _TITLED.search(sentence.free)
    if titled and not (titled.group().casefold().startswith("patient") and is_plain(titled[1].split()[0])):
        return titled[1].strip()
    seen = clinician(text)
    for match in _SOMEONE.finditer(text):
        words = match.group().split()
        if match.start() == 0 and is_plain(words[0]):
            words = words[1:]
        if _CLINICIAN.search(text[: match.start()]) or words[0] == "Dr":
            continue
        if seen and seen.start("name") < match.end() and match.start() < seen.end("name"):
            continue
        things = any(
            m.score >= _SAID and m.start < match.end() and match.start() < m.end for m in sentence.mentions
        )
        known = things or words[-1].casefold() in _THINGS or all(map(is_plain, words))
        if len(words) > 1 and not known:
            return " ".join(words)
    return ""


def _take_timely_names(sentence: Sentence, record: PatientRecord) -> None:
    """Take recorded names that hold a time word ("Physical examination following birth") before times are read."""
    if not _TIMELY.search(sentence.free):
        return
    for mention in names_in(sentence.free, record, MENTIONED_TYPES):
        if mention.score >= _SAID and _TIMELY.search(mention.text):
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
            clause = _impersonal(sentence.text[mention.start : mention.end], record)
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
    cues = cues_in(sentence.free)
    settings = [c for c in cues if c.table in ("category", "discharge") and " " in c.text]
    nouns = {(c.start, c.end): types_for(c.meaning) for c in cues if c.table == "kind"}
    found = [
        mention
        for mention in names_in(sentence.free, record, MENTIONED_TYPES)
        if mention.score >= _SURE_NAME or not any(c.start <= mention.start < c.end for c in settings)
        if mention.score >= _SAID or not all(is_plain(word) for word in mention.text.split())
        if set(nouns.get((mention.start, mention.end), mention.kinds)) & set(mention.kinds)
        if mention.kinds != ("Coverage",)
        or not any(c.start < mention.end and mention.start < c.end for c in cues)
    ]
    found = [_qualified(m, sentence.free) if (m.start, m.end) in nouns else m for m in found]
    found = _whole_names(_joined(found, sentence.free, record), sentence.free)
    for half in _halves(found):
        found.remove(half)
        sentence.blank(half.start, half.end)
    found = with_called(found, sentence.free, record)
    seen = clinician(sentence.free)
    found = [m for m in found if not (seen and seen.start("name") <= m.start < seen.end("name"))]
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
    names = (
        m for m in sentence.mentions if m.score >= _SAID and clause.start <= m.start < clause.end < m.end
    )
    name = next(names, None)
    if name is None:
        return [clause]
    if _WEAK_LEAD.match(clause.text):
        return []
    told = _BEFELL.match(sentence.text, name.end)
    end = told.end() if told else name.end
    return [replace(clause, text=_impersonal(sentence.text[clause.start : end], record), end=end)]


def _qualified(mention: Named, text: str) -> Named:
    """Return the noun of a kind with an unknown word before it, which makes it narrower: "gallium scan"."""
    before = _BEFORE.search(text, 0, mention.start)
    if not before or is_plain(before[1]) or cues_in(before[1]):
        return mention
    return replace(mention, text=text[before.start(1) : mention.end], start=before.start(1), recorded=False)


def _joined(found: list[Named], text: str, record: PatientRecord) -> list[Named]:
    """Return names, two of which that are parts of one ("Cholesterol in HDL") as that one."""
    joined: list[Named] = []
    for mention in sorted(found, key=lambda mention: mention.start):
        before = joined[-1] if joined else None
        if before and _PART.fullmatch(text, before.end, mention.start):
            whole = text[before.start : mention.end]
            readings = link(whole, record, before.kinds[:1])
            if readings and normal(readings[0].label).startswith(normal(whole)):
                joined[-1] = replace(before, text=whole, end=mention.end)
                continue
            kinds = of_a_part(before, mention, whole, record)
            if kinds:
                joined[-1] = replace(mention, text=whole, start=before.start, kinds=kinds, recorded=True)
                continue
        joined.append(mention)
    return joined


def _whole_names(found: list[Named], text: str) -> list[Named]:
    """Return names with the property of a test, or the strength of a drug, that stands beside them."""
    whole: list[Named] = []
    for mention in found:
        if whole and mention.start < whole[-1].end:
            continue
        drug = mention.kinds[0].startswith("Medication")
        tail = (_STRENGTH_AFTER if drug else _PROPERTY).match(text, mention.end)
        lead = _STRENGTH_BEFORE.search(text, 0, mention.start) if drug and not tail else None
        start, end = lead.start() if lead else mention.start, tail.end() if tail else mention.end
        whole.append(replace(mention, text=text[start:end], start=start, end=end))
    return whole


def _halves(found: list[Named]) -> list[Named]:
    """Return the two numbers of a blood pressure that is named too: "the BP, systolic and diastolic" is one thing."""
    halves = [mention for mention in found if mention.text.casefold() in _BOTH_PRESSURES]
    whole = any(mention.text.casefold() in ("bp", "blood pressure") for mention in found)
    return halves if whole and len(halves) == 2 else []


def _take_threshold(sentence: Sentence) -> None:
    above = below = None
    for match in _THRESHOLD.finditer(sentence.free):
        number = Decimal(match["number"].replace(",", "."))
        end = match.end()
        if match["unit"] and not _UNIT.fullmatch(match["unit"]):
            end = match.start("unit")
        if match["less"]:
            below = number
        else:
            above = number
        sentence.blank(match.start(), end)
    if above is not None or below is not None:
        sentence.threshold = Threshold(above, below)


def _rest(sentence: Sentence) -> tuple[str, ...]:
    """Stretches of words that are neither cues nor ordinary words."""
    free = sentence.free
    explained = [(cue.start, cue.end) for cue in sentence.cues]
    unknown = [
        match for match in _WORD.finditer(free)
        if not any(start <= match.start() and match.end() <= end for start, end in explained)
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
