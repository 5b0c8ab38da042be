"""Entries -> rows to browse: what was asked, what is right, what was said, and what it rests on.

Left out: how rows look, and how many fit a page (`pages`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.comparing import Pair
from evaluation.dataset import Form
from evaluation.entries import Entry
from evaluation.report import words

_CHECKED = {True: "every statement supported", False: "not supported", None: "not checked"}
_NOT_RIGHT = ("wrong", "failed", "undecided", "abstained")


@dataclass(frozen=True, slots=True)
class Told:
    """A cell: its text, and its small print."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        category, form, tag: what rows are filtered by; the tag is a verdict, or the side that changed.
        cells: question, gold and answers.
        details: what is shown on demand, by label.
    """

    category: str
    form: str
    tag: str
    cells: tuple[Told, ...]
    details: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Browser:
    """Rows with their headings; `tagged` names the tag's filter."""

    headings: tuple[str, ...]
    tagged: str
    rows: tuple[Row, ...]

    @property
    def filters(self) -> dict[str, list[str]]:
        """The choices of each filter."""
        return {
            "category": sorted({row.category for row in self.rows}),
            "form": sorted({row.form for row in self.rows}),
            "tag": list(dict.fromkeys(row.tag for row in self.rows)),
        }


def failures(entries: Sequence[Entry]) -> list[Entry]:
    """Return what was not right: wrong ones first, then failed, undecided and abstained, each by category."""
    found = [entry for entry in entries if not entry.right]
    return sorted(found, key=lambda e: (_NOT_RIGHT.index(e.score.verdict), e.case.category))


def failure_browser(entries: Sequence[Entry]) -> Browser:
    """Return the failures among entries, each with what became of the other form."""
    verdicts = {(entry.case.id, entry.result.form): entry.score.verdict for entry in entries}
    rows = tuple(_failure(entry, verdicts) for entry in failures(entries))
    return Browser(("question", "gold", "answer", "verdict"), "verdict", rows)


def change_browser(pairs: Sequence[Pair], names: tuple[str, str]) -> Browser:
    """Return the pairs that changed sides."""
    return Browser(("question", "gold", *names), "side", tuple(_change(pair, names) for pair in pairs))


def _failure(entry: Entry, verdicts: Mapping[tuple[str, Form], str]) -> Row:
    score = entry.score
    cells = (_question(entry), _gold(entry), _answer(entry), Told(score.verdict, _reason(entry)))
    asked = [(form, (entry.case.id, form)) for form in words.FORM_NAMES if form != entry.result.form]
    others = [f"{words.FORM_NAMES[form]}: {verdicts[key]}" for form, key in asked if key in verdicts]
    details = {**_details(entry), "other form": others}
    return Row(
        entry.case.category, words.FORM_NAMES[entry.result.form], score.verdict, cells, _filled(details)
    )


def _change(pair: Pair, names: tuple[str, str]) -> Row:
    first, second = pair
    cells = (_question(first), _gold(first), *(Told(_answer(each).text, _judged(each)) for each in pair))
    details = {
        f"{name}: {label}": lines
        for name, entry in zip(names, pair, strict=True)
        for label, lines in _details(entry).items()
        if label not in ("choices", "gold resources")
    }
    side = f"only {names[1] if second.right else names[0]}"
    return Row(first.case.category, words.FORM_NAMES[first.result.form], side, cells, _filled(details))


def _question(entry: Entry) -> Told:
    case, form = entry.case, words.FORM_NAMES[entry.result.form]
    small = (
        case.id,
        form,
        case.category,
        case.template,
        f"{case.view}’s words",
        case.patient,
        f"on {case.now}",
    )
    return Told(case.question, " · ".join(small))


def _gold(entry: Entry) -> Told:
    return Told(words.gold(entry.case, entry.result.form))


def _answer(entry: Entry) -> Told:
    result = entry.result
    if result.failed:
        return Told("no answer", result.failed)
    chosen = f"chose {result.choice}" if result.choice else ""
    read = f"read as {words.values(entry.score.answer)}" if entry.score.answer else ""
    small = (words.ended(result), chosen if result.answer and chosen else read)
    return Told(result.answer or chosen or "no text", " · ".join(filter(None, small)))


def _reason(entry: Entry) -> str:
    return " · ".join(
        filter(None, (entry.score.reason, entry.score.scorer and f"scorer: {entry.score.scorer}"))
    )


def _judged(entry: Entry) -> str:
    return " · ".join(filter(None, (entry.score.verdict, entry.result.failed or entry.score.reason)))


def _details(entry: Entry) -> dict[str, Sequence[str]]:
    case, result = entry.case, entry.result
    return {
        "choices": words.choices(case) if result.form == "choice" else [],
        "plan": [words.call(step) for step in result.plan],
        "evidence": words.listed(result.evidence) or ["none"],
        "citations": words.listed(result.citations) or ["none"],
        "gold resources": words.listed(case.resources),
        "assessment by the model": [result.assessment] if result.assessment else [],
        "check": [_CHECKED[result.grounded], *result.unsupported],
        "built-in rules": [result.fallback] if result.fallback else [],
        "left out": [f"{words.number(result.left_out)} tokens of the record"] if result.left_out else [],
        "cost": [_cost(entry)],
    }


def _cost(entry: Entry) -> str:
    result = entry.result
    tokens = words.number(result.prompt_tokens + result.completion_tokens)
    return f"{tokens} tokens, {result.model_calls} model calls, {words.number(result.seconds)} s"


def _filled(details: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {label: lines for label, lines in details.items() if lines}
