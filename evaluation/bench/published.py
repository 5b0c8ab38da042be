"""The same questions done the published ways -> what a model would read for each, with the same tokenizer.

"Navigator": ask for the manifest, pick resource types, pick resources of each type and summarise their JSON, answer
from the summaries: 3 + 2N calls. It is given a perfect choice: the types that our answer searched or cites, at least
one, and the very resources that carry the answer; all summaries together are as long as our answer. "Whole record":
all of its JSON and the question, once. Left out: whether the answers would be right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import orjson
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from agent.answer import Answer
from agent.cli.bars import Row, quantile
from evaluation.bench.answering import Answers
from evaluation.bench.growing import everything
from evaluation.bench.tokens import Tokens
from tools.entries import Entry
from tools.record import PatientRecord
from tools.sources.source import RecordSource

CONTEXT = 131_072
"""Tokens that the model can read at once."""
_SYSTEM = "You answer a clinician's question about one patient from the patient's FHIR record."
_MANIFEST = "Call get_manifest(patient) to see which resource types the record holds, and how many of each."
_TYPES = "Which resource types are needed? Answer with a JSON list of types."
_SELECT = "Which of these resources are needed? Answer with a JSON list of ids."
_SUMMARISE = "Summarise what these resources say about the question. Keep values, units, dates and ids."
_ANSWER = "Answer the question from these summaries. Say so if they do not hold the answer."
_WHOLE = "Answer the question from this record."


@dataclass(frozen=True, slots=True)
class Read:
    """What a model reads for one question: calls, and tokens of all their prompts."""

    calls: int
    tokens: int


class Chart:
    """One patient's record as prompts without tools hold it; each piece is counted once.

    Args:
        record: the record; resources that do not count and later ones are in it, too.
        tokens: the count.
    """

    def __init__(self, record: PatientRecord, tokens: Tokens) -> None:
        self.tokens = tokens
        self._listed: dict[str, int] = {}
        self._json: dict[str, int] = {}
        self._by_kind: dict[str, list[Entry]] = defaultdict(list)
        for entry in everything(record):
            self._by_kind[entry.kind].append(entry)

    def kinds(self) -> dict[str, int]:
        """Return how many resources of each type there are."""
        return {kind: len(entries) for kind, entries in self._by_kind.items()}

    def listed(self, kind: str) -> int:
        """Return the tokens of a list of all resources of a type: id, name, day."""
        if kind not in self._listed:
            self._listed[kind] = sum(self.tokens.many([_line(entry) for entry in self._by_kind[kind]]))
        return self._listed[kind]

    def json(self, kind: str, references: Sequence[str]) -> int:
        """Return the tokens of these resources of a type as JSON."""
        wanted = set(references)
        return self._sum(entry for entry in self._by_kind[kind] if entry.reference in wanted)

    def whole(self) -> int:
        """Return the tokens of the whole record as JSON."""
        return self._sum(entry for entries in self._by_kind.values() for entry in entries)

    def _sum(self, entries: Iterable[Entry]) -> int:
        found = {entry.reference: entry for entry in entries}
        new = [entry for reference, entry in found.items() if reference not in self._json]
        counted = self.tokens.many([orjson.dumps(entry.raw).decode() + "\n" for entry in new])
        self._json.update(zip((entry.reference for entry in new), counted, strict=True))
        return sum(self._json[reference] for reference in found)


def navigated(answer: Answer, chart: Chart) -> Read:
    """Return what the navigator reads for a question that was answered without a model."""
    held, count = chart.kinds(), chart.tokens.chat
    kinds = needed(answer, held)
    manifest = "\n".join(f"{kind}: {number}" for kind, number in held.items())
    prompts = [count(_asked(answer, _MANIFEST)), count(_asked(answer, _TYPES, manifest))]
    for kind in kinds:
        prompts.append(count(_asked(answer, _SELECT)) + chart.listed(kind))
        prompts.append(count(_asked(answer, _SUMMARISE)) + chart.json(kind, answer.evidence))
    prompts.append(count(_asked(answer, _ANSWER, answer.answer)))
    return Read(len(prompts), sum(prompts))


def needed(answer: Answer, held: Mapping[str, int]) -> list[str]:
    """Return the resource types that a question needs: those that were searched or carry the answer."""
    searched = [cover.kind for cover in answer.coverage]
    cited = [reference.partition("/")[0] for reference in answer.evidence]
    return [kind for kind in dict.fromkeys([*searched, *cited]) if kind in held] or ["Patient"]


def measure(source: RecordSource, answers: Answers, tokens: Tokens, where: str = "") -> list[Row]:
    """Return rows of the navigator and of the whole record.

    Raises:
        RecordError: a patient is unknown or a record cannot be read.
    """
    read: list[Read] = []
    whole: list[int] = []
    for group in answers:
        chart = opened(source, group[0], tokens)
        read += [navigated(answer, chart) for answer in group]
        whole.append(tokens.chat(_asked(group[0], _WHOLE)) + chart.whole())
    return [*_navigator_rows(read, tokens, where), *_whole_rows(whole, tokens, where)]


def opened(source: RecordSource, answer: Answer, tokens: Tokens) -> Chart:
    """Return the chart of an answer's patient."""
    return Chart(source.open(answer.patient, date.fromisoformat(answer.now)), tokens)


def _navigator_rows(read: Sequence[Read], tokens: Tokens, where: str) -> list[Row]:
    prompts, calls = [each.tokens for each in read], [each.calls for each in read]
    told = (
        f"{len(read)} questions: manifest, types, a list and JSON of each type, answer; generous: the types and"
        f" resources are chosen without a mistake, the summaries are as long as our answer; {tokens.how}"
    )
    return [
        Row(f"navigator: prompts of a question, median{where}", quantile(prompts, 0.5), "tokens", None, told),
        Row(
            f"navigator: prompts of a question, p95{where}",
            quantile(prompts, 0.95),
            "tokens",
            None,
            "the same",
        ),
        Row(
            f"navigator: model calls of a question, median{where}",
            quantile(calls, 0.5),
            "",
            None,
            "3 + 2 a type",
        ),
    ]


def _whole_rows(whole: Sequence[int], tokens: Tokens, where: str) -> list[Row]:
    over = sum(size > CONTEXT for size in whole)
    told = f"{len(whole)} patients, JSON without blanks and one question; {over} exceed {CONTEXT} tokens; {tokens.how}"
    return [
        Row(f"whole record: prompt of a question, median{where}", quantile(whole, 0.5), "tokens", None, told)
    ]


def _asked(answer: Answer, task: str, shown: str = "") -> list[BaseMessage]:
    lines = [f"Question: {answer.question}", f"Today is {answer.now}. Patient: {answer.patient}", task, shown]
    return [SystemMessage(_SYSTEM), HumanMessage("\n".join(filter(None, lines)))]


def _line(entry: Entry) -> str:
    day = entry.start.day if entry.start else ""
    return f"{entry.reference.partition('/')[2]} {entry.display} {day}\n"
