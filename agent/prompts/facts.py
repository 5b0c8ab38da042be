"""Evidence -> the lines of a prompt: what was computed, the facts by number, what must be said with them.

Facts are cut by rank where room is short, and the cut is said. Ids are not shown: a model cites by number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.prompts.data import on_a_line
from tools.calls.evidence import Evidence, Fact, Scalar
from tools.record.scope import is_left_out

_VALUES = 12
"""Values that are shown beside the facts; of the rest the number is told."""
_NOT_FOUND = {
    "none recorded": "not recorded",
    "no value": "the record does not say",
    "unreadable": "could not be read",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a model is shown of the evidence.

    Attributes:
        text: the lines.
        facts: by their numbers; number 1 is the first.
        cut: how many facts there was no room for.
    """

    text: str
    facts: tuple[Fact, ...]
    cut: int = 0

    @property
    def references(self) -> tuple[str, ...]:
        """The resource of each fact."""
        return tuple(fact.reference for fact in self.facts)


def show(evidence: Sequence[Evidence], room: int, count: Callable[[str], int]) -> Shown:
    """Return the evidence of several calls as lines.

    Args:
        evidence: one per call.
        room: tokens that the lines may take; results and notes are shown even if they take more.
        count: tokens of a text.
    """
    kept = [len(e.facts) for e in evidence]
    shown = _shown(evidence, kept)
    while count(shown.text) > room and any(kept):
        longest = max(range(len(kept)), key=kept.__getitem__)
        kept[longest] -= max(1, kept[longest] // 8)
        shown = _shown(evidence, kept)
    return shown


def _shown(evidence: Sequence[Evidence], kept: Sequence[int]) -> Shown:
    lines: list[str] = []
    facts: list[Fact] = []
    for e, most in zip(evidence, kept, strict=True):
        lines.append(_result_line(e))
        for fact in e.facts[:most]:
            facts.append(fact)
            lines.append(f"[{len(facts)}] {on_a_line(fact.text)}")
        lines += _asides(e, most)
    return Shown("\n".join(lines), tuple(facts), sum(len(e.facts) for e in evidence) - len(facts))


def _result_line(e: Evidence) -> str:
    asked = ", ".join(f"{name}={value}" for name, value in e.arguments.items())
    about = ", ".join(part for part in (e.about, e.period) if part)
    return on_a_line(": ".join(filter(None, [f"{e.tool}({asked})", about, _result(e)])))


def _result(e: Evidence) -> str:
    """Return the values, less the names that the facts show anyway."""
    if not e.values:
        left_out = any(is_left_out(problem) for cover in e.coverage for problem in cover.problems)
        return "left out" if left_out and e.outcome == "unreadable" else _NOT_FOUND.get(e.outcome, "")
    named = {fact.display for fact in e.facts}
    untold = [value for value in e.values if value not in named]
    kept = "; ".join(_plain(value) for value in untold[:_VALUES])
    more = len(untold) - _VALUES
    return f"{kept} {e.unit}".strip() + (f"; and {more} more" if more > 0 else "")


def _plain(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _asides(e: Evidence, most: int) -> list[str]:
    lines = []
    if e.total > min(most, len(e.facts)):
        lines.append(f"({min(most, len(e.facts))} of {e.total} shown)")
    if e.readings:
        lines.append(f"other readings: {'; '.join(map(on_a_line, e.readings))}")
    return lines + [on_a_line(note) for note in e.notes] + _searched(e)


def _searched(e: Evidence) -> list[str]:
    lines = []
    for cover in e.coverage:
        if e.outcome == "found" and not cover.problems:
            continue
        span = f" {cover.span[0]} to {cover.span[1]}" if cover.span else ""
        aside = f" ({'; '.join(map(on_a_line, cover.problems))})" if cover.problems else ""
        lines.append(f"searched {cover.searched} {cover.kind}{span}{aside}")
    return lines
