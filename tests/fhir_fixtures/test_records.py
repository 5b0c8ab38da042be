"""The shipped records are the patients that their README promises. Read with plain json, not by the tools."""

import gzip
import json
import re
import shutil
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import fhir_fixtures
from fhir_fixtures import REFERENCE_DATE, records
from fhir_fixtures.make import GeneratorError, file_name, find_generator, generate
from fhir_fixtures.recipes import RECIPES

Resource = dict[str, Any]
MEGABYTE = 1024 * 1024
KEPT = {"Patient", "Condition", "AllergyIntolerance", "Encounter", "Procedure"}
"""The kinds that are looked into here; the rest would only fill the memory."""


@lru_cache(maxsize=1)
def patients() -> dict[str, list[Resource]]:
    """The resources of each shipped record that are looked into, by the patient's name."""
    shelves = [resources(path) for path in sorted(records().glob("*"))]
    return {name_of(shelf): shelf for shelf in shelves}


def resources(path: Path) -> list[Resource]:
    bundle = json.loads(gzip.decompress(path.read_bytes()))
    assert bundle["resourceType"] == "Bundle"
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] in KEPT]


def text_of(name: str) -> str:
    """The compact JSON of a patient's record."""
    return gzip.decompress((records() / file_name(name)).read_bytes()).decode()


def size_of(name: str) -> int:
    """How many resources a patient's record holds."""
    return text_of(name).count('"fullUrl":')


def of(shelf: list[Resource], kind: str) -> list[Resource]:
    return [resource for resource in shelf if resource["resourceType"] == kind]


def name_of(shelf: list[Resource]) -> str:
    (patient,) = of(shelf, "Patient")
    return " ".join([*patient["name"][0]["given"], patient["name"][0]["family"]])


def codes(shelf: list[Resource], kind: str) -> set[str]:
    return {coding["code"] for resource in of(shelf, kind) for coding in resource["code"]["coding"]}


def active_problems(shelf: list[Resource]) -> set[str]:
    active = [c for c in of(shelf, "Condition") if c["clinicalStatus"]["coding"][0]["code"] == "active"]
    return codes(active, "Condition")


def classes(shelf: list[Resource]) -> list[str]:
    return [encounter["class"]["code"] for encounter in of(shelf, "Encounter")]


def age(patient: Resource) -> int:
    born = date.fromisoformat(patient["birthDate"])
    end = date.fromisoformat(patient.get("deceasedDateTime", REFERENCE_DATE.isoformat())[:10])
    return end.year - born.year - ((end.month, end.day) < (born.month, born.day))


def test_there_are_nineteen_one_patient_a_file_named_after_the_patient() -> None:
    assert len(patients()) == 19
    assert {path.name for path in records().iterdir()} == {file_name(name) for name in patients()}


def test_the_recipes_are_those_of_the_shipped_patients() -> None:
    assert sorted(recipe.name for recipe in RECIPES) == sorted(patients())


def test_together_they_stay_under_eight_megabytes() -> None:
    assert sum(path.stat().st_size for path in records().iterdir()) < 8 * MEGABYTE


@pytest.mark.parametrize("path", sorted(records().iterdir()), ids=lambda path: path.name)
def test_files_are_compact_and_carry_no_time(path: Path) -> None:
    packed = path.read_bytes()
    text = gzip.decompress(packed)
    assert packed[4:8] == bytes(4), "the time in the gzip header"
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode()


def test_every_reference_leads_somewhere_in_the_same_file() -> None:
    for name in patients():
        there = set(re.findall(r'"fullUrl":"([^"]+)"', text_of(name)))
        named = set(re.findall(r'"reference":"([^"]+)"', text_of(name)))
        assert named - there == set(), name


def test_no_resource_begins_after_the_reference_date() -> None:
    beginning = re.compile(r'"(?:start|effectiveDateTime|onsetDateTime|authoredOn)":"([^"]{10})')
    for name in patients():
        begun = beginning.findall(text_of(name))
        assert max(begun) < REFERENCE_DATE.isoformat(), name


def test_the_readme_tells_who_they_are() -> None:
    readme = Path(fhir_fixtures.__file__).with_name("README.md").read_text(encoding="utf-8")
    told = [
        tuple(cell.strip() for cell in line.split("|")[1:9]) for line in readme.splitlines() if "| " in line
    ]
    assert told[1:] == [row(recipe.name) for recipe in RECIPES]


def row(name: str) -> tuple[str, ...]:
    """What the README's table must say of a patient, as far as the data tell."""
    (patient,) = of(patients()[name], "Patient")
    size = (records() / file_name(name)).stat().st_size
    return (
        name,
        patient["gender"],
        patient["birthDate"],
        patient.get("deceasedDateTime", "")[:10],
        str(age(patient)),
        patient["address"][0]["state"],
        str(size_of(name)),
        f"{size / 1024:.0f} KB",
    )


@dataclass(frozen=True)
class Problem:
    """A diagnosis (SNOMED CT) that the README promises, active at the end of the record."""

    name: str
    code: str
    means: str


PROBLEMS = [
    Problem("Ty Olson", "84757009", "epilepsy"),
    Problem("Brandy Larson", "128613002", "seizure disorder"),
    Problem("Francesco Lueilwitz", "233678006", "childhood asthma"),
    Problem("Aldo Fay", "192127007", "attention deficit disorder"),
    Problem("Eveline O'Keefe", "72892002", "pregnancy"),
    Problem("Lovie Rutherford", "414667000", "spina bifida"),
    Problem("María Cristina Paz", "370143000", "depression"),
    Problem("Rosann Zboncak", "47505003", "post-traumatic stress"),
    Problem("Adelina Maggio", "44054006", "diabetes type 2"),
    Problem("Adelina Maggio", "368581000119106", "diabetic neuropathy"),
    Problem("Adelina Maggio", "195967001", "asthma"),
    Problem("Teodoro Mata", "433144002", "chronic kidney disease stage 3"),
    Problem("Florance McLaughlin", "254837009", "breast cancer"),
    Problem("Florance McLaughlin", "69896004", "rheumatoid arthritis"),
    Problem("Colton Nader", "62479008", "AIDS"),
    Problem("Colton Nader", "128302006", "hepatitis C"),
    Problem("In Ferry", "88805009", "heart failure"),
    Problem("Hiram Cruickshank", "109989006", "myeloma"),
    Problem("Hiram Cruickshank", "49436004", "atrial fibrillation"),
    Problem("Hiram Cruickshank", "26929004", "Alzheimer's disease"),
    Problem("Enid Huel", "44054006", "diabetes type 2"),
    Problem("Enid Huel", "368581000119106", "diabetic neuropathy"),
    Problem("Enid Huel", "46177005", "end-stage renal disease"),
    Problem("Dannielle Jenkins", "1551000119108", "diabetic retinopathy"),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: f"{problem.name}: {problem.means}")
def test_promised_problems_are_active(problem: Problem) -> None:
    assert problem.code in active_problems(patients()[problem.name])


def test_past_problems_are_there_too() -> None:
    assert "93761005" in codes(patients()["Adelina Maggio"], "Condition"), "colon cancer"
    assert "230690007" in codes(patients()["María Cristina Paz"], "Condition"), "stroke"
    assert "840539006" in codes(patients()["Ty Olson"], "Condition"), "COVID-19"


def test_both_sexes_all_ages_the_living_and_the_dead() -> None:
    people = [of(shelf, "Patient")[0] for shelf in patients().values()]
    living = [age(person) for person in people if "deceasedDateTime" not in person]
    assert {person["gender"] for person in people} == {"female", "male"}
    assert sum("deceasedDateTime" in person for person in people) == 5
    assert (min(living), max(living)) == (0, 99)
    assert sum(years < 18 for years in living) == 5


def test_they_live_in_four_states() -> None:
    states = {of(shelf, "Patient")[0]["address"][0]["state"] for shelf in patients().values()}
    assert states == {"California", "Massachusetts", "New York", "Texas"}


def test_records_are_as_small_and_as_large_as_promised() -> None:
    sizes = {name: size_of(name) for name in patients()}
    assert (min(sizes, key=sizes.__getitem__), min(sizes.values())) == ("Hue Gerlach", 5)
    assert (max(sizes, key=sizes.__getitem__), max(sizes.values())) == ("Dannielle Jenkins", 7033)


def test_few_and_many_encounters_of_every_class() -> None:
    assert classes(patients()["Hue Gerlach"]) == []
    assert len(classes(patients()["Víctor Preciado"])) == 58
    assert len(classes(patients()["Florance McLaughlin"])) == 283
    assert classes(patients()["In Ferry"]).count("IMP") == 2
    assert classes(patients()["Lovie Rutherford"]).count("EMER") == 56
    assert classes(patients()["Rosann Zboncak"]).count("VR") == 13
    assert classes(patients()["Dannielle Jenkins"]).count("HH") == 15


def test_allergies_from_none_to_many() -> None:
    assert of(patients()["Víctor Preciado"], "AllergyIntolerance") == []
    assert len(of(patients()["Francesco Lueilwitz"], "AllergyIntolerance")) == 9
    assert "111088007" in codes(patients()["Ty Olson"], "AllergyIntolerance"), "latex"


def test_reasons_for_admission_that_the_readme_names_are_there() -> None:
    admissions = [e for e in of(patients()["María Cristina Paz"], "Encounter") if e["class"]["code"] == "IMP"]
    assert {e["type"][0]["coding"][0]["code"] for e in admissions} == {"56876005"}, "drug rehabilitation"


def test_treatments_that_the_readme_names_were_done() -> None:
    assert "265764009" in codes(patients()["Enid Huel"], "Procedure"), "renal dialysis"
    assert "234336002" in codes(patients()["Hiram Cruickshank"], "Procedure"), "stem cell transplant"
    assert "418824004" in codes(patients()["Adelina Maggio"], "Procedure"), "coronary artery bypass"


@pytest.mark.slow
def test_the_generator_makes_the_same_patient_again() -> None:
    if shutil.which("synthea") is None:
        pytest.skip("the generator is not installed: pip install 'fhir-record-assistant[fixtures]'")
    recipe = RECIPES[1]
    # Compared unpacked: the gzip bytes depend on the build of zlib.
    shipped = gzip.decompress((records() / file_name(recipe.name)).read_bytes())
    assert generate(recipe, find_generator("synthea")) == shipped


def command(folder: Path, script: str) -> str:
    """A stand-in for the generator: a shell script."""
    path = folder / "synthea"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_a_missing_generator_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(GeneratorError) as failure:
        find_generator("none")
    wish = "not found; install it with pip install 'fhir-record-assistant[fixtures]'."
    assert str(failure.value) == f"generator 'none': {wish}"


def test_another_version_of_the_generator_is_refused(tmp_path: Path) -> None:
    other = command(tmp_path, "echo Synthea Python v9.9.9")
    with pytest.raises(
        GeneratorError, match=r"is 'Synthea Python v9\.9\.9', expected 1\.5\.0; install it with"
    ):
        find_generator(other)


def test_another_patient_than_the_recipe_names_is_refused(tmp_path: Path) -> None:
    jane = '{"entry": [{"resource": {"name": [{"given": ["Jane"], "family": "Doe"}]}}]}'
    other = command(tmp_path, f"mkdir fhir && echo '{jane}' > fhir/Jane_Doe.json")
    with pytest.raises(GeneratorError) as failure:
        generate(RECIPES[0], other)
    assert str(failure.value) == "seed 32: the generator made 'Jane Doe', expected 'Hue Gerlach'."
