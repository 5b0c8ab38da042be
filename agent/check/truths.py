"""What a draft affirms and denies -> whether the record says so: a "yes" to what it denies, a "no" to what it says.

A call is denied once for the whole draft. Left out: the numbers, days and names of a statement.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from agent.check.denials import denied, how_often_denied, negated
from agent.check.grounds import Grounds
from agent.check.recorded import speaks
from agent.check.segments import Masks, Statement, bare, clauses
from agent.check.tokens import stem, tokens
from agent.check.vocabulary import allowed, implied
from agent.state import Unsupported
from tools.wording.text import words

_LOOKING = ("find", "measure")
"""Tools that say whether something is there; a note that is found may say that it is not."""
_SHORT = 3
"""Letters of a word too short to be a name by itself."""
_ROOT = 5
"""Letters of a word that its forms have in common."""
_ZERO = re.compile(r"(?<![\w.])0(?![\w.])")
LEADING = re.compile(r"^\W*(yes|no)\b(?=\s*[,.:;!—-]|\s*$)", re.IGNORECASE)
"""A yes or no that begins a statement."""


@dataclass(frozen=True)
class Truths:
    """What a draft said so far of what was looked for.

    Attributes:
        grounds: the evidence.
        masks: of the draft.
        patient: the reference of the patient.
        denied: the calls that found nothing, and of which the draft says so.
        used: the statements on each call.
    """

    grounds: tuple[Grounds, ...]
    masks: Masks
    patient: str
    denied: set[int] = field(default_factory=set)
    used: dict[int, list[Statement]] = field(default_factory=dict)

    def objection(
        self,
        masked: str,
        statement: Statement,
        numbers: Sequence[int],
        references: Sequence[str] = (),
        computed: int = 0,
    ) -> str:
        """Return why a statement affirms what is denied or denies what is so; `computed` denials were found to hold."""
        operands = {*self._reckoned_with(numbers), *self._retold(masked, numbers, references)}
        for n in set(numbers) - operands:
            self.used.setdefault(n, []).append(statement)
        truths = {self.grounds[n].truth for n in numbers}
        leading = LEADING.match(self.masks.show(masked))
        if leading and leading[1].casefold() == "yes" and truths == {False}:
            return "it says yes where the record says no"
        recorded = frozenset[str]().union(*[self.grounds[n].denied_by(references) for n in numbers])
        denials, own, denying = self._denials(masked), bare(masked), negated(masked)
        alike = recorded.union(*(implied().get(word, frozenset()) for word in recorded))
        named = alike.intersection(map(stem, words(own)))
        if truths == {True} and named - denials and references != (self.patient,):
            return "it says what the record denies"
        if not denying and not _ZERO.search(own):
            return ""
        refused = (part for part in clauses(masked) if negated(part)) if not recorded and not computed else ()
        if any([*self._retold(bare(part), numbers, references)] for part in refused):
            return "it denies what the record says"
        no = leading is not None and leading[1].casefold() == "no"
        told = not no and _among(denials, recorded) and not self._denies(masked, numbers, recorded)
        told = told or (not no and 0 < how_often_denied(masked) <= computed)
        if truths == {True} and denying and not told:
            return "it denies what the record says"
        self.denied.update([n for n in numbers if not self.grounds[n].truth])
        return ""

    def _reckoned_with(self, numbers: Sequence[int]) -> Iterable[int]:
        """Return which calls are operands of another: a statement on that need not say what they say."""
        cited = [self.grounds[n].evidence for n in numbers]
        operands = {each for e in cited if e.tool == "calculate" for each in _listed(e.arguments.get("of"))}
        return (n for n in numbers if self.grounds[n].evidence.id in operands)

    def _retold(self, masked: str, numbers: Sequence[int], references: Sequence[str]) -> Iterable[int]:
        """Yield the calls that found nothing of the name they looked for, but a fact that is retold whole."""
        said = set(tokens(self.masks.show(masked)).words)
        for n in numbers:
            lines = [f.text for cited in references for f in self.grounds[n].facts.get(cited, ())]
            told = [set(tokens(line).words) - allowed("plain") - allowed("free") for line in lines]
            if (
                lines
                and not any(map(speaks, lines))
                and all(words <= said and any(len(word) > _SHORT for word in words) for words in told)
            ):
                yield n

    def _denials(self, masked: str) -> frozenset[str]:
        """Return what is denied in words of its own, of a recorded name too."""
        return denied(self.masks.show(masked, lambda text: " ; " if denied(text) else text))

    def _denies(self, masked: str, numbers: Sequence[int], recorded: Set[str]) -> bool:
        """Tell whether it denies what was looked for and found, but for what is `recorded` as denied."""
        looked = [g.evidence for g in map(self.grounds.__getitem__, numbers) if g.evidence.tool in _LOOKING]
        found = {stem(word) for evidence in looked for word in words(evidence.about)}
        said = [stem(word) for word in words(bare(masked))]
        ends = (n for n, word in enumerate(said) if word in allowed("negation"))
        ends = (n for n in ends if not _among(set(said[n + 1 : n + 2]), recorded))
        return any(found.intersection(said[n + 1 : n + 3]) for n in ends)

    def of_an_answer(self, yes: bool) -> str:
        """Return why a bare "yes" or "no" is not what the record says, "" if it is."""
        if not any(g.truth == yes and (yes or g.says_no) for g in self.grounds):
            return f"the record does not say {'yes' if yes else 'no'}"
        if not yes:
            self.denied.update(n for n, g in enumerate(self.grounds) if not g.truth)
        return ""

    def unsaid(self) -> Iterable[Unsupported]:
        """Yield the statements on what the record denies where the draft denies it nowhere."""
        for n, using in self.used.items():
            if not self.grounds[n].truth and n not in self.denied:
                yield from (
                    Unsupported(s.text, "the record says no, or does not say") for s in dict.fromkeys(using)
                )


def _among(denials: Set[str], recorded: Set[str]) -> bool:
    """Tell whether each denial is recorded, in this word or one of its root: "never smoker" of "never smoked"."""
    return all(any(word[:_ROOT] == each[:_ROOT] for each in recorded) for word in denials)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
