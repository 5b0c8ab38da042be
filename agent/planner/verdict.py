"""A yes-or-no question and its frame -> what decides it, or the words that leave it undecided.

Existence is no answer to "did it go up?" or "is it true that she is not on insulin?". Each word has to be understood:
as a name, a time, a limit, a choice that the frame makes, or as a word of verdicts.toml. Where one is not, nothing is
decided. Left out: topics other than entries and tests, of which only a denial is noticed.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from agent.planner.cues import Cue
from agent.planner.frame import Frame
from agent.planner.naming import topic_mentions
from agent.planner.sentence import Sentence
from tools.concepts import Mention, link
from tools.concepts.lexicon import lexicon
from tools.concepts.linking import variants
from tools.concepts.wording import stem, stems, tokens
from tools.record import PatientRecord
from tools.text import normal

_TOKEN = re.compile(r"[^\W_](?:[\w'’/-]*\w)?")
_NAMES = re.compile(r"[¤·]+")
_PRESENT = frozenset({"is", "are", "am", "does", "do", "has", "have"})
_LASTING = ("condition", "medication", "care plan", "allergy", "goal", "care team", "device")
_SINGLE = ("first", "last", "previous", "max", "min")
_CLAIMED = ("preface", "verify", "any", "done", "on", "idiom", "ended", "status")
"""Tables of cues whose words are looked at here one by one."""
_TAG_PRONOUNS = frozenset({"he", "she", "it", "they", "i", "you", "we", "there"})


@dataclass(frozen=True, slots=True)
class _Said:
    """A word or phrase of the question: the table of verdicts.toml and what it means there; "" if in none."""

    text: str
    table: str
    meaning: str
    start: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a question by table."""

    said: tuple[_Said, ...]

    def of(self, table: str) -> list[str]:
        """Return what the words of a table mean here, each time."""
        return [said.meaning for said in self.said if said.table == table]

    def are_present(self) -> bool:
        """Tell whether the question asks about now: its first verb is in the present."""
        said = [word.removesuffix("n't") for each in self.said for word in each.text.split()]
        verb = next((word for word in said if word in _VERBS), "")
        perfect = any(word in ("had", "been", "ever", "history", "was", "were", "did", "diagnosed", "told", "said", "informed") for word in said)
        return verb in _PRESENT and not perfect


_VERBS = _PRESENT | {"was", "were", "did", "had"}


def judged(sentence: Sentence, frame: Frame, record: PatientRecord) -> tuple[Frame, tuple[str, ...]]:
    """Return the frame of a yes-or-no question with what decides it, and the words that leave it undecided.

    Args:
        sentence: the parts of the question.
        frame: what it asks for.
        record: its names tell tests from diagnoses; its values are not looked at.
    """
    words = _Words(tuple(_without_lead(_read(_without_tag(sentence.free)))))
    if frame.topic not in ("find", "measure"):
        return frame, _unread_elsewhere(sentence, frame, words)
    unread = _unread(sentence, frame, words, record)
    if unread:
        return frame, unread
    if unknown_class(frame):
        return frame, (frame.concept,)
    frame = _of_the_disease(frame, words)
    if frame.topic == "measure":
        decided = _measured(frame, words, ever=sentence.ever or "any" in words.of("quantity"))
    else:
        reason = next((m for m in sentence.mentions if m.text == frame.reason), None)
        decided = _found(frame, words, record, reason, on=sentence.has("on"))
    if decided:
        return decided, ()
    if reason_only := frame.reason if frame.topic == "find" else "":
        return frame, (reason_only,)
    return frame, tuple(s.text for s in words.said if s.table not in ("", "plain")) or (sentence.text,)



def _unread_elsewhere(sentence: Sentence, frame: Frame, words: _Words) -> tuple[str, ...]:
    """Return what is not understood of a topic that reads its own words: a denial, and in a comparison any word."""
    denied = [said.text for said in words.said if said.table == "negation"]
    if frame.topic != "compare":
        return tuple(denied)
    explained = [(c.start, c.end) for c in sentence.cues]
    named = f"{frame.concept} {frame.second}".casefold()
    loose = (
        said.text
        for said in words.said
        if not said.table and said.text not in named and not any(a <= said.start < b for a, b in explained)
    )
    return (*denied, *loose)


def _unread(sentence: Sentence, frame: Frame, words: _Words, record: PatientRecord) -> tuple[str, ...]:
    """Return the words, names and times that have no part in the frame, in the words of the question."""
    named = frame.concept.casefold(), frame.second.casefold(), frame.reason.casefold()
    nouns = [(c.start, c.end) for c in sentence.cues if c.table == "kind" and c.meaning == frame.kind]
    names = [
        m.text
        for m in topic_mentions(sentence)
        if not any(_within(m.text, name) for name in named) and not any(a <= m.start < b for a, b in nouns)
    ]
    times = [time.text for time in (*sentence.periods, *sentence.anchored)][1:]
    explained = [(c.start, c.end) for c in sentence.cues if _accounted(c, frame)]
    own = {part.rstrip("'s") for name in record.patient.names for part in normal(name).split()}
    loose = [
        said.text
        for said in words.said
        if said.table in ("", "time")
        and normal(said.text).rstrip("'s") not in own
        and not any(start <= said.start < end for start, end in explained)
        and not any(said.text in name.split() for name in named)
    ]
    return tuple(dict.fromkeys((*loose, *names, *times)))


def unknown_class(frame: Frame) -> bool:
    """Tell whether a class of drugs is asked about that the lexicon does not know: which drugs it has is not known."""
    words = stems(tokens(frame.concept))
    of_class = frame.kind in ("medication", "administration") and not _table()["class"].isdisjoint(words)
    return of_class and not any(lexicon().phrases.get(stems(said)) for said in variants(tokens(frame.concept)))


def _within(text: str, name: str) -> bool:
    """Tell whether the words of a text stand in a name one after the other: "diabetes" not in "prediabetes"."""
    return f" {' '.join(_TOKEN.findall(text.casefold()))} " in f" {' '.join(_TOKEN.findall(name.casefold()))} "


def times_left(sentence: Sentence) -> tuple[str, ...]:
    """Return the times of a question that no period read, from the word that begins them: "since the eclipse"."""
    left = [said for said in _read(sentence.free) if said.table == "time"]
    typed = sentence.text if len(sentence.text) == len(sentence.free) else sentence.free
    return tuple(" ".join(typed[said.start :].split()[:_SHOWN]).rstrip("?.! ") for said in left)


_SHOWN = 4
"""Words of a time that was not understood, as it is shown."""


def only_narrows(sentence: Sentence, frame: Frame, unread: tuple[str, ...]) -> bool:
    """Tell whether the words that were not understood stand in one name with what is asked about: "MRI of the knee".

    Where there is no MRI, there is none of the knee; where there is one, it is open.
    """
    at = sentence.text.casefold().find(frame.concept.casefold())
    plainly = frame.topic == "find" and frame.concept and not frame.verdict and at >= 0
    if not plainly or lexicon().lists["about"].intersection(map(stem, unread)):
        return False
    before, after = sentence.text[:at], sentence.text[at + len(frame.concept) :]
    left = [word.casefold() for word in reversed(_TOKEN.findall(before.rpartition(",")[2]))]
    right = [word.casefold() for word in _TOKEN.findall(after.partition(",")[0])]
    near = set(_stretch(left, unread, ())) | set(_stretch(right, unread, _JOINING) if right[:1] and right[0] in _JOINING else ())
    return {word.casefold() for word in unread} <= near


_JOINING = ("of", "in", "on", "the", "with", "using", "to")


def _stretch(words: list[str], unread: tuple[str, ...], joining: tuple[str, ...]) -> Iterator[str]:
    """Yield the words not understood that follow one another, but for joining words."""
    wanted = {word.casefold() for word in unread}
    for word in words:
        if word in wanted:
            yield word
        elif word not in joining:
            return


def _accounted(cue: Cue, frame: Frame) -> bool:
    """Tell whether a cue has its part in the frame."""
    chosen = {
        "kind": frame.kind,
        "pick": frame.pick,
        "flagged": frame.flagged,
        "category": frame.category,
    }
    if cue.table == "kind" and frame.topic == "measure":
        return cue.meaning in ("laboratory", "vital", "observation", "report")
    if cue.table == "pick" and cue.meaning in ("change", "trend", "all"):
        return False
    return cue.table in ("preface", "verify", "any", "idiom") or chosen.get(cue.table, "") == cue.meaning


def _measured(frame: Frame, words: _Words, *, ever: bool) -> Frame | None:
    """Return the frame of a test with its verdict, None where the words do not decide."""
    ways, denied = set(words.of("direction")), len(words.of("negation"))
    limited = bool(frame.above or frame.below or frame.flagged)
    every = "all" in words.of("quantity")
    results = set(words.of("found"))
    if words.of("over") or words.of("family") or denied > 1 or len(ways | results) > 1:
        return None
    frame = replace(frame, asks="yes or no")
    if results:
        return _as_result(frame, results.pop(), words, ever=ever) if not (limited or every) else None
    if ways and not limited:
        return None if denied or every else replace(frame, verdict=ways.pop(), pick="change")
    if not limited:
        return _whether_measured(frame, words, bool(denied)) if not every else None
    if denied:
        return None if every or frame.pick in _SINGLE else replace(frame, verdict="none")
    if every or (frame.flagged == "normal" and frame.pick not in _SINGLE):
        return None if ever and every else replace(frame, verdict="all")
    if frame.pick not in _SINGLE and not ever and words.are_present() and not frame.period:
        return replace(frame, pick="last")
    return frame


def _as_result(frame: Frame, result: str, words: _Words, *, ever: bool) -> Frame:
    """Return the frame of a positive or negative result: ever positive, negative the last time."""
    denied = bool(words.of("negation"))
    if denied:
        return replace(frame, flagged=result, verdict="none")
    latest = result == "negative" and not ever
    return replace(frame, flagged=result, pick="last" if latest or frame.pick in _SINGLE else "")


def _whether_measured(frame: Frame, words: _Words, denied: bool) -> Frame | None:
    """Tell "has she had an RSV test?" (it was done) from "does she have RSV?" (it was found)."""
    if words.of("tested"):
        return replace(frame, verdict="none" if denied else "", pick="")
    said = [each.text for each in words.said]
    had = not _HAD.isdisjoint(said) or ("have" in said and not _ASKED_WITH_DO.isdisjoint(said))
    return replace(frame, verdict="found", pick="") if had and not denied else None


_ASKED_WITH_DO = frozenset({"do", "does", "did"})
_HAD = frozenset({"had", "done", "performed", "get", "got", "gotten", "received", "taken", "ordered", "recorded", "found", "any"})


def _found(
    frame: Frame, words: _Words, record: PatientRecord, reason: Mention | None, *, on: bool
) -> Frame | None:
    """Return the frame of entries with its verdict, None where the words do not decide."""
    denied, results = len(words.of("negation")), set(words.of("found"))
    if words.of("family"):
        return _of_the_family(frame, record, denied) if denied < 2 and not words.of("over") else None
    if denied > 1 or words.of("direction") or "all" in words.of("quantity"):
        return None
    if results:
        test = _test_for(frame.concept, record) if frame.kind == "condition" and len(results) == 1 else ""
        measured = replace(frame, topic="measure", kind="observation", concept=test, status="")
        return _as_result(measured, results.pop(), words, ever=True) if test else None
    present = words.are_present()
    if frame.kind not in _LASTING + ("administration", "encounter") and (words.of("now") or (present and on)):
        return None
    if frame.kind == "administration" and (present or words.of("over")):
        frame = replace(frame, kind="medication")
    if reason and "Condition" not in reason.kinds:  # "admitted to hospice" gives no reason
        return None
    if words.of("over") and frame.kind in _LASTING and frame.concept:
        return None if denied else replace(frame, verdict="over", status="")
    if words.of("over") and not frame.ended:
        return None
    lasting = frame.kind in _LASTING and not frame.period
    if lasting and (words.of("now") or (present and frame.concept and frame.kind in ("condition", "medication"))):
        frame = replace(frame, status="active")
    return replace(frame, verdict="absent" if denied else "", asks="name" if frame.asks == "name" and not denied else "yes or no")


def _test_for(disease: str, record: PatientRecord) -> str:
    """Return the name of the recorded test for a disease, "" if there is none: "COVID", "COVID test"."""
    return next((t for t in (disease, f"{disease} test") if link(t, record, ("Observation",))), "")


def _of_the_family(frame: Frame, record: PatientRecord, denied: int) -> Frame | None:
    """Return the frame of a relative's disease; open where the record says anything of the family."""
    told = any("family" in term.display.casefold() for term in record.terms("Condition"))
    if frame.kind != "condition" or told or record.holds("FamilyMemberHistory"):
        return None
    verdict = "absent" if denied else ""
    return replace(frame, kind="FamilyMemberHistory", status="", asks="yes or no", verdict=verdict)


def denies(sentence: Sentence) -> bool:
    """Tell whether a question is a statement that something is not so."""
    return any(said.table == "negation" for said in _read(_without_tag(sentence.free)))


def is_of_the_family(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether a disease of the patient's family is asked about, of which the patient's own record may tell."""
    words = _Words(tuple(_read(sentence.free)))
    return bool(words.of("family")) and frame.topic == "find" and frame.kind == "condition" and bool(frame.concept)


def _of_the_disease(frame: Frame, words: _Words) -> Frame:
    """Return the frame of a disease where it is not the vaccine against it that is asked about."""
    vaccine = any(s.text.startswith(_VACCINE) for s in words.said) or frame.concept.casefold().startswith(_VACCINE)
    if frame.kind != "immunization" or vaccine or frame.concept.casefold() not in _table()["disease"]:
        return frame
    return replace(frame, kind="condition", status="")


_VACCINE = ("vaccin", "shot", "jab", "booster", "immuni", "inoculat", "dose")


def _without_lead(said: Iterator[_Said]) -> Iterator[_Said]:
    """Yield what is said, where "isn't she on it?" asks whether she is."""
    first = True
    for each in said:
        turned = first and each.table == "negation" and each.text.endswith("n't")
        yield replace(each, text=each.text.removesuffix("n't"), table="plain") if turned else each
        first = False


def _without_tag(free: str) -> str:
    """Return a question without the tag at its end, ", isn't she?", which turns the word order and no more."""
    head, comma, tail = free.rpartition(",")
    words = [match.group().casefold() for match in _TOKEN.finditer(tail)]
    verb = len(words) == 2 and words[1] in _TAG_PRONOUNS and words[0].removesuffix("n't") in _TAG_VERBS
    return head if comma and verb else free


_TAG_VERBS = frozenset({"is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "ca", "wo", "would"})


def _read(free: str) -> Iterator[_Said]:
    """Yield the words and phrases of a question, the longest phrases first, those of no table one by one."""
    found = list(_TOKEN.finditer(free))
    words = [match.group().casefold().replace("’", "'") for match in found]
    at = 0
    while at < len(words):
        size, table, meaning = _longest(words, at, found, free)
        yield _Said(" ".join(words[at : at + size]), table, meaning, found[at].start())
        at += size


def _longest(words: list[str], at: int, found: list[re.Match[str]], free: str) -> tuple[int, str, str]:
    phrases, longest = _phrases()
    for size in range(min(longest, len(words) - at), 0, -1):
        stretch = free[found[at].start() : found[at + size - 1].end()]
        known = phrases.get(tuple(words[at : at + size]))
        if known and not _NAMES.search(stretch):
            return size, *known
    return 1, "", ""


@cache
def _table() -> dict[str, frozenset[str]]:
    tables = tomllib.loads(files(__package__).joinpath("verdicts.toml").read_text(encoding="utf-8"))
    return {
        "disease": frozenset(tables["disease"]["words"]),
        "class": frozenset(map(stem, tables["class"]["words"])),
    }


@cache
def _phrases() -> tuple[dict[tuple[str, ...], tuple[str, str]], int]:
    """Return the phrases with their table and meaning, and how many words the longest has."""
    tables = tomllib.loads(files(__package__).joinpath("verdicts.toml").read_text(encoding="utf-8"))
    phrases: dict[tuple[str, ...], tuple[str, str]] = {}
    for table, meanings in tables.items():
        if table in ("disease", "class"):
            continue
        for meaning, said in meanings.items():
            for phrase in said:
                phrases.setdefault(tuple(phrase.split()), (table, meaning))
    return phrases, max(map(len, phrases))
