"""Which recorded names words are linked to, and which words of a question name something."""

from dataclasses import dataclass
from time import process_time

import pytest

from tests.tools.names_for_tests import record_of
from tools.concepts import link, mentions
from tools.concepts.lexicon import lexicon
from tools.concepts.linking import LONGEST
from tools.record import PatientRecord

LABS = (
    "Hemoglobin A1c/Hemoglobin.total in Blood|4548-4",
    "Hemoglobin [Mass/volume] in Blood|718-7",
    "MCH [Entitic mass] by Automated count|785-6",
    "Hemoglobin.gastrointestinal [Presence] in Stool by Immunologic method|57905-2",
    "Glucose [Mass/volume] in Blood|2339-0",
    "Glucose [Mass/volume] in Serum or Plasma|2345-7",
    "Glucose [Presence] in Urine by Test strip|25428-4",
    "Protein [Mass/volume] in Serum or Plasma|2885-2",
    "Protein [Presence] in Urine by Test strip|20454-5",
    "Creatinine [Mass/volume] in Serum or Plasma|2160-0",
    "Creatinine|38483-4",
    "Total Cholesterol|2093-3",
    "Low Density Lipoprotein Cholesterol|18262-6",
    "Cholesterol in HDL [Mass/volume] in Serum or Plasma|2085-9",
    "Triglycerides|2571-8",
    "Urea Nitrogen|6299-2",
    "Platelets [#/volume] in Blood by Automated count|777-3",
    "Platelet mean volume [Entitic volume] in Blood by Automated count|32623-1",
    "Blood Pressure|55284-4",
    "Systolic Blood Pressure|8480-6",
    "Diastolic Blood Pressure|8462-4",
    "Body Weight|29463-7",
    "Lactate [Moles/volume] in Blood|32693-4",
)
PROBLEMS = (
    "Hypertension|38341003",
    "Diabetes mellitus type 2 (disorder)|44054006",
    "Neuropathy due to type 2 diabetes mellitus (disorder)|368581000119106",
    "Prediabetes|15777000",
    "Sinusitis (disorder)|36971009",
    "Viral sinusitis (disorder)|444814009",
    "Chronic sinusitis (disorder)|40055000",
    "Myocardial Infarction|22298006",
    "History of myocardial infarction (situation)|399211009",
    "History of appendectomy|428251008",
    "Suspected lung cancer (situation)|162573006",
    "Polyp of colon|68496003",
    "Osteoarthritis of knee|239873007",
    "Sprain of ankle|44465007",
    "Fracture of forearm|65966004",
    "Hyperglycemia (disorder)|80394007",
    "Streptococcal sore throat (disorder)|43878008",
    "Otitis media|65363002",
    "Chronic kidney disease stage 3 (disorder)|433144002",
    "Alzheimer's disease (disorder)|26929004",
)
DRUGS = (
    "Simvistatin 10 MG|316672",
    "Simvastatin 20 MG Oral Tablet|312961",
    "Lasix 40mg|315971",
    "Hydrochlorothiazide 25 MG|316049",
    "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet|860975",
    "Amoxicillin 250 MG Oral Capsule|308182",
    "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet|562251",
    "Acetaminophen 325 MG Oral Tablet|313782",
    "NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector|1870230",
    "predniSONE 5 MG Oral Tablet|312617",
    "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]|866414",
    "Mirena 52 MG Intrauterine System|807283",
    "Kyleena 19.5 MG Intrauterine System|1856546",
    "Camila 28 Day Pack|748962",
)
OTHERS: dict[str, tuple[str, ...]] = {
    "Procedure": (
        "Colonoscopy|73761001",
        "Documentation of current medications|428191000124101",
        "Excision of appendix (procedure)|80146002",
        "Plain X-ray of chest (procedure)|399208008",
        "Blood typing, RH typing|44608003",
        "Suture open wound|288086009",
        "Subcutaneous immunotherapy|180256009",
        "Asthma screening|171231001",
    ),
    "Immunization": (
        "Influenza, seasonal, injectable, preservative free|140",
        "Td (adult) preservative free|113",
        "Hep B, adult|43",
        "zoster vaccine, live|121",
        "Hib (PRP-OMP)|49",
    ),
    "AllergyIntolerance": (
        "Allergy to mould|419474003",
        "Peanut (substance)|762952008",
        "Lisinopril|29046",
        "Aspirin|1191",
        "Glycine max (substance)|256355007",
    ),
    "DiagnosticReport": ("Lipid Panel|57698-3", "Basic metabolic panel - Blood|51990-0"),
    "CarePlan": ("Diabetes self management plan|698360004", "Care Plan|734163000"),
    "Goal": ("Glucose [Mass/volume] in Blood < 108|",),
}
TYPES = ("Condition", "Observation", "MedicationRequest", *OTHERS)


@pytest.fixture(scope="module")
def record() -> PatientRecord:
    return record_of(Condition=PROBLEMS, Observation=LABS, MedicationRequest=DRUGS, **OTHERS)


LINKED = [
    ("Observation", "A1c", "Hemoglobin A1c/Hemoglobin.total in Blood"),
    ("Observation", "glycated haemoglobin level", "Hemoglobin A1c/Hemoglobin.total in Blood"),
    ("Observation", "hemoglobin", "Hemoglobin [Mass/volume] in Blood"),
    (
        "Observation",
        "blood in stool",
        "Hemoglobin.gastrointestinal [Presence] in Stool by Immunologic method",
    ),
    ("Observation", "protein", "Protein [Mass/volume] in Serum or Plasma"),
    ("Observation", "protein in urine", "Protein [Presence] in Urine by Test strip"),
    ("Observation", "cholesterol", "Total Cholesterol"),
    ("Observation", "bad cholesterol", "Low Density Lipoprotein Cholesterol"),
    ("Observation", "good cholesterol", "Cholesterol in HDL [Mass/volume] in Serum or Plasma"),
    ("Observation", "BUN", "Urea Nitrogen"),
    ("Observation", "platelet count", "Platelets [#/volume] in Blood by Automated count"),
    ("Observation", "blood pressure", "Blood Pressure"),
    ("Observation", "BP", "Blood Pressure"),
    ("Observation", "top number", "Systolic Blood Pressure"),
    ("Observation", "serum triglyceride level", "Triglycerides"),
    ("Observation", "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"),
    ("Observation", "LOINC 4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"),
    ("Observation", "HbA1c (glycated hemoglobin)", "Hemoglobin A1c/Hemoglobin.total in Blood"),
    ("Condition", "sinusitis", "Sinusitis"),
    ("Condition", "high blood pressure", "Hypertension"),
    ("Condition", "T2DM", "Diabetes mellitus type 2"),
    ("Condition", "type 2 diabetes", "Diabetes mellitus type 2"),
    ("Condition", "44054006", "Diabetes mellitus type 2"),
    ("Condition", "diabetic neuropathy", "Neuropathy due to type 2 diabetes mellitus"),
    ("Condition", "heart attack", "Myocardial Infarction"),
    ("Condition", "history of heart attack", "History of myocardial infarction"),
    ("Condition", "history of appendectomy", "History of appendectomy"),
    ("Condition", "history of hypertension", "Hypertension"),
    ("Condition", "colon polyp", "Polyp of colon"),
    ("Condition", "knee arthritis", "Osteoarthritis of knee"),
    ("Condition", "sprained ankle", "Sprain of ankle"),
    ("Condition", "broken arm", "Fracture of forearm"),
    ("Condition", "strep throat", "Streptococcal sore throat"),
    ("Condition", "ear infections", "Otitis media"),
    ("Condition", "stage 3 CKD", "Chronic kidney disease stage 3"),
    ("Condition", "Alzheimers", "Alzheimer's disease"),
    ("MedicationRequest", "Glucophage", "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"),
    ("MedicationRequest", "paracetamol", "Acetaminophen 325 MG Oral Tablet"),
    ("MedicationRequest", "EpiPen", "NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector"),
    ("MedicationRequest", "Lasix 40 mg", "Lasix 40mg"),
    ("MedicationRequest", "furosemide", "Lasix 40mg"),
    ("MedicationRequest", "Mirena", "Mirena 52 MG Intrauterine System"),
    ("MedicationRequest", "Augmentin", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"),
    ("MedicationRequest", "beta blocker", DRUGS[10].partition("|")[0]),
    ("Procedure", "Documentation of current medications procedure", "Documentation of current medications"),
    ("Procedure", "appendectomy", "Excision of appendix"),
    ("Procedure", "CXR", "Plain X-ray of chest"),
    ("Procedure", "chest xray", "Plain X-ray of chest"),
    ("Procedure", "stitches", "Suture open wound"),
    ("Procedure", "allergy shots", "Subcutaneous immunotherapy"),
    ("Immunization", "flu shot", "Influenza, seasonal, injectable, preservative free"),
    ("Immunization", "tetanus shot", "Td (adult) preservative free"),
    ("Immunization", "shingles vaccine", "zoster vaccine, live"),
    ("Immunization", "hepatitis B", "Hep B, adult"),
    ("AllergyIntolerance", "peanuts", "Peanut"),
    ("AllergyIntolerance", "peanut allergy", "Peanut"),
    ("AllergyIntolerance", "mold", "Allergy to mould"),
    ("AllergyIntolerance", "soy", "Glycine max"),
    ("AllergyIntolerance", "ACE inhibitors", "Lisinopril"),
    ("CarePlan", "diabetes", "Diabetes self management plan"),
    ("Goal", "blood sugar", "Glucose [Mass/volume] in Blood < 108"),
]


@pytest.mark.parametrize(("kind", "text", "label"), LINKED, ids=lambda value: str(value)[:40])
def test_words_mean_what_the_record_calls_it(record: PatientRecord, kind: str, text: str, label: str) -> None:
    assert [reading.label for reading in link(text, record, (kind,))] == [label]


SEVERAL = [
    ("Observation", "sugar", {"2339-0", "2345-7"}),
    ("Observation", "creatinine", {"38483-4", "2160-0"}),
    ("Observation", "lipid panel", {"2093-3", "18262-6", "2085-9", "2571-8"}),
    ("Observation", "kidney function", {"2160-0", "38483-4", "6299-2"}),
    ("Condition", "sinus infection", {"36971009", "444814009", "40055000"}),
    ("MedicationRequest", "simvastatin", {"316672", "312961"}),
    ("MedicationRequest", "statin", {"316672", "312961"}),
    ("MedicationRequest", "water pill", {"315971", "316049"}),
    ("MedicationRequest", "amoxicillin", {"308182", "562251"}),
    ("MedicationRequest", "IUD", {"807283", "1856546"}),
    ("MedicationRequest", "birth control", {"807283", "1856546", "748962"}),
]


@pytest.mark.parametrize(
    ("kind", "text", "codes"),
    SEVERAL,
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} codes",
)
def test_one_thing_under_several_names_is_one_reading(
    record: PatientRecord, kind: str, text: str, codes: set[str]
) -> None:
    (reading,) = link(text, record, (kind,))
    assert {code for term in reading.terms for code in term.codes} == codes


NOTHING = [
    ("Observation", "INR"),
    ("Observation", "troponin"),
    ("Observation", "vitamin D level"),
    ("Observation", "hematocrit"),
    ("Observation", "lactase"),
    ("Observation", "oxygen saturation"),
    ("Condition", "lupus"),
    ("Condition", "appendicitis"),
    ("Condition", "hypotension"),
    ("Condition", "hypoglycemia"),
    ("Condition", "family history of diabetes"),
    ("Condition", "stroke"),
    ("MedicationRequest", "prednisolone"),
    ("MedicationRequest", "metoclopramide"),
    ("MedicationRequest", "warfarin"),
    ("MedicationRequest", "opioids"),
    ("MedicationRequest", "Amoxicillin 500 MG"),
    ("MedicationRequest", "oral tablet"),
    ("Procedure", "tonsillectomy"),
    ("Procedure", "current"),
    ("Immunization", "covid vaccine"),
    ("AllergyIntolerance", "shellfish"),
    ("Condition", ""),
    ("Condition", "?!"),
    ("Condition", "the"),
    ("Device", "pacemaker"),
]


@pytest.mark.parametrize(("kind", "text"), NOTHING, ids=lambda value: str(value)[:40])
def test_what_is_not_recorded_is_not_offered(record: PatientRecord, kind: str, text: str) -> None:
    assert link(text, record, (kind,)) == ()


MISSPELT = [
    ("Condition", "hypertention", "Hypertension"),
    ("Condition", "diabetis", "Diabetes mellitus type 2"),
    ("Procedure", "colonscopy", "Colonoscopy"),
    ("MedicationRequest", "metfromin", "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"),
    ("MedicationRequest", "acetominophen", "Acetaminophen 325 MG Oral Tablet"),
    ("Observation", "colestorol", "Total Cholesterol"),
    ("Observation", "tryglicerides", "Triglycerides"),
]


@pytest.mark.parametrize(("kind", "text", "label"), MISSPELT)
def test_a_slip_of_the_pen_is_forgiven(record: PatientRecord, kind: str, text: str, label: str) -> None:
    best = link(text, record, (kind,))[0]
    assert (best.label, best.how) == (label, "misspelling")


def test_the_record_may_misspell_too() -> None:
    record = record_of(MedicationRequest="Atorvistatin 10 MG")
    assert [r.label for r in link("atorvastatin", record, ("MedicationRequest",))] == ["Atorvistatin 10 MG"]


def test_every_recorded_name_means_itself_alone(record: PatientRecord) -> None:
    for kind in TYPES:
        for term in record.terms(kind):
            (reading,) = link(term.display, record, (kind,))
            assert reading.how == "name"
            assert term in reading.terms
            assert len(reading.terms) == (2 if term.display == "Creatinine" else 1)


def test_what_is_only_told_of_counts_less_than_the_thing() -> None:
    record = record_of(Condition="History of myocardial infarction (situation)")
    (reading,) = link("myocardial infarction", record, ("Condition",))
    assert (reading.label, reading.score < 0.6) == ("History of myocardial infarction", True)


def test_a_word_in_several_names_without_a_name_of_its_own_means_them_all() -> None:
    record = record_of(Condition=("Viral gastritis (disorder)", "Chronic gastritis (disorder)"))
    (reading,) = link("gastritis", record, ("Condition",))
    assert reading.label == "gastritis: Viral gastritis, Chronic gastritis"
    assert [entry.reference for entry in reading.entries] == [
        "Condition/condition-0",
        "Condition/condition-1",
    ]


def test_different_tests_that_share_a_word_are_different_readings() -> None:
    record = record_of(Observation=("Cat dander IgE Ab in Serum|6833-8", "Peanut IgE Ab in Serum|6206-7"))
    assert len(link("ab in serum ige", record, ("Observation",))) == 2


def test_a_panel_is_also_the_report_where_reports_are_asked_for(record: PatientRecord) -> None:
    readings = link("lipid panel", record, ("Observation", "DiagnosticReport"))
    assert [(r.kind, r.label, r.how) for r in readings] == [
        ("DiagnosticReport", "Lipid Panel", "name"),
        ("Observation", "lipid panel", "panel"),
    ]


@dataclass(frozen=True)
class Case:
    question: str
    names: dict[str, bool]


QUESTIONS = [
    Case("When was the last HbA1c before her flu shot?", {"HbA1c": True, "flu shot": True}),
    Case("Which medications is he taking for high blood pressure?", {"high blood pressure": True}),
    Case("Did she take metfromin or warfarin?", {"metfromin": True, "warfarin": False}),
    Case("How often was Acetaminophen 325 MG Oral Tablet prescribed?", {DRUGS[7].partition("|")[0]: True}),
    Case("Is NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector active?", {DRUGS[8].partition("|")[0]: True}),
    Case("Since 2015, any Blood typing, RH typing?", {"Blood typing, RH typing": True}),
    Case("was a documentation of current medications done", {"documentation of current medications": True}),
    Case("Was Hib (PRP-OMP) given?", {"Hib (PRP-OMP)": True}),
    Case(
        "Was viral sinusitis diagnosed before otitis media?", {"viral sinusitis": True, "otitis media": True}
    ),
    Case("Show the trend of kidney function", {"kidney function": True}),
    Case("Any history of heart attack or stroke?", {"heart attack": True, "stroke": False}),
    Case("What is the highest weight on record?", {"weight": True}),
    Case("Is the patient's LDL cholesterol below 100?", {"LDL cholesterol": True}),
    Case("Does it fit?", {}),
    Case("What is the INR?", {"INR": False}),
    Case("What was the first test and its level?", {}),
    Case("List the current medications", {}),
    Case("How old is the patient at this time?", {}),
    Case("When was the last documentation?", {}),
    Case("What care plans are there?", {}),
    Case("When did the patient last visit the emergency room?", {}),
    Case("", {}),
]


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case.question[:40])
def test_mentions(record: PatientRecord, case: Case) -> None:
    found = mentions(case.question, record, TYPES)
    assert {mention.text: mention.recorded for mention in found} == case.names
    assert all(case.question[mention.start : mention.end] == mention.text for mention in found)


def test_a_mention_says_what_it_can_be_the_recorded_first(record: PatientRecord) -> None:
    (mention,) = mentions("Is she allergic to aspirin?", record, ("MedicationRequest", "AllergyIntolerance"))
    assert mention.kinds == ("AllergyIntolerance", "MedicationRequest")


def test_only_the_types_asked_for_are_searched(record: PatientRecord) -> None:
    assert link("colonoscopy", record, ("Condition",)) == ()
    assert mentions("When was the colonoscopy?", record, ("Condition",)) == ()


def test_a_record_under_another_clock_is_linked_anew() -> None:
    record = record_of(Condition=("Asthma", "Gout"))
    earlier = record.as_of(record.now.replace(year=2010))
    assert link("gout", record, ("Condition",)) != ()
    assert link("gout", earlier, ("Condition",)) == ()


def test_an_enormous_question_is_read_in_good_time(record: PatientRecord) -> None:
    begun = process_time()
    mentions("sugar and spice " * 2000, record, TYPES)
    assert process_time() - begun < 5


def test_a_name_of_more_words_than_anyone_says_is_found_by_all_of_them_alone() -> None:
    numbered = [f"part{letter}{other}" for letter in "abcdef" for other in "abcdefgh"]
    name = " ".join(numbered)
    record = record_of(Condition=(name, "Gout"))
    (reading,) = link(f"the {name}", record, ("Condition",))
    assert (len(numbered) > LONGEST, reading.label, reading.how) == (True, name, "name")
    assert [m.text for m in mentions(f"When was {name} found?", record, ("Condition",))] == [name]
    assert link(" ".join(numbered[:-1]), record, ("Condition",)) == ()


def test_every_word_list_of_the_lexicon_is_filled() -> None:
    book = lexicon()
    assert all(book.lists.values())
    assert book.never
    assert book.shouted
    assert book.confusable
