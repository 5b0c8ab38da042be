"""The planner that needs no model: question -> parts -> frame -> tool calls."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from agent.asking import MOST_WORDS, words_of
from agent.plan import Decline, Plan
from agent.planner.asking import asked, told_by_a_stay
from agent.planner.calls import calls_for
from agent.planner.cues import is_plain
from agent.planner.declining import declined
from agent.planner.doubts import options_for, question_back
from agent.planner.followup import continued, is_follow_up, leans_on_a_day
from agent.planner.frame import Frame
from agent.planner.giving import about_giving
from agent.planner.sentence import Sentence, read
from agent.planner.several import frames_of
from agent.planner.topic import frame_of
from agent.planner.unclear import unclear
from agent.planner.verdict import denies, is_of_the_family, is_telegraphic, judged, only_narrows
from agent.reading.reader import Reader
from agent.values import values_by
from tools.calls.catalogue import Call, same
from tools.calls.errors import ToolFailure
from tools.calls.program import named, run
from tools.concepts.linking import LONGEST
from tools.concepts.wording import tokens
from tools.record import PatientRecord

_READER = Reader()
_NARROWS = ("concept", "category", "status", "reason", "place", "route", "part")
_VERY_SURE = 0.95
"""From this certainty on the reader overrules the rules: on wordings new to both it is far oftener right."""
_MANY_UNKNOWN, _MOST_UNKNOWN = 2, 5
_SURE_NAME = 0.95
_AROUND_A_NAME = 8
"""Words that a clause may have beside the name in it."""
_NEGATION = re.compile(r"(?<!\bor )\b(?:not|never|without)\b(?!\s+only)|n't\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\W*(?:h/o|s/p|hx|pmhx?)\b", re.IGNORECASE)
"""Clinicians' English, before whatever name."""
_WORDS = re.compile(r"[^\W\d_][\w'-]+")


class BuiltinPlanner:
    """Plans from the words of the question and the names in the record."""

    def plan(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        """Return the plan for `question`; `before` is the frame of the question before it, {} at the start.

        What the rules do not understand the reader reads, and asks back where it is not sure; where it is very sure of
        something else than the rules it overrules them. A question of more than `MOST_WORDS` is not read: its plan has
        no calls.
        """
        ruled = self._ruled(question, record, before)
        if ruled.decline or ruled.ask_back:
            return ruled
        if ruled.calls and (before or ruled.left_out or ruled.yes_no):
            return ruled
        read = _READER.plan(question, record, before)
        better = _overruled(ruled, read, record) if ruled.calls else _is_understood(read)
        left_out = () if read.calls else ruled.left_out
        return replace(read, left_out=left_out, frame={**ruled.frame, **read.frame}) if better else ruled

    def _ruled(self, question: str, record: PatientRecord, before: Mapping[str, object]) -> Plan:
        if words_of(question) > MOST_WORDS:
            return Plan()
        sentence = read(question, record)
        frame, inherits = _understood(sentence, record, before)
        decline = _declined(sentence, frame)
        if decline:
            return _declining(decline, sentence, frame, record)
        left_out: tuple[str, ...] = ()
        if not inherits and _is_verdict(sentence, frame):
            frame, left_out = _judged(sentence, frame, record)
        lost = unclear(sentence, frame, record)
        if lost:
            return Plan(left_out=lost, frame=frame.to_json())
        calls, options = _calls(sentence, frame), options_for(frame, record)
        return Plan(
            calls=calls,
            sure=0.0 if left_out else _sure(sentence, frame, calls),
            yes_no=frame.give == "exists",
            left_out=left_out,
            ask_back=question_back(frame) if options else "",
            options=options,
            frame=frame.to_json(),
        )


def _is_understood(read: Plan) -> bool:
    return bool((read.calls and not read.decline) or read.ask_back)


def _overruled(ruled: Plan, read: Plan, record: PatientRecord) -> bool:
    """Tell whether the reader is so sure of other values that it is right and not the rules.

    What the rules know best stays theirs: the person, and a name or a narrowing that the reader passed over.
    """
    if not read.calls or read.decline or read.sure < _VERY_SURE:
        return False
    tools = {call.tool for call in (*ruled.calls, *read.calls)}
    if (
        "profile" in tools
        or (read.yes_no and not tools & {"measure", "calculate"})
        or _passed_over(ruled, read)
    ):
        return False
    calls = named(ruled.calls)
    if [same(call) for call in calls] == [same(call) for call in read.calls]:
        return False
    try:
        found = values_by(read, record)
        told = values_by(replace(ruled, calls=calls), record)
    except ToolFailure:
        return False
    return bool(found) and told != found


def _passed_over(ruled: Plan, read: Plan) -> bool:
    """Tell whether the rules look for a thing, or for some of a kind, that the reader does not speak of."""
    said = [str(value).casefold() for call in read.calls for value in call.arguments.values()]
    told = [
        str(call.arguments[name]).casefold()
        for call in ruled.calls
        for name in _NARROWS
        if name in call.arguments
    ]
    given = any(call.arguments.get("kind") == "administration" for call in ruled.calls)
    return given or any(not any(_is_part(words, other) for other in said) for words in told)


def _is_part(words: str, other: str) -> bool:
    """Tell whether words are said in others, or are hardly more than them."""
    return words in other or (other in words and 2 * len(other) > len(words))


def _understood(
    sentence: Sentence, record: PatientRecord, before: Mapping[str, object]
) -> tuple[Frame, bool]:
    """Return what the question asks for, and whether it asks of something else what the one before it asked."""
    frame, inherits = frame_of(sentence), False
    if before:
        frame, inherits = _with_before(sentence, frame, Frame.from_json(before), record)
    if _foreign(sentence) or _unserved(sentence, frame) or _endless(sentence, frame):
        return Frame(), False
    return frame, inherits


def _declined(sentence: Sentence, frame: Frame) -> Decline | None:
    """Return why the question is declined; what runs in the family may stand in the patient's own record."""
    decline = declined(sentence)
    own = decline == "another patient" and frame.give == "exists" and is_of_the_family(sentence, frame)
    return None if own else decline


def _declining(decline: Decline, sentence: Sentence, frame: Frame, record: PatientRecord) -> Plan:
    """Return the plan of a question that is declined: what is recorded of it, without yes or no."""
    frame = replace(frame, give="") if frame.give == "exists" else frame
    calls = _calls(sentence, frame)
    if decline == "advice":
        calls = about_giving(sentence, record) or calls
    return Plan(
        calls=() if decline == "another patient" else calls,
        sure=_sure(sentence, frame, calls),
        decline=decline,
        frame=frame.to_json(),
    )


def _calls(sentence: Sentence, frame: Frame) -> tuple[Call, ...]:
    return _once(call for each in frames_of(sentence, frame) for call in calls_for(each))


def _once(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return calls without those that ask for the same again: "glucose, glucose and glucose"."""
    return tuple({same(call): call for call in calls}.values())


def _is_verdict(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether yes or no is asked; of a test also where its value was taken for the answer: "is it rising?"."""
    if frame.give == "exists" or is_telegraphic(sentence):
        return True
    told = frame.topic == "measure" and not frame.give
    return (told or (frame.kind == "allergy" and denies(sentence))) and asked(sentence) == "exists"


def _judged(sentence: Sentence, frame: Frame, record: PatientRecord) -> tuple[Frame, tuple[str, ...]]:
    """Return the frame with what decides a yes or no, else with what is recorded, and the words not understood.

    Words that only narrow what is asked about leave a no as it is.
    """
    decided, left_out = judged(sentence, frame, record)
    if not left_out or only_narrows(sentence, decided, left_out):
        return decided, left_out
    frame = replace(frame, give="")
    several = frame.topic == "measure" and not frame.chooses
    return frame.picking("all") if several else frame, left_out


def _foreign(sentence: Sentence) -> bool:
    """Most words mean nothing here: another language, or no question; a single known word proves little.

    So it is with a part of a name amid many words that nobody knows.
    """
    unknown = sum(not is_plain(word) for words in sentence.rest for word in _WORDS.findall(words))
    words = len(_WORDS.findall(sentence.free))
    if sentence.ever or _ABBREVIATED.match(sentence.free):
        return False
    if not sentence.mentions and not sentence.periods and unknown == words:
        return True
    if unknown >= _MOST_UNKNOWN and all(mention.score < _SURE_NAME for mention in sentence.mentions):
        return True
    return unknown >= _MANY_UNKNOWN and unknown > words / 2


def _unserved(sentence: Sentence, frame: Frame) -> bool:
    """A wish the tools do not serve and whose answer without it would mislead: "what is she not allergic to"."""
    negated = frame.give != "exists" and frame.pick != "nth" and _NEGATION.search(sentence.free)
    counted = frame.pick == "most often" and frame.give not in ("", "entry")
    named = frame.kind == "procedure" and frame.concept
    unserved = sentence.has("unserved") and frame.pick != "nth" and not named
    return bool(negated) or counted or unserved or told_by_a_stay(sentence)


def _endless(sentence: Sentence, frame: Frame) -> bool:
    """A thing or a time in more words than any name has, unless a name so long is recorded: it names nothing."""
    recorded = max(
        (len(tokens(mention.text)) for mention in sentence.mentions if mention.recorded), default=0
    )
    named = (frame.concept, frame.second, frame.reason, frame.period)
    return any(len(tokens(words)) > max(LONGEST, recorded + _AROUND_A_NAME) for words in named)


def _with_before(
    sentence: Sentence, frame: Frame, before: Frame, record: PatientRecord
) -> tuple[Frame, bool]:
    """Return the frame of a question after another one, and whether it asks the same of something else."""
    if not is_follow_up(sentence, frame, before):
        return frame, False
    seen = _day_answered(calls_for(before), record) if leans_on_a_day(sentence) else ""
    return continued(sentence, frame, before, seen), asked(sentence) != "exists"


def _day_answered(calls: tuple[Call, ...], record: PatientRecord) -> str:
    """The day of what the question before was answered with; it bounds "before that"."""
    evidence = [run(call, record) for call in calls[:1]]
    return next((fact.date for e in evidence for fact in e.facts if fact.date), "")


def _sure(sentence: Sentence, frame: Frame, calls: tuple[Call, ...]) -> float:
    """How much of the question was understood: 1 when every word has a part in the plan."""
    if not calls:
        return 0.0
    unexplained = sum(len(words.split()) for words in sentence.rest if words != frame.concept)
    return max(0.0, 1.0 - 0.2 * unexplained - (0.2 if sentence.rest else 0.0))
