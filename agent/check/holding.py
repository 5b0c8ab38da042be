"""A model's findings and what the check said of their words -> those that stand, those that code tells, what was wrong.

A finding stands in its own words where the facts carry every one of them. Else code tells it from its claims and
facts: words that cannot be followed cost no second draft. Only a claim that is not so, and a sentence that rests on
no fact and is the only one, have to be written again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.check.claims import work_out
from agent.check.grounds import Grounds
from agent.check.telling import tell
from agent.findings import Finding, without_sources
from agent.state import Checked, Unsupported
from tools.calls.evidence import Evidence
from tools.record import PatientRecord


@dataclass(frozen=True, slots=True)
class Held:
    """What the check of a model's findings came to.

    Attributes:
        findings: as they may be shown; () where nothing of them can be.
        wrong: what is not so, or nowhere recorded, and has to be written again if it may be.
        reworded: what is told by code, or left out, with the reason.
        recomputed: what was worked out of the claims of those that code tells.
        own: how many of them stand in the model's words.
    """

    findings: tuple[Finding, ...]
    wrong: tuple[Unsupported, ...] = ()
    reworded: tuple[Unsupported, ...] = ()
    recomputed: tuple[str, ...] = ()
    own: int = 0

    @property
    def only_facts(self) -> bool:
        """Whether code tells every finding, and none of them says more than its facts."""
        return bool(self.reworded) and not self.own and not any(each.claims for each in self.findings)


def hold_findings(
    findings: Sequence[Finding], checked: Checked, evidence: Sequence[Evidence], record: PatientRecord
) -> Held:
    """Return what of a model's findings stands, and in whose words.

    Args:
        findings: of the draft.
        checked: what the check of their text came to.
        evidence: of the run.
        record: the patient's.
    """
    grounds = tuple(Grounds(e, record) for e in evidence)
    held: list[Finding] = []
    wrong: list[Unsupported] = []
    reworded: list[Unsupported] = []
    recomputed: list[str] = []
    known: set[Unsupported] = set()
    own = 0
    for finding in findings:
        objections = [each for each in checked.unsupported if _is_of(each, finding)]
        known.update(objections)
        worked = [each for claim in finding.claims if (each := work_out(claim, grounds))]
        false = [each.line for each in worked if not each.result.holds]
        wrong += (Unsupported(finding.text, line) for line in false)
        if not objections and not false:
            held.append(finding)
            own += 1
            continue
        reworded += objections
        if finding.facts:
            held.append(tell(finding, grounds))
            recomputed += (each.line for each in worked if each.result.holds)
    others = [each for each in checked.unsupported if each not in known]
    wrong += others if held else (*others, *reworded)
    return Held(() if others else tuple(held), tuple(wrong), tuple(reworded), tuple(recomputed), own)


def _is_of(objection: Unsupported, finding: Finding) -> bool:
    one, other = without_sources(objection.text), without_sources(finding.text)
    return one in other or other in one
