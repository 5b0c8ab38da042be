"""Claims that a writer declares with a draft: computed again, whatever the words of the draft."""

import pytest

from agent.check.draft import check_draft
from agent.findings import Claim, Relation
from agent.state import Checked
from tests.agent.test_check_of_relations import A1C, DRUGS, HELD, LDL, PRESSURE
from tests.whole_questions import NOW, assistant_over
from tools.calls.catalogue import Call
from tools.calls.program import named, run_plan
from tools.record import PatientRecord

# calls; what is claimed; of which facts, in this order; what it comes to
HOLDS: list[tuple[tuple[Call, ...], Relation, tuple[str, ...], str]] = [
    (LDL, "rose", ("ldl1", "ldl2"), "rose: 142.0 to 150.5 mg/dl"),
    (LDL, "fell", ("ldl3", "ldl1"), "fell: 142.0 to 132.9 mg/dl"),
    (A1C, "same", ("a1c2016", "a1c2018", "a1c2020"), "same: 7.3 to 7.3 %"),
    (DRUGS, "before", ("amlodipine", "insulin"), "before: 2004-11-10 and 2018-12-24"),
    (DRUGS, "after", ("insulin", "amlodipine"), "after: 2018-12-24 and 2004-11-10"),
    (LDL, "first", ("ldl1",), "first: 2016-03-01"),
    (LDL, "last", ("ldl3",), "last: 2020-03-01"),
    (LDL, "highest", ("ldl2",), "highest: 150.5 mg/dl"),
    (LDL, "lowest", ("ldl3", "ldl1", "ldl2"), "lowest: 132.9 mg/dl"),
    (LDL, "above", ("ldl2", "ldl1"), "above: 150.5 and 142.0 mg/dl"),
    (LDL, "below", ("ldl1", "ldl2"), "below: 142.0 and 150.5 mg/dl"),
    (LDL, "count", ("ldl1", "ldl2", "ldl3"), "count: 3"),
    (LDL, "sum", ("ldl1", "ldl2"), "sum: 292.5 mg/dl"),
    (LDL, "mean", ("ldl1", "ldl2"), "mean: 146.2 mg/dl"),
    (LDL, "difference", ("ldl1", "ldl2"), "difference: 8.5 mg/dl"),
    (LDL, "percent", ("ldl1", "ldl3"), "percent: -6.408 %"),
    (LDL, "all", ("ldl1", "ldl2", "ldl3"), "all: 3 of 3"),
]
DOES_NOT: list[tuple[tuple[Call, ...], Relation, tuple[str, ...], str]] = [
    (LDL, "fell", ("ldl1", "ldl2"), "“fell” is not so: 142.0 to 150.5 mg/dl"),
    (LDL, "rose", ("ldl1", "ldl3"), "“rose” is not so: 142.0 to 132.9 mg/dl"),
    (LDL, "same", ("ldl1", "ldl2"), "“same” is not so: 142.0 to 150.5 mg/dl"),
    (DRUGS, "before", ("insulin", "amlodipine"), "“before” is not so: 2018-12-24 and 2004-11-10"),
    (LDL, "last", ("ldl2",), "“last” is not so: 2020-03-01"),
    (LDL, "highest", ("ldl1",), "“highest” is not so: 150.5 mg/dl"),
    (LDL, "above", ("ldl1", "ldl2"), "“above” is not so: 142.0 and 150.5 mg/dl"),
    (LDL, "all", ("ldl1", "ldl2"), "“all” is not so: 2 of 3"),
]
UNDECIDED: list[tuple[tuple[Call, ...], Relation, tuple[str, ...]]] = [
    (LDL, "rose", ("ldl1",)),
    (PRESSURE, "fell", ("sys", "dia")),
    (DRUGS, "highest", ("insulin", "amlodipine")),
    (LDL, "within", ("ldl1",)),
]
KINDS = {"amlodipine": "MedicationRequest", "insulin": "MedicationRequest"}


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> PatientRecord:
    return assistant_over(tmp_path_factory.mktemp("claims"), *HELD).record("Patient/p1", NOW)


def _checked(
    held: PatientRecord, calls: tuple[Call, ...], relation: Relation, ids: tuple[str, ...]
) -> Checked:
    evidence = run_plan(named(calls), held)
    facts = {fact.reference: fact for e in evidence for fact in e.facts}
    references = [f"{KINDS.get(each, 'Observation')}/{each}" for each in ids]
    claim = Claim(relation, tuple(facts[reference] for reference in references))
    return check_draft(f"Recorded [{'; '.join(references)}].", evidence, held, "", claims=(claim,))


@pytest.mark.parametrize(("calls", "relation", "ids", "line"), HOLDS)
def test_a_claim_that_holds_is_recomputed(
    held: PatientRecord, calls: tuple[Call, ...], relation: Relation, ids: tuple[str, ...], line: str
) -> None:
    checked = _checked(held, calls, relation, ids)
    assert (checked.unsupported, checked.recomputed, checked.undecided) == ((), (line,), ())


@pytest.mark.parametrize(("calls", "relation", "ids", "why"), DOES_NOT)
def test_a_claim_that_does_not_hold_refuses_its_statement(
    held: PatientRecord, calls: tuple[Call, ...], relation: Relation, ids: tuple[str, ...], why: str
) -> None:
    assert [each.reason for each in _checked(held, calls, relation, ids).unsupported] == [why]


@pytest.mark.parametrize(("calls", "relation", "ids"), UNDECIDED)
def test_a_claim_that_its_facts_do_not_decide_lends_nothing(
    held: PatientRecord, calls: tuple[Call, ...], relation: Relation, ids: tuple[str, ...]
) -> None:
    checked = _checked(held, calls, relation, ids)
    assert (checked.unsupported, checked.recomputed, checked.undecided) == ((), (), ())


def test_a_claim_lends_words_and_numbers_to_the_statement_that_cites_its_facts(held: PatientRecord) -> None:
    evidence = run_plan(named(LDL), held)
    claim = Claim("sum", evidence[0].facts[:2])
    cited = "; ".join(fact.reference for fact in evidence[0].facts[:2])
    text = f"These two LDL values add up to 292.5 mg/dL [{cited}]."
    assert check_draft(text.replace("292.5", "293.5"), evidence, held, "", claims=(claim,)).unsupported
    assert check_draft(text, evidence, held, "", claims=(claim,)).unsupported == ()


def test_a_relation_that_nothing_decides_is_not_said(held: PatientRecord) -> None:
    evidence = run_plan(named(DRUGS), held)
    said = "Insulin glargine was prescribed on 2018-12-24 before it [MedicationRequest/insulin]."
    reasons = [each.reason for each in check_draft(said, evidence, held, "").unsupported]
    assert reasons == ["what it cites does not decide “before”"]
