"""By which names things are asked for."""

from typing import Any

from evaluation.gold.concept import concepts_of

CARE = {"code": "133899007", "display": "Postoperative care (regime/therapy)"}
DENTAL = {
    "code": "456191000124101",
    "display": "Postoperative care for dental procedure (regime/therapy)",
}


def _done(id: str, *codings: dict[str, str]) -> dict[str, Any]:
    return {"resourceType": "Procedure", "id": id, "code": {"coding": list(codings)}}


def test_a_name_of_some_of_those_that_share_a_code_is_not_asked_for() -> None:
    record = [_done("one", CARE), _done("other", DENTAL, CARE)]

    [concept] = concepts_of("Procedure", record, record)

    assert concept.names == ("Postoperative care",)


def test_old_and_new_names_of_one_code_are_both_asked_for() -> None:
    record = [_done("one", CARE), _done("other", {**CARE, "display": "Aftercare of surgery (procedure)"})]

    [concept] = concepts_of("Procedure", record, record)

    assert concept.names == ("Aftercare of surgery", "Postoperative care")
