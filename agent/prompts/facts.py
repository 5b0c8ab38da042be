"""Evidence -> the lines of a prompt: what was computed, the facts by number, what must be said with them.

A fact that several calls found has one number. Where room is short, facts are cut by rank, and the cut is said. Ids are
not shown: a model cites by number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.prompts.data import on_a_line
from tools.calls.evidence import Evidence, Fact, Scalar
from tools.concepts.linking import is_known
from tools.concepts.wording import tokens
from tools.record.scope import is_left_out
from tools.wording.text import plain_name
from tools.wording.words import number, one_line, short_name

_VALUES = 12
"""Values that are shown beside the facts; of the rest the number is told."""
_NOT_FOUND = {
    "none recorded": "not recorded",
    "no value": "the record does not say",
    "unreadable": "could not be read",
}
_UNDER_THESE_WORDS = "not recorded under these words; no other names or members of it are known here"
_ENOUGH = 1400
"""Tokens of evidence from which on less is shown of what is behind an answer, and of what more facts say."""
_JUDGED = ("statistic", "how", "per")
"""Arguments of `measure` by which its values are computed, and not those of its facts."""


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


@dataclass(frozen=True, slots=True)
class _Size:
    """How much of the evidence is shown: of what is behind each call how many facts, and what more facts say."""

    behind: int
    more: bool = True


_SIZES = (_Size(24), _Size(12), _Size(8), _Size(6), _Size(4), _Size(4, more=False))
"""Of less and less; the first four behind an answer are the first, last, lowest and highest."""


def show(evidence: Sequence[Evidence], room: int, count: Callable[[str], int]) -> Shown:
    """Return the evidence of several calls as lines.

    Args:
        evidence: one per call.
        room: tokens that the lines may take; results, notes, and a fact of what was found are shown even if they take
            more.
        count: tokens of a text.
    """
    kept = [len(e.facts) for e in evidence]
    for size in _SIZES:
        shown = _shown(evidence, kept, size)
        if count(shown.text) <= min(room, _ENOUGH):
            return shown
    least = [1 if e.outcome == "found" and e.facts else 0 for e in evidence]
    while count(shown.text) > room and kept != least:
        longest = max(range(len(kept)), key=lambda n: (kept[n] > least[n], not least[n], kept[n]))
        kept[longest] -= max(1, (kept[longest] - least[longest]) // 8)
        shown = _shown(evidence, kept, _SIZES[-1] if kept != least else _Size(0, more=False))
    return shown


class _Numbered:
    """The facts that have a number, and the lines that show them."""

    def __init__(self, more: bool) -> None:
        self.facts: list[Fact] = []
        self._more = more
        self._ends: dict[str, list[tuple[str, int]]] = {}

    def known(self, fact: Fact) -> int:
        """Return the number of a fact that was shown, under a label or with its name before it; 0 if it was not."""
        told = self._ends.get(fact.reference, ())
        return next((n for text, n in told if text.endswith(fact.text) or fact.text.endswith(text)), 0)

    def line(self, fact: Fact, name: str = "") -> str:
        """Return the line of a fact that was not shown, with its number, without a name that stands above it."""
        more = f"; {fact.more}" if fact.more and self._more and fact.reference not in self._ends else ""
        self.facts.append(fact)
        self._ends.setdefault(fact.reference, []).append((fact.text, len(self.facts)))
        text = fact.text.replace(f"{name} ", "", 1) if name else fact.text
        return f"[{len(self.facts)}] {on_a_line(f'{text}{more}')}"


def _shown(evidence: Sequence[Evidence], kept: Sequence[int], size: _Size) -> Shown:
    lines: list[str] = []
    numbered = _Numbered(size.more)
    found = {(e.tool, e.arguments.get("concept")) for e in evidence if e.outcome == "found"}
    for e, most in zip(evidence, kept, strict=True):
        lines.append(_result_line(e))
        if e.outcome != "found" and (e.tool, e.arguments.get("concept")) in found and not most:
            continue
        lines += _fact_lines(e, most, numbered)
        behind = _behind(e, numbered, size.behind)
        if e.total > min(most, len(e.facts)) and not (behind and _is_whole(e, size.behind)):
            lines.append(f"({min(most, len(e.facts))} of {e.total} shown)")
        lines += behind
        lines += map(numbered.line, e.against)
        lines += _asides(e)
        lines += [line for line in _searched(e) if line not in lines]
    cut = sum(max(len(e.facts) - most, 0) for e, most in zip(evidence, kept, strict=True))
    return Shown("\n".join(lines), tuple(numbered.facts), cut)


def _is_whole(e: Evidence, most: int) -> bool:
    """Tell whether what is shown behind an answer is the whole series."""
    return e.total <= e.measured <= len(e.behind) <= most


def _fact_lines(e: Evidence, most: int, numbered: _Numbered) -> list[str]:
    """Return the lines of facts, those that were shown before by their numbers alone."""
    facts = e.facts[:most]
    before = dict.fromkeys(n for fact in facts if (n := numbered.known(fact)))
    lines = [f"from {', '.join(f'[{n}]' for n in before)}"] if before else []
    new = [fact for fact in facts if not numbered.known(fact)]
    lines += [numbered.line(fact) for fact in new[:1]]
    return lines + [numbered.line(fact, _only_test(e)) for fact in new[1:]]


def _only_test(e: Evidence) -> str:
    """Return the name of the test of which all facts are, "" if they are of several, or of something else."""
    names = {fact.display for fact in e.facts} if e.tool == "measure" else set()
    return short_name(one_line(plain_name(names.pop()))) if len(names) == 1 else ""


def _behind(e: Evidence, numbered: _Numbered, most: int) -> list[str]:
    """Return the lines of what is behind an answer, in the order of time: of a series what was not shown yet."""
    others = [fact for fact in e.behind if not numbered.known(fact)]
    if not others[:most]:
        return []
    whole = len(others) <= most and e.measured <= len(e.behind)
    lead = "latest values" if e.tool == "find" else "other measurements"
    told = sorted(others[:most], key=lambda fact: fact.date)
    return [f"{lead}{'' if whole else f', of {e.measured} in all'}:", *map(numbered.line, told)]


def _result_line(e: Evidence) -> str:
    told = {"period": e.period, "concept": e.about if e.about == e.arguments.get("concept") else ""}
    asked = ", ".join(f"{name}={value}" for name, value in e.arguments.items() if not told.get(name))
    reckoned = e.working if e.tool == "calculate" else ""
    name = short_name(one_line(plain_name(e.about))) if e.tool == "measure" else e.about
    about = ", ".join(part for part in (reckoned or name, e.period) if part)
    return on_a_line(": ".join(filter(None, [f"{e.tool}({asked})", about, _result(e)])))


def _result(e: Evidence) -> str:
    """Return the values, less those that the facts show anyway, and how they came about."""
    if not e.values:
        left_out = any(is_left_out(problem) for cover in e.coverage for problem in cover.problems)
        if e.outcome == "none recorded" and _by_its_words_alone(e):
            return _UNDER_THESE_WORDS
        return "left out" if left_out and e.outcome == "unreadable" else _NOT_FOUND.get(e.outcome, "")
    named = {fact.display for fact in e.facts}
    untold = [value for value in e.values if value not in named]
    if _are_in_facts(e):
        return f"{len(e.values)} values"
    kept = "; ".join(_plain(value) for value in untold[:_VALUES])
    more = len(untold) - _VALUES
    how = f", {e.working}" if e.working and e.tool == "measure" else ""
    unit = "" if all(isinstance(value, str) for value in untold) else f" {e.unit}"
    return f"{kept}{unit}".strip() + (f"; and {more} more" if more > 0 else "") + how


def _by_its_words_alone(e: Evidence) -> bool:
    """Tell whether nothing else is known that the thing could be recorded as."""
    concept = str(e.arguments.get("concept", ""))
    return e.tool in ("find", "measure") and bool(concept) and not is_known(tokens(concept))


def _are_in_facts(e: Evidence) -> bool:
    """Tell whether several values are those of measurements, which stand on a line each."""
    computed = any(map(e.arguments.get, _JUDGED)) or e.arguments.get("give", "value") != "value"
    return e.tool == "measure" and len(e.values) > 1 and len(e.facts) > 1 and not computed


def _plain(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, Decimal) else plain_name(str(value))


def _asides(e: Evidence) -> list[str]:
    readings = [f"other readings: {'; '.join(map(on_a_line, e.readings))}"] if e.readings else []
    return readings + [on_a_line(note) for note in e.notes if note not in e.working]


def _searched(e: Evidence) -> list[str]:
    lines = []
    for cover in e.coverage:
        if e.outcome == "found" and not cover.problems:
            continue
        span = f" {cover.span[0]} to {cover.span[1]}" if cover.span else ""
        aside = f" ({'; '.join(map(on_a_line, cover.problems))})" if cover.problems else ""
        lines.append(f"searched {cover.searched} {cover.kind}{span}{aside}")
    return lines
