"""A model's findings and what the check said of their words -> those that stand, those that code tells, what was wrong.

A finding stands in its own words where the facts carry every one of them. Else code tells it from its claims and
facts: words that cannot be followed cost no second draft. Only a claim that is not so, and a sentence that rests on
no fact and is the only one, have to be written again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.check.claims import work_out
from agent.check.denials import negated
from agent.check.grounds import Grounds
from agent.check.tokens import stem
from agent.check.truths import LEADING
from agent.check.vocabulary import allowed
from agent.context import Brief
from agent.findings import Assessment, Finding, without_sources
from agent.state import Checked, Unsupported
from agent.writer.nothing import missing
from agent.writer.telling import tell
from tools.record import PatientRecord
from tools.wording.text import words

_STRANGE = re.compile(r"\[\d+\]")
"""A number of no fact, which stays in a text."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the check of a model's findings came to.

    Attributes:
        findings: as they may be shown; () where nothing of them can be.
        wrong: what is not so, or nowhere recorded, and has to be written again if it may be.
        reworded: what is told by code, or left out, with the reason.
        recomputed: what was worked out of the claims of those that code tells.
        own: how many of them stand in the model's words.
        concluded: the "yes" or "no" with which those began that code tells: no claim says what it answers.
    """

    findings: tuple[Finding, ...]
    wrong: tuple[Unsupported, ...] = ()
    reworded: tuple[Unsupported, ...] = ()
    recomputed: tuple[str, ...] = ()
    own: int = 0
    concluded: tuple[Assessment, ...] = ()

    @property
    def only_facts(self) -> bool:
        """Whether code tells every finding, and none of them says more than its facts."""
        return bool(self.reworded) and not self.own and not any(each.claims for each in self.findings)


def hold_findings(findings: Sequence[Finding], checked: Checked, brief: Brief, record: PatientRecord) -> Held:
    """Return what of a model's findings stands, and in whose words.

    Args:
        findings: of the draft.
        checked: what the check of their text came to.
        brief: with the evidence of the run.
        record: the patient's.
    """
    grounds = tuple(Grounds(e, record) for e in brief.evidence)
    held: list[Finding] = []
    wrong: list[Unsupported] = []
    reworded: list[Unsupported] = []
    recomputed: list[str] = []
    known: set[Unsupported] = set()
    # nothing in another language stands beside what code tells in English
    only_partly = bool(checked.undecided and checked.unsupported)
    concluded: list[Assessment] = []
    own = 0
    for finding in findings:
        objections = [each for each in checked.unsupported if _is_of(each, finding)]
        known.update(objections)
        worked = [each for claim in finding.claims if (each := work_out(claim, grounds))]
        false = [each.line for each in worked if not each.result.holds]
        wrong += (Unsupported(finding.text, line) for line in false)
        if not (objections or false or only_partly):
            held.append(finding)
            own += 1
            continue
        reworded += objections
        wrong += objections if _STRANGE.search(finding.text) else ()
        absent = [missing(g.evidence, brief) for g in _denied(finding, grounds)]
        if absent and not finding.facts:
            held.append(replace(finding, text=" ".join(absent)))
        if finding.facts:
            told = tell(finding, grounds)
            held.append(replace(told, text=" ".join([told.text, *absent])))
            concluded += _concluded(told, finding, grounds)
            recomputed += (each.line for each in worked if each.result.holds)
    held += _unreadable(brief) if reworded else ()
    others = [each for each in checked.unsupported if each not in known]
    wrong += others if held else (*others, *reworded)
    return Held(
        () if others else tuple(held), tuple(wrong), tuple(reworded), tuple(recomputed), own, tuple(concluded)
    )


def _unreadable(brief: Brief) -> Iterator[Finding]:
    """Yield what could not be read of what was asked for, which no words of a model may leave out."""
    for evidence in brief.plan.answers(brief.evidence):
        if evidence.outcome == "unreadable":
            yield Finding(missing(evidence, brief))


def _denied(finding: Finding, grounds: Sequence[Grounds]) -> Iterator[Grounds]:
    """Yield the calls that found nothing of what a finding denies."""
    said = set(map(stem, words(without_sources(finding.text))))
    for g in grounds if negated(without_sources(finding.text)) else ():
        asked = " ".join(str(g.evidence.arguments.get(name, "")) for name in ("concept", "reason"))
        named = {stem(word) for word in words(f"{g.evidence.about} {asked}")} - allowed("plain")
        if not g.truth and not g.evidence.facts and named & said:
            yield g


def _concluded(told: Finding, finding: Finding, grounds: Sequence[Grounds]) -> Iterator[Assessment]:
    """Yield the "yes" or "no" of a finding whose claims hold, unless a call that it cites says the opposite."""
    leading = LEADING.match(finding.text)
    if not leading or not told.claims:
        return
    references = tuple(dict.fromkeys(fact.reference for fact in finding.facts))
    said = leading[1].casefold() == "yes"
    calls = [g for g in grounds if not g.references.isdisjoint(references)]
    if not any(g.truth != said for g in calls if any(isinstance(v, bool) for v in g.evidence.values)):
        yield Assessment(f"{leading[1].capitalize()}.", references)


def _is_of(objection: Unsupported, finding: Finding) -> bool:
    one, other = without_sources(objection.text), without_sources(finding.text)
    return one in other or other in one
