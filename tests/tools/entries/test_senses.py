"""What a recorded name says of the thing that it names: a table of names, and of names that only look so."""

import pytest

from tests.builders import SNOMED, Resource, condition, immunization, medication_request
from tools.entries import Coding, parse
from tools.entries.senses import allergen_of, sense_of
from tools.wording.text import normal

NAMES = [
    ("No history of myocardial infarction", "negated", "myocardial infarction"),
    ("Family history of ischaemic heart disease", "family history", "ischaemic heart disease"),
    ("No family history of colorectal cancer", "no family history", "colorectal cancer"),
    ("FH: Hypertension", "family history", "Hypertension"),
    ("Father had prostate cancer", "family history", "prostate cancer"),
    ("Maternal history of gestational diabetes", "family history", "gestational diabetes"),
    ("Paternal aunt with breast cancer", "family history", "breast cancer"),
    ("Family history unknown", "no information", "family history"),
    ("Absence of fever", "negated", "fever"),
    ("Absent breath sounds", "", ""),
    ("Absence of menstruation", "", ""),
    ("Congenital absence of kidney", "", ""),
    ("Acquired absence of left breast", "", ""),
    ("No evidence of recurrent tumour", "negated", "recurrent tumour"),
    ("No suicidal ideation", "negated", "suicidal ideation"),
    ("Denies chest pain", "negated", "chest pain"),
    ("Tuberculosis ruled out", "negated", "Tuberculosis"),
    ("Rule out deep vein thrombosis", "suspected", "deep vein thrombosis"),
    ("R/O sepsis", "suspected", "sepsis"),
    ("Suspected deep vein thrombosis", "suspected", "deep vein thrombosis"),
    ("Possible stroke", "suspected", "stroke"),
    ("Probable Alzheimer's disease", "suspected", "Alzheimer's disease"),
    ("Query appendicitis", "suspected", "appendicitis"),
    ("? pneumonia", "suspected", "pneumonia"),
    ("Fear of heart attack", "feared", "heart attack"),
    ("Fear of falling", "feared", "falling"),
    ("Worried about having cancer", "feared", "cancer"),
    ("At risk for diabetes mellitus", "at risk", "diabetes mellitus"),
    ("At increased risk of osteoporosis", "at risk", "osteoporosis"),
    ("Suicide risk", "at risk", "Suicide"),
    ("High risk pregnancy", "", ""),
    ("Screening for colon cancer", "screening", "colon cancer"),
    (
        "Encounter for screening mammogram for malignant neoplasm of breast",
        "screening",
        "malignant neoplasm of breast",
    ),
    ("Exposure to Mycobacterium tuberculosis", "exposure", "Mycobacterium tuberculosis"),
    ("Contact with and (suspected) exposure to COVID-19", "exposure", "COVID-19"),
    ("History of stroke", "history", "stroke"),
    ("Personal history of malignant melanoma", "history", "malignant melanoma"),
    ("H/O: asthma", "history", "asthma"),
    ("Status post appendectomy", "history", "appendectomy"),
    ("S/P coronary artery bypass graft", "history", "coronary artery bypass graft"),
    ("Influenza vaccination declined", "declined", "Influenza vaccination"),
    ("Patient refused blood transfusion", "declined", "blood transfusion"),
    ("Colonoscopy not done", "not done", "Colonoscopy"),
    ("No known allergies", "none known", ""),
    ("No known food allergies", "none known", "food"),
    ("NKDA", "none known", "drug"),
    ("No known problems", "none known", ""),
    ("No information about medications", "no information", ""),
    ("Unable to assess allergies", "no information", ""),
    ("Kein Anhalt für Malignität", "negated", "Malignität"),
    ("V.a. Lungenembolie", "suspected", "Lungenembolie"),
    ("Z.n. Myokardinfarkt", "history", "Myokardinfarkt"),
    ("Ausschluss Thrombose", "negated", "Thrombose"),
    ("Geen koorts", "negated", "koorts"),
    ("Pas de diabète", "negated", "diabète"),
    ("Antécédents familiaux de cancer du sein", "family history", "cancer du sein"),
    ("Nocardia infection", "", ""),
    ("Nondisplaced fracture of femur", "", ""),
    ("Noonan syndrome", "", ""),
    ("Non-Hodgkin lymphoma", "", ""),
    ("Not in labor force", "", ""),
    ("Familial hypercholesterolemia", "", ""),
    ("Family disruption", "", ""),
    ("Fetal exposure to alcohol", "", ""),
    ("Unknown primary malignant neoplasm", "", ""),
    ("Possibly harmful entity", "", ""),
    ("Screening mammography", "", ""),
    ("No longer able to work", "", ""),
    ("Nonrheumatic mitral valve disorder", "", ""),
    (
        "Family history of malignant neoplasm of digestive organs",
        "family history",
        "malignant neoplasm of digestive organs",
    ),
    ("Family history: Coronary heart disease", "family history", "Coronary heart disease"),
    ("FH: Stroke in first degree relative", "family history", "Stroke"),
    ("Hypertension in mother", "family history", "Hypertension"),
    ("No FH: Diabetes mellitus", "no family history", "Diabetes mellitus"),
    ("Personal history of (healed) traumatic fracture", "history", "healed) traumatic fracture"),
    ("Old myocardial infarction", "", ""),
    ("Person with feared health complaint in whom no diagnosis is made", "", ""),
    ("Encounter for screening for malignant neoplasm of colon", "screening", "malignant neoplasm of colon"),
    ("Contact with and exposure to viral hepatitis", "exposure", "viral hepatitis"),
    ("No abnormality detected", "none known", ""),
    ("Not pregnant", "negated", "pregnancy"),
    ("No allergies", "none known", ""),
    ("No known history of drug allergy", "none known", "drug"),
    ("Denies alcohol use", "negated", "alcohol use"),
    ("Negative for melanoma", "negated", "melanoma"),
    ("No significant past medical history", "none known", ""),
    ("Influenza vaccine refused", "declined", "Influenza vaccine"),
    ("Patient refuses hospital admission", "declined", "hospital admission"),
    ("Penicillin allergy ruled out", "negated", "Penicillin allergy"),
    ("Absent kidney", "", ""),
    ("Absence of vas deferens", "", ""),
    ("Absent reflexes", "", ""),
    ("No transport available", "", ""),
    ("Nonketotic hyperglycinemia", "", ""),
    ("Possible exposure to rabies", "exposure", "rabies"),
    ("Suspected victim of child abuse", "", ""),
    ("At risk of pressure ulcer", "at risk", "pressure ulcer"),
    ("Increased risk of cardiovascular disease", "at risk", "cardiovascular disease"),
    ("Family planning", "", ""),
    ("Family history of sudden cardiac death", "family history", "sudden cardiac death"),
    ("History of hysterectomy", "history", "hysterectomy"),
    ("Post-traumatic stress disorder", "", ""),
    ("Fear of dying", "feared", "dying"),
    ("Phobia of spiders", "", ""),
    ("Unknown allergies", "no information", ""),
    ("Allergies not on file", "no information", ""),
    ("Medikamente: keine bekannt", "none known", ""),
    ("Keine Allergien bekannt", "none known", ""),
    ("Verdacht auf Lungenentzündung", "suspected", "Lungenentzündung"),
    ("Zustand nach Apoplex", "history", "Apoplex"),
    ("Geen allergieën bekend", "none known", ""),
    ("Suspicion de tuberculose", "suspected", "tuberculose"),
    ("Aucune allergie connue", "none known", ""),
    ("Absence d'anémie", "negated", "anémie"),
    ("Pas d'antécédents familiaux de diabète", "no family history", "diabète"),
]


@pytest.mark.parametrize(("name", "how", "thing"), NAMES, ids=lambda x: x)
def test_a_name_says_what_it_makes_of_the_thing(name: str, how: str, thing: str) -> None:
    sense = sense_of(name, ())

    assert (sense and sense.how or "", sense and sense.thing or "") == (how, normal(thing))


IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
CODED = [
    ("", Coding(IPS, "no-known-medications"), "none known", ""),
    ("", Coding(IPS, "no-allergy-info"), "no information", ""),
    ("", Coding(SNOMED, "409137002"), "none known", "drug"),
    ("No diabetes", Coding(SNOMED, "373572006", "Clinical finding absent"), "negated", "diabetes"),
    ("Asthma", Coding(SNOMED, "160377001", "Family history of asthma"), "family history", "asthma"),
]


@pytest.mark.parametrize(("name", "coding", "how", "thing"), CODED, ids=lambda x: str(x)[:30])
def test_a_code_says_it_too(name: str, coding: Coding, how: str, thing: str) -> None:
    sense = sense_of(name, (coding,))

    assert sense is not None
    assert (sense.how, sense.thing) == (how, thing)


def test_the_german_mark_of_certainty_is_read() -> None:
    marks = {"G": "", "V": "suspected", "A": "negated", "Z": "history"}
    for mark, how in marks.items():
        url = "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit"
        extension = [{"url": url, "valueCoding": {"code": mark}}]
        code = {"coding": [{"code": "I26.9", "extension": extension}], "text": "Lungenembolie"}
        sense = parse({**condition("c"), "code": code}).sense

        assert (sense.how if sense else "") == how


VOID = [
    (condition("c", "No history of stroke"), "negated"),
    (condition("c", "Family history of stroke"), "family history"),
    (condition("c", "At risk of falling"), ""),
    (condition("c", "Influenza vaccination declined"), ""),
    (immunization("i", "Influenza vaccination declined"), "declined"),
    (immunization("i", isSubpotent=True), "subpotent"),
    (medication_request("m", doNotPerform=True), "do not perform"),
    (medication_request("m", intent="option"), "option"),
    ({"resourceType": "ServiceRequest", "id": "s", "intent": "proposal"}, "proposed"),
    ({"resourceType": "DeviceRequest", "id": "s", "intent": "plan"}, "planned"),
    ({"resourceType": "CarePlan", "id": "s", "intent": "plan"}, ""),
    (
        condition("c", modifierExtension=[{"url": "http://example.org/negated", "valueBoolean": True}]),
        "its meaning is changed by a modifier extension that is not known: negated",
    ),
    (
        medication_request("m", implicitRules="http://example.org/rules"),
        "its meaning is changed by implicit rules that are not known: rules",
    ),
]


@pytest.mark.parametrize(("resource", "void"), VOID, ids=lambda x: x if isinstance(x, str) else "")
def test_what_is_not_so_is_set_aside(resource: Resource, void: str) -> None:
    assert parse(resource).void == void


ALLERGIES = [
    ("Allergy to penicillin (finding)", "penicillin"),
    ("Peanut allergy", "peanut"),
    ("Allergy status to penicillin", "penicillin"),
    ("Penicillinallergie", ""),
    ("Allergie gegen Penicillin", "penicillin"),
    ("Seasonal allergic rhinitis", ""),
    ("Allergic asthma", ""),
]


@pytest.mark.parametrize(("name", "allergen"), ALLERGIES, ids=lambda x: x)
def test_an_allergy_among_the_problems_names_its_allergen(name: str, allergen: str) -> None:
    assert allergen_of(name) == allergen
