"""What a launch was granted -> what can be read; what was not is told, and nobody else's record is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.caller import NotAllowed
from portal.launch.scopes import granted
from tests.portal.launch.launching import Launching, launching
from tests.portal.launch.record_systems import Clock, RecordSystem, a_record_system
from tests.tools.sources.live.people_for_tests import LATEST, STRANGER
from tools.calls.errors import UnknownPatient, WrongPatient

HERS = "openid fhirUser launch patient/Patient.rs"
NOT = "could not be read: not granted"


@pytest.fixture
def system() -> Iterator[RecordSystem]:
    with a_record_system(Clock()) as running:
        yield running


@dataclass(frozen=True)
class Case:
    """What was granted, and what is said of a question."""

    id: str
    scope: str
    question: str
    says: str
    values: tuple[object, ...] = ()


CASES = [
    Case("everything", f"{HERS} patient/*.rs", LATEST, "6.5", (6.5,)),
    Case("everything, as of version 1", "patient/*.read", LATEST, "6.5", (6.5,)),
    Case("everything that the user may see", "user/*.cruds", LATEST, "6.5", (6.5,)),
    Case("this kind", f"{HERS} patient/Observation.rs", LATEST, "6.5", (6.5,)),
    Case("another kind", f"{HERS} patient/Condition.rs", LATEST, NOT),
    Case("reading by id alone", f"{HERS} patient/Observation.r", LATEST, NOT),
    Case("writing alone", f"{HERS} patient/Observation.cud", LATEST, NOT),
    Case("something that is no scope", f"{HERS} patient/Observation.rs?<b>", LATEST, NOT),
    Case("none, of which there is none", f"{HERS} patient/Condition.rs", "What is she allergic to?", NOT),
    Case(
        "a part",
        f"{HERS} patient/Observation.rs?category=http://example.org/kinds|laboratory",
        LATEST,
        "could not be read whole: granted only where category=laboratory",
        (6.5,),
    ),
    Case(
        "a part, in which there is nothing",
        f"{HERS} patient/AllergyIntolerance.rs?category=food patient/AllergyIntolerance.rs?category=biologic",
        "What is she allergic to?",
        "could not be read whole: granted only where category=food or category=biologic",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_was_not_granted_is_told_and_not_asked(case: Case, system: RecordSystem, tmp_path: Path) -> None:
    system.gives = {"scope": case.scope}
    with launching(system, tmp_path) as here:
        here.launch()
        before = len(system.server.asked)
        told = here.ask(case.question)
        text = " ".join((told.answer, *(problem for each in told.coverage for problem in each.problems)))
        assert (told.values, case.says in text) == (case.values, True), text
        asked = {each.path.partition("/")[0] for each in system.server.asked[before:]} - {"metadata"}
    kinds = granted(case.scope).kinds
    assert kinds is None or asked <= kinds
    assert [word for word in STRANGER if word in told.model_dump_json()] == []


def test_nobody_else_can_be_opened_found_or_listed(system: RecordSystem, tmp_path: Path) -> None:
    with launching(system, tmp_path) as here:
        here.launch()
        caller, desk = here.caller(), here.portal.desk
        source = desk.assistant(caller).source
        with pytest.raises(NotAllowed):
            desk.record(caller, "Patient/p2")
        with pytest.raises(UnknownPatient):
            source.find("Eve Zwilling")
        with pytest.raises(WrongPatient):
            source.open("Patient/p2", desk.today())
        assert [each.reference for each in source.patients()] == ["Patient/p1"]
        assert source.search("Eve", 9).patients == source.search("p2", 9).patients == ()
        assert [each.reference for each in source.search("", 9).patients] == ["Patient/p1"]
        asked = {(each.path, *each.terms.values()) for each in system.server.asked}
    assert not [each for each in asked if "p2" in str(each)]
    assert {path for path, *_ in asked if path.startswith("Patient")} == {"Patient/p1"}


def test_a_part_that_is_granted_whole_elsewhere_is_whole() -> None:
    may = granted("patient/Observation.rs?category=laboratory user/Observation.rs")
    assert (may.kinds, may.parts) == (frozenset({"Observation"}), {})


@pytest.mark.parametrize("launches", [1, 2])
def test_two_sessions_have_nothing_in_common(system: RecordSystem, tmp_path: Path, launches: int) -> None:
    with launching(system, tmp_path) as here:
        for _ in range(launches):
            here.launch()
        caller = here.caller()
        assert _asked_as(here, caller.patient)


def _asked_as(here: Launching, patient: str) -> bool:
    assistant = here.portal.desk.assistant(here.caller())
    return assistant.ask(patient, LATEST, now=here.portal.desk.today()).values == (6.5,)
