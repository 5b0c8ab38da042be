"""A draft, the evidence and the record -> what nothing supports, with the reason, and what was recomputed.

English drafts are checked by `english`, those in another language by `foreign`: by one of them alone.
"""

from collections.abc import Sequence

from agent.check.english import EnglishCheck
from agent.check.foreign import ForeignCheck, in_another_language, no_denies
from agent.check.grounds import Grounds
from agent.findings import Claim
from agent.state import Checked
from agent.wording import could_ask, not_taken, within, without_meaning
from tools.calls.evidence import Evidence
from tools.record import PatientRecord


def check_draft(
    draft: str,
    evidence: Sequence[Evidence],
    record: PatientRecord,
    question: str,
    failures: Sequence[str] = (),
    left_out: Sequence[str] = (),
    askable: Sequence[str] = (),
    claims: Sequence[Claim] = (),
) -> Checked:
    """Return the statements of `draft` that the evidence does not support, in order, and what was recomputed.

    Args:
        draft: the text to check.
        evidence: what the calls of this run gave.
        record: the patient's record; every cited resource must be in it.
        question: as asked; its words may be repeated where no finding is claimed.
        failures: why calls failed, as the draft may repeat it.
        left_out: what of the question was not taken into account, as the draft may say.
        askable: what could be asked instead, as the draft may say.
        claims: relations that the writer declared; each is computed again.
    """
    own = [not_taken(left_out), without_meaning(left_out)] if left_out else []
    for said in (*own, *filter(None, (could_ask(askable),))):
        draft = draft.replace(said, "")  # the assistant's own words, which claim nothing
    if record.scope:
        draft = draft.replace(within(record.scope), "")  # the assistant's own words, which claim nothing
    grounds = tuple(Grounds(e, record) for e in evidence)
    given = grounds, record, question, tuple(failures), tuple(claims)
    if not in_another_language(_own_words(draft, evidence), question):
        return EnglishCheck(*given).run(draft)
    results = [ForeignCheck(*given, no=no).run(draft) for no in no_denies(draft, question)]
    return next((checked for checked in results if checked.unsupported), results[0])


def _own_words(draft: str, evidence: Sequence[Evidence]) -> str:
    """Return a draft without what it repeats of the record, whose language tells nothing of its own."""
    recorded = {text for e in evidence for fact in e.facts for text in (fact.text, fact.display) if text}
    for text in sorted(recorded, key=len, reverse=True):
        draft = draft.replace(text, " ")
    return draft
