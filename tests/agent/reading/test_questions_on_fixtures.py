"""Whole questions about the shipped patients -> values, read beforehand from their JSON with nothing but `json`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from agent.assistant import Assistant
from fhir_fixtures import REFERENCE_DATE, records
from tools.sources import open_location
from tools.wording.text import plain_name

CLOSE = 0.005
"""Numbers may be rounded as people do."""


@dataclass(frozen=True, eq=False)
class Case:
    question: str
    patient: str
    values: Sequence[object]
    read_from: str
    now: date = field(default=REFERENCE_DATE)


REUBEN, HUE, TY, COLTON = "Reuben Beier", "Hue Gerlach", "Ty Olson", "Colton Nader"
EVELINE, FRANCESCO, BRANDY = "Eveline O'Keefe", "Francesco Lueilwitz", "Brandy Larson"
ADELINA, ENID = "Adelina Maggio", "Enid Huel"
WRIST = ["Fracture of bone", "Fracture subluxation of wrist"]
FLU = "Influenza, seasonal, injectable, preservative free"
CASES = [
    Case("How old is Reuben?", REUBEN, [3], "born 2022-03-17"),
    Case("What is his date of birth?", REUBEN, ["2022-03-17"], "Patient.birthDate"),
    Case("Where does he live?", REUBEN, ["Houston"], "Patient.address.city"),
    Case("Is he a boy or a girl?", REUBEN, ["male"], "Patient.gender"),
    Case("What was his last weight?", REUBEN, [15.0], "29463-7 on 2025-07-03"),
    Case("How tall is he?", REUBEN, [96.0], "8302-2 on 2025-07-03"),
    Case("first recorded height", REUBEN, [55.5], "8302-2 on 2022-04-14"),
    Case("What's the highest systolic on record?", REUBEN, [115.7], "8480-6 on 2022-06-23"),
    Case("How many vaccinations has he had?", REUBEN, [27], "27 Immunizations"),
    Case("When was his last flu shot?", REUBEN, ["2025-07-03"], "the last of four flu vaccines"),
    Case("How many flu shots did he get?", REUBEN, [4], "2022, 2023, 2024, 2025"),
    Case("Has he been to the ER?", REUBEN, [True], "one encounter of class EMER"),
    Case("When did he go to the emergency room?", REUBEN, ["2023-04-10"], "the one EMER encounter"),
    Case("Was he ever admitted to hospital?", REUBEN, [False], "no encounter of class IMP"),
    Case("When did the ankle sprain resolve?", REUBEN, ["2023-05-27"], "abatement of 44465007"),
    Case("What is he allergic to?", REUBEN, ["Animal dander"], "one AllergyIntolerance"),
    Case("What was prescribed in 2023?", REUBEN, ["Acetaminophen 160 MG Chewable Tablet"], "one request"),
    Case("Is he on any medication now?", REUBEN, [False], "the one request is stopped"),
    Case("Does he have asthma?", REUBEN, [False], "no such Condition"),
    Case("What was billed altogether?", REUBEN, [1500], "12 claims of 125"),
    Case("How many notes does he have?", REUBEN, [12], "12 DocumentReferences"),
    Case("Did he get the MMR vaccine?", REUBEN, [True], "2023-05-18"),
    Case("How old is she?", HUE, [0], "born 2025-12-21"),
    Case("What medications is she on?", HUE, [], "no requests"),
    Case("Any allergies?", HUE, [], "none recorded"),
    Case("How many visits has she had?", HUE, [0], "no Encounter"),
    Case("What was her last weight?", HUE, [], "no Observation"),
    Case("Has she had any vaccines?", HUE, [False], "no Immunization"),
    Case("When was he diagnosed with epilepsy?", TY, ["2015-10-27"], "onset of 84757009"),
    Case("How many ER visits has he had?", TY, [5], "five of class EMER"),
    Case("When was his last trip to the ER?", TY, ["2019-04-09"], "the last of five"),
    Case("Has he had COVID?", TY, [True], "840539006, onset 2021-06-19"),
    Case("Is he allergic to latex?", TY, [True], "Latex (substance)"),
    Case("Is he allergic to penicillin?", TY, [False], "six allergies, none of them"),
    Case("How many EEGs has he had?", TY, [5], "Electroencephalogram, 2015 to 2019"),
    Case("When was the last EEG?", TY, ["2019-04-09"], "Electroencephalogram"),
    Case("What was his highest temperature?", TY, [38.90863206889864], "8310-5 on 2021-06-19"),
    Case("Was his temperature ever over 38?", TY, [True], "38.9 on 2021-06-19"),
    Case("Is he still on carbamazepine?", TY, [True], "requests of 2016 and 2017 are active"),
    Case("When was amoxicillin prescribed?", TY, ["2017-01-31"], "one request"),
    Case("Which vaccines did he get in 2021?", TY, [FLU], "one on 2021-01-15"),
    Case("Does he smoke?", TY, ["Never smoked tobacco"], "72166-2 on 2025-04-18"),
    Case("Who pays for his care?", TY, ["Medicaid"], "Coverage.payor"),
    Case("Is he alive?", COLTON, [False], "deceasedDateTime"),
    Case("When did he die?", COLTON, ["1998-04-30"], "deceasedDateTime"),
    Case("How old was he when he died?", COLTON, [38], "1959-05-15 to 1998-04-30"),
    Case("What was the lowest CD4 count?", COLTON, [6], "24467-3 on 1993-10-01"),
    Case("How often was his CD4 count measured?", COLTON, [17], "24467-3, 1991 to 1997"),
    Case("When was AIDS diagnosed?", COLTON, ["1991-01-02"], "onset of 62479008"),
    Case("How old was he when AIDS was diagnosed?", COLTON, [31], "1991-01-02"),
    Case("First LDL?", COLTON, [84.6], "18262-6 on 1991-02-02"),
    Case("Has he got any allergies?", COLTON, [], "no AllergyIntolerance"),
    Case("When was she admitted to the hospital?", EVELINE, ["2006-10-18"], "one of class IMP"),
    Case("How long was the hospital stay?", EVELINE, [13], "2006-10-18 to 2006-10-31"),
    Case("What diagnoses did she get in November 2011?", EVELINE, WRIST, "onset 2011-11-19"),
    Case("Is she pregnant?", EVELINE, [True], "Normal pregnancy, active since 2025-04-23"),
    Case("Which drug is she allergic to?", EVELINE, ["Lisinopril"], "one AllergyIntolerance"),
    Case("How many times was she in the ER before 2012?", EVELINE, [3], "2006, 2007, 2011"),
    Case("Is he allergic to bees?", FRANCESCO, [True], "Bee venom (substance)"),
    Case("Is he allergic to penicillin?", FRANCESCO, [True], "Penicillin V"),
    Case("When was his childhood asthma diagnosed?", FRANCESCO, ["2017-04-05"], "onset of 233678006"),
    Case("How old was he when asthma was diagnosed?", FRANCESCO, [3], "2013-10-05 to 2017-04-05"),
    Case(
        "Which antibiotics were prescribed in 2014?", FRANCESCO, ["Azithromycin 250 MG Oral Capsule"], "one"
    ),
    Case("When did she have her first seizure?", BRANDY, ["1925-02-13"], "onset of 128613002"),
    Case("How long did the strep throat last?", BRANDY, [26], "1926-05-07 to 1926-06-02"),
    Case("What was her last A1c?", ADELINA, [7.3], "4548-4 on 2025-12-24"),
    Case("What was the highest LDL ever?", ADELINA, [147.7], "18262-6 on 2024-04-03"),
    Case("And the lowest LDL?", ADELINA, [22.0], "18262-6 on 2017-12-20"),
    Case("LDL in 2019", ADELINA, [142.0], "18262-6 on 2019-12-11"),
    Case("How many times was her A1c checked?", ADELINA, [5], "4548-4, 2017 to 2025"),
    Case("When was her last colonoscopy?", ADELINA, ["2017-11-01"], "one Procedure"),
    Case("When was colon cancer diagnosed?", ADELINA, ["2017-11-22"], "onset of 93761005"),
    Case("Did she have diabetes before colon cancer?", ADELINA, [False], "2017-12-20, 2017-11-22"),
    Case("When did she start insulin?", ADELINA, ["2025-12-24"], "Humulin, one request"),
    Case("How many times has she been admitted to the hospital?", ADELINA, [3], "1984, twice in 2024"),
    Case("How much was billed in 2020?", ADELINA, [500], "four claims of 125"),
    Case("What was her A1c in 1988?", ENID, [7.5], "4548-4 on 1988-06-29"),
    Case("Was her A1c ever above 7.4?", ENID, [True], "7.5 on 1988-06-29"),
    Case("Average HbA1c", ENID, [6.38], "63.8 / 10"),
    Case("When was the C-section?", ENID, ["1976-06-02"], "Cesarean section (procedure)"),
    Case("How many dialysis sessions has she had?", ENID, [119], "Renal dialysis (procedure)"),
    Case("When did dialysis start?", ENID, ["1990-12-29"], "the first of 119"),
    Case("How old was she when diabetes was diagnosed?", ENID, [35], "1947-01-08 to 1982-07-14"),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    source = open_location(str(records()), cache=tmp_path_factory.mktemp("cache"))
    return Assistant(source, model="none")


RIGHT, SERVED = 0.85, 0.95
"""At least so many are answered right, and right or with a reading to choose that is right; none with other values."""


def test_the_values_are_those_of_the_record(assistant: Assistant) -> None:
    answers = {case: assistant.ask(case.patient, case.question, now=case.now) for case in CASES}
    wrong = {case for case, answer in answers.items() if answer.values and not _says(answer.values, case)}
    right = {
        case
        for case, answer in answers.items()
        if answer.outcome != "asked back" and _says(answer.values, case)
    }
    offered = {
        case
        for case, answer in answers.items()
        if any(_says(reading.values, case) for reading in answer.readings)
    }
    shown = [
        (case.question, answers[case].values, answers[case].read_as) for case in CASES if case not in right
    ]
    assert not wrong, shown
    assert (len(right) / len(CASES) >= RIGHT, len(right | offered) / len(CASES) >= SERVED) == (True, True), (
        shown
    )


def _says(values: Sequence[object], case: Case) -> bool:
    return _comparable(values) == _comparable(case.values)


def _comparable(values: Sequence[object]) -> list[object]:
    return sorted((_plain(value) for value in values), key=str)


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain_name(value).casefold()
    return pytest.approx(float(value), rel=CLOSE)  # type: ignore[arg-type]
