"""A yes-or-no question and its frame -> what decides it, or the words that leave it undecided.

Existence is no answer to "did it go up?" or "is it true that she is not on insulin?". Each word has to be understood:
as a name, a time, a limit, a choice that the frame makes, or as a word of verdicts.toml. Where one is not, nothing is
decided. Left out: topics other than entries, tests and comparisons, of which only a denial is noticed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from agent.planner.cues import Cue
from agent.planner.frame import Frame
from agent.planner.naming import topic_mentions
from agent.planner.sentence import Sentence
from agent.planner.verdict_words import TOKEN, Words, listed, marked
from tools.concepts import link
from tools.concepts.lexicon import lexicon
from tools.concepts.linking import variants
from tools.concepts.wording import stem, stems, tokens
from tools.finding.filters import within_stays_said
from tools.record import PatientRecord
from tools.wording.text import normal

_LASTING = ("condition", "medication", "care plan", "allergy", "goal", "care team", "device")
"""Kinds of which an entry says whether it goes on."""
_OWN_WORDS = ("coverage", "claim")
"""Kinds whose questions are read elsewhere, word by word."""
_DRUGS = ("medication", "administration")
_SINGLE = ("first", "last", "nth", "max", "min")
_JOINING = ("of", "in", "on", "the", "with", "using", "to")
_TALK = ("preface", "verify", "any", "idiom")
"""Tables of cues that ask, and choose nothing."""
_OF_TESTS = ("laboratory", "vital", "observation", "report")
_TELLING = ("negation", "direction", "quantity", "over", "found", "family")
"""Tables of verdicts.toml that say what decides."""
_OF_COURSES = ("change", "trend", "all")
"""What is asked of a test over time: which way it went is for the words of verdicts.toml to say."""


def judged(sentence: Sentence, frame: Frame, record: PatientRecord) -> tuple[Frame, tuple[str, ...]]:
    """Return the frame of a yes-or-no question with what decides it, and the words that leave it undecided.

    Args:
        sentence: the parts of the question.
        frame: what it asks for.
        record: its names tell tests from diagnoses; its values are not looked at.
    """
    words = sentence.words
    if supposed := _supposed(words):
        return frame, (supposed,)
    if frame.topic not in ("find", "measure") or frame.kind in _OWN_WORDS:
        return frame, _left_out_elsewhere(sentence, frame, words)
    left_out = (
        _left_out(sentence, frame, words, record) or _unknown_class(frame) or _no_reason(sentence, frame)
    )
    if left_out:
        return frame, left_out
    frame = _of_the_disease(frame, words)
    decide = _test if frame.topic == "measure" else _entries
    decided = decide(frame, words, sentence, record)
    if decided:
        return decided, ()
    if frame.give != "exists" and not any(words.of(table) for table in _TELLING):
        return frame, ()  # what was recorded tells it: "does he smoke?"
    return frame, tuple(s.text for s in words.said if s.table not in ("", "plain")) or (sentence.text,)


def _supposed(words: Words) -> str:
    """Return the verb of a question about what may be or will be, which no record says: "could she have asthma?"."""
    said = [each.text for each in words.said[:2]]
    may_be = len(said) > 1 and said[0] in marked("modal") and said[1] in marked("third person")
    return said[0] if may_be or (said and said[0] in marked("future")) else ""


def denies(sentence: Sentence) -> bool:
    """Tell whether a question is a statement that something is not so."""
    return bool(sentence.words.of("negation"))


def is_telegraphic(sentence: Sentence) -> bool:
    """Tell whether a question without a verb asks yes or no, by what it says: "platelets down since 2019?"."""
    words = sentence.words
    telling = any(words.of(table) for table in ("direction", "found", "family"))
    asks = any(map(words.has, ("question", "request", "present", "past verb")))
    return telling and not asks and sentence.text.rstrip().endswith("?")


def is_of_the_family(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether a disease of the patient's family is asked about, of which the patient's own record may tell."""
    return frame.topic == "find" and _is_disease(sentence, frame) and bool(sentence.words.of("family"))


def _is_disease(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether what is asked about can be a disease, whatever of its name this record holds: a care plan for it."""
    named = (mention.kinds for mention in sentence.mentions if mention.text == frame.concept)
    return bool(frame.concept) and (frame.kind == "condition" or any("Condition" in kinds for kinds in named))


def only_narrows(sentence: Sentence, frame: Frame, left_out: tuple[str, ...]) -> bool:
    """Tell whether the words that were not understood stand in one name with what is asked about: "MRI of the knee".

    Where there is no MRI, there is none of the knee; where there is one, it is open.
    """
    at = sentence.text.casefold().find(frame.concept.casefold())
    plainly = frame.topic == "find" and frame.concept and not frame.verdict and at >= 0
    if not plainly or lexicon().lists["about"].intersection(map(stem, left_out)):
        return False
    wanted = {word.casefold() for word in left_out}
    before = sentence.text[:at].rpartition(",")[2]
    after = _tokens(sentence.text[at + len(frame.concept) :].partition(",")[0])
    left = _stretch(reversed(_tokens(before)), wanted, ())
    right = _stretch(after, wanted, _JOINING) if after and after[0] in _JOINING else ()
    return wanted <= {*left, *right}


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text.casefold())


def _stretch(words: Iterable[str], wanted: set[str], joining: tuple[str, ...]) -> Iterator[str]:
    """Yield the wanted words that follow one another, but for joining words."""
    for word in words:
        if word in wanted:
            yield word
        elif word not in joining:
            return


def _left_out_elsewhere(sentence: Sentence, frame: Frame, words: Words) -> tuple[str, ...]:
    """Return what is not understood of a topic that reads its own words: a denial, and in a comparison any word."""
    denied = [said.text for said in words.said if said.table == "negation"]
    if frame.topic != "compare":
        return tuple(denied)
    explained = [(c.start, c.end) for c in sentence.cues]
    named = f"{frame.concept} {frame.second}".casefold()
    loose = (
        said.text
        for said in words.said
        if not said.table
        and said.text not in named
        and said.text not in marked("comparing")
        and not any(a <= said.start < b for a, b in explained)
    )
    return (*denied, *loose)


def _left_out(sentence: Sentence, frame: Frame, words: Words, record: PatientRecord) -> tuple[str, ...]:
    """Return the words, names and times that have no part in the frame, in the words of the question."""
    named = frame.concept, frame.second, frame.reason
    nouns = [(c.start, c.end) for c in sentence.cues if c.table == "kind" and c.meaning == frame.kind]
    names = [
        m.text
        for m in topic_mentions(sentence)
        if not any(_within(m.text, name) for name in named)
        and not (frame.category and within_stays_said(m.text) == frame.category)
        and not (frame.kind and _within(frame.kind, m.text))
        and not any(a <= m.start < b for a, b in nouns)
    ]
    times = [time.text for time in (*sentence.periods, *sentence.anchored)][1:]
    explained = [(c.start, c.end) for c in sentence.cues if _accounted(c, frame)]
    own = {part for name in record.patient.names for part in normal(name).split()}
    of_several = {"or"} if words.of("family") else set()  # "her mother or a sister"
    loose = [
        said.text
        for said in words.said
        if said.table in ("", "time")
        and said.text not in of_several
        and not any(start <= said.start < end for start, end in explained)
        and not any(_within(said.text, name) for name in named)
        and not {normal(said.text), normal(said.text).removesuffix("'s"), normal(said.text).removesuffix("s")}
        & own
    ]
    return tuple(dict.fromkeys((*loose, *names, *times)))


def _within(text: str, name: str) -> bool:
    """Tell whether the words of a text stand in a name one after the other: "diabetes" not in "prediabetes"."""
    return f" {' '.join(_tokens(text))} " in f" {' '.join(_tokens(name))} "


def _accounted(cue: Cue, frame: Frame) -> bool:
    """Tell whether a cue has its part in the frame."""
    if cue.table in _TALK:
        return cue.start == 0 or cue.text.casefold() not in marked("judgement")
    if cue.table == "kind" and frame.topic == "measure":
        return cue.meaning in _OF_TESTS
    if cue.table in ("kind", "pick", "statistic", "test", "category"):
        return cue.meaning not in _OF_COURSES and getattr(frame, cue.table) == cue.meaning
    return False


def _unknown_class(frame: Frame) -> tuple[str, ...]:
    """Return a class of drugs that the lexicon does not have: which drugs are in it is not known."""
    named = tokens(frame.concept)
    heads = {stem(word) for word in listed("class")}
    known = any(lexicon().phrases.get(stems(said)) for said in variants(named))
    return (frame.concept,) if frame.kind in (*_DRUGS, "") and heads & set(stems(named)) and not known else ()


def _no_reason(sentence: Sentence, frame: Frame) -> tuple[str, ...]:
    """Return what stands for a reason and is none: "admitted to hospice" does not say what for."""
    mention = next((m for m in sentence.mentions if m.text == frame.reason), None)
    return (frame.reason,) if mention and "Condition" not in mention.kinds else ()


def _of_the_disease(frame: Frame, words: Words) -> Frame:
    """Return the frame of a disease where it is not the vaccine against it that is asked about."""
    disease = frame.concept.casefold() in listed("disease")
    if frame.kind != "immunization" or not disease or words.has("vaccine"):
        return frame
    return replace(frame, kind="condition", status="")


def _test(frame: Frame, words: Words, sentence: Sentence, record: PatientRecord) -> Frame | None:
    """Return the frame of a test with its verdict, None where the words do not decide."""
    ways, results, denied = set(words.of("direction")), set(words.of("found")), len(words.of("negation"))
    quantity = set(words.of("quantity"))
    every, ever = "all" in quantity, sentence.ever or "any" in quantity
    torn = len(ways | results) > 1 or denied > 1 or len(quantity) > 1 or (every and denied)
    if torn or words.of("over") or words.of("family"):
        return None
    frame = replace(frame, give="exists")
    if frame.above or frame.below or frame.test:
        return None if results else _limited(frame, words, every=every, ever=ever)
    if every or (ways and denied):
        return None
    if results:
        return _result(frame, results.pop(), words, ever=ever)
    return _gone(frame, ways.pop()) if ways else _whether_measured(frame, words)


def _gone(frame: Frame, way: str) -> Frame:
    """Return the frame of a test that went some way: "change above" 0, "trend below" 0."""
    statistic, test = way.split()
    verdict = {"statistic": statistic, "test": test, "limits": [0.0]}
    return replace(frame, verdict=verdict, pick="", statistic="change", both_ends=False)


def _limited(frame: Frame, words: Words, *, every: bool, ever: bool) -> Frame | None:
    """Return the frame of values that are held against a limit: all of them, none, one of them, or the last."""
    single = frame.pick in _SINGLE
    if words.of("negation"):
        return None if single else replace(frame, verdict={"how": "none"})
    if every or (frame.test == "in range" and not (single or ever)):
        return replace(frame, verdict={"how": "all"})
    now = words.are_present() and not (single or ever or frame.period)
    return frame.picking("last") if now else frame


def _result(frame: Frame, result: str, words: Words, *, ever: bool) -> Frame:
    """Return the frame of a positive or negative result: ever positive, negative the last time."""
    if words.of("negation"):
        return replace(frame, test=result, verdict={"how": "none"})
    latest = frame.pick in _SINGLE or (result == "negative" and not ever)
    return replace(frame, test=result).picking("last" if latest else "")


def _whether_measured(frame: Frame, words: Words) -> Frame | None:
    """Tell "has she had an RSV test?" (it was done) from "does she have RSV?" (it was found)."""
    denied = bool(words.of("negation"))
    is_so = words.are_present() and not any(map(words.has, ("had", "have", "there")))
    if is_so:  # "are her potassium levels fine?" does not ask whether there are any
        return None
    if words.of("tested"):
        return replace(frame, verdict={"how": "none"} if denied else {}).picking("")
    had = words.has("had") or words.has("there") or (words.has("have") and words.has("do"))
    if not had or denied:
        return None
    return replace(frame, verdict={"how": "any", "test": "found"}).picking("")


def _entries(frame: Frame, words: Words, sentence: Sentence, record: PatientRecord) -> Frame | None:
    """Return the frame of entries with its verdict, None where the words do not decide."""
    denied, results = len(words.of("negation")), set(words.of("found"))
    if denied > 1 or words.of("direction") or "all" in words.of("quantity"):
        return None
    if words.of("family"):
        return _of_the_family(frame, words, record) if _is_disease(sentence, frame) else None
    if results or (frame.kind == "condition" and words.has("tests")):
        return _as_a_test(frame, results, words, record)
    now, over = bool(words.of("now")), bool(words.of("over"))
    present = words.are_present()
    absent = {"give": "absent"} if denied else {}
    if frame.kind == "administration" and (present or over):
        frame = replace(frame, kind="medication")
    if frame.kind not in _LASTING and (over or _goes_on(frame, sentence, now=now, present=present)):
        return frame if over and frame.ended else None
    if over:
        return replace(frame, verdict={"give": "over"}, status="") if frame.concept and not denied else None
    dated = frame.kind in ("condition", "medication") and bool(frame.concept) and present
    if frame.kind in _LASTING and not frame.period and (now or dated):
        return replace(frame, verdict={"status": "active", **absent}, give="exists")
    names = frame.give == "entry" and not denied
    return replace(frame, verdict=absent, give="entry" if names else "exists")


def _goes_on(frame: Frame, sentence: Sentence, *, now: bool, present: bool) -> bool:
    """Tell whether something is asked to go on that is done and over, as a procedure is: "is she on dialysis?"."""
    return frame.kind not in ("administration", "encounter") and (now or (present and sentence.has("on")))


def _as_a_test(frame: Frame, results: set[str], words: Words, record: PatientRecord) -> Frame | None:
    """Return the frame of the recorded test for a disease, None if there is none: "COVID", "COVID test".

    Without a result it is asked whether there was a test at all.
    """
    names = (frame.concept, f"{frame.concept} test") if frame.kind == "condition" and frame.concept else ()
    test = next((name for name in names if link(name, record, ("Observation",))), "")
    if not test or len(results) > 1:
        return None
    measured = replace(frame, topic="measure", kind="observation", concept=test, status="", give="exists")
    if not results:
        return replace(measured, verdict={"how": "none"} if words.of("negation") else {}).picking("")
    return _result(measured, results.pop(), words, ever=True)


def _of_the_family(frame: Frame, words: Words, record: PatientRecord) -> Frame | None:
    """Return the frame of a relative's disease; open where a problem of the patient's says something of the family."""
    told = any("family" in term.display.casefold() for term in record.terms("Condition"))
    if words.of("over") or words.has("from") or told:
        return None
    verdict = {"give": "absent"} if words.of("negation") else {}
    return replace(frame, kind="FamilyMemberHistory", status="", give="exists", verdict=verdict)
