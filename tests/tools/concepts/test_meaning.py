"""What people call things, held against recorded names by meaning: a row is a way to call a thing, and its name."""

import random
from pathlib import Path

import numpy as np
import pytest

from tests.tools.names_for_tests import record_of
from tools.calls.catalogue import Call
from tools.calls.program import run
from tools.concepts.meaning import nearest, stretches
from tools.concepts.meaning.names import Called, called
from tools.concepts.meaning.vectors import WEIGHTS, Pieces, Vectors, vectors
from tools.record import PatientRecord
from tools.wording.text import plain_name

HELD = {
    "Condition": (
        "Fracture of clavicle (disorder)", "Fracture of rib (disorder)", "Chronic kidney disease stage 1 (disorder)",
        "Laceration of foot (disorder)", "Childhood asthma (disorder)", "Acute pulmonary embolism (disorder)",
        "Gout (disorder)",
    ),
    "Procedure": (
        "Appendectomy", "Suture open wound", "Colonoscopy", "Plain X-ray of mandible (procedure)",
        "Direct current cardioversion (procedure)",
    ),
    "MedicationRequest": (
        "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet", "Azithromycin 250 MG Oral Tablet",
        "predniSONE 5 MG Oral Tablet",
    ),
    "Observation": (
        "Hemoglobin A1c/Hemoglobin.total in Blood", "Total score [AUDIT-C]", "Specific gravity of Urine by Test strip",
    ),
}  # fmt: skip
RECORD = record_of(**HELD)
CALLED = {
    "broke her collarbone": "Fracture of clavicle (disorder)",
    "clavicle fx": "Fracture of clavicle (disorder)",
    "cracked rib": "Fracture of rib (disorder)",
    "foot lac": "Laceration of foot (disorder)",
    "clot on the lung": "Acute pulmonary embolism (disorder)",
    "asthma as a kid": "Childhood asthma (disorder)",
    "had his appendix out": "Appendectomy",
    "got stitched up": "Suture open wound",
    "jaw film": "Plain X-ray of mandible (procedure)",
    "shocked back into rhythm": "Direct current cardioversion (procedure)",
    "metoprolol slow-release": "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet",
    "azithro": "Azithromycin 250 MG Oral Tablet",
    "alcohol screening score": "Total score [AUDIT-C]",
    "urine spec grav": "Specific gravity of Urine by Test strip",
}
NOT_HELD = ("cataract surgery", "hernia repair", "blood transfusion", "depression", "warfarin", "ferritin")
"""What this record does not hold is near none of its names."""


@pytest.mark.parametrize("way", CALLED)
def test_what_people_call_a_thing_is_nearest_to_its_name(way: str) -> None:
    assert nearest(way, RECORD, tuple(HELD))[0].name == CALLED[way]


@pytest.mark.parametrize("way", NOT_HELD)
def test_what_is_not_held_is_near_nothing(way: str) -> None:
    assert nearest(way, RECORD, tuple(HELD))[0].likeness < 0.6


@pytest.mark.parametrize(
    ("way", "held"),
    [
        ("left hip fracture", "Closed fracture of neck of right femur (disorder)"),
        ("cancer of the prostate", "Benign neoplasm of prostate (disorder)"),
        ("upper GI bleed", "Lower gastrointestinal hemorrhage (disorder)"),
        ("grommets put in, insertion", "Removal of tympanostomy tube (procedure)"),
        ("glandular fever", "Suspected infectious mononucleosis (situation)"),
        ("sarcoid of the lung", "No sarcoidosis of lung (situation)"),
    ],
)
def test_no_name_is_near_that_says_the_opposite_or_only_suspects(way: str, held: str) -> None:
    assert nearest(way, record_of(Condition=(held,)), ("Condition",)) == ()


def test_a_name_with_another_number_is_not_near() -> None:
    assert "stage 1" not in nearest("stage 4 chronic kidney disease", RECORD, ("Condition",))[0].name
    assert nearest("CKD stage 1", RECORD, ("Condition",))[0].name.startswith("Chronic kidney disease stage 1")


@pytest.mark.parametrize("text", ["", "?", "漢字", "zzzzqqq" * 20])
def test_a_text_of_which_nothing_is_known_is_near_nothing(text: str) -> None:
    assert all(near.likeness < 0.6 for near in nearest(text, RECORD, tuple(HELD)))


def test_an_empty_record_has_no_name_near() -> None:
    empty: PatientRecord = record_of()
    assert nearest("gout", empty, ("Condition",)) == ()
    assert list(stretches(["gout"], empty, ("Condition",), frozenset(), 0.5)) == []


def test_stretches_of_a_question_leave_out_the_words_around_a_name() -> None:
    words = ["when", "exactly", "did", "she", "break", "her", "collarbone", "please"]
    found = max(stretches(words, RECORD, ("Condition",), frozenset(), 0.6), key=lambda each: each[2].likeness)
    first, end, near = found
    assert words[first:end] == ["break", "her", "collarbone"]
    assert near.name == "Fracture of clavicle (disorder)"


def test_words_that_are_never_in_a_name_part_it() -> None:
    words = ["collarbone", "fracture"]
    spans = [each[:2] for each in stretches(words, RECORD, ("Condition",), frozenset({1}), 0.1)]
    assert spans == [(0, 1)]


def test_the_vectors_are_those_of_the_names() -> None:
    """Of a sample of what they learned, nearly every way is nearer to its own thing than to 300 others."""
    things = list(called())
    sample = random.Random(2).sample(things, 300)
    names = vectors().of([plain_name(each.name) for each in sample])
    ways = vectors().of([each.ways[-1] for each in sample])
    right = (ways @ names.T).argmax(axis=1) == np.arange(len(sample))
    assert right.mean() >= 0.95


def test_every_thing_has_a_kind_and_ways_and_stands_once() -> None:
    things = list(called())
    assert len({(each.kind, each.name) for each in things}) == len(things) > 1500
    assert all(len(each.ways) >= 3 and all(map(str.strip, each.ways)) for each in things)


def test_the_vectors_are_small() -> None:
    assert WEIGHTS.stat().st_size < 6_000_000


def test_a_line_teaches_a_way(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs what fits the vectors: pip install '.[reader]'")
    from tools.concepts.meaning.fit import fit, save

    pieces = [
        *"abcdefghijklmnopqrstuvwxyz",
        *(f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
        "wonky",
        "hip",
    ]
    known = [Called("problem", name, (name, f"bad {name}")) for name in ("hip", "knee", "toe", "ear", "rib")]
    torch.manual_seed(0)
    begin = torch.nn.functional.normalize(torch.randn(len(pieces), 16), dim=1)

    def likeness(things: list[Called]) -> float:
        file = tmp_path / "weights.npz"
        for _ in range(3):
            save(fit(begin, pieces, things, lambda line: None), pieces, file)
        with np.load(file) as told:
            held = Vectors(pieces, told["numbers"], told["scales"].astype(np.float32))
        one, other = held.of(["wonky", "hip"])
        return float(one @ other)

    taught = [
        Called(each.kind, each.name, (*each.ways, "wonky")) if each.name == "hip" else each for each in known
    ]
    assert likeness(taught) > likeness(known)


def test_a_word_is_cut_into_the_longest_pieces_that_are_known() -> None:
    pieces = Pieces(["tracheo", "##bronch", "##itis", "t", "##r"])
    assert pieces.of_word("tracheobronchitis") == (0, 1, 2)
    assert pieces.of_word("xtr") == (4,)


@pytest.mark.parametrize(
    ("call", "outcome", "note"),
    [
        (Call("find", {"kind": "condition", "concept": "clot on the lung", "give": "exists"}), "no value", "embolism"),
        (Call("measure", {"concept": "urine spec grav"}), "no value", "Specific gravity"),
        (Call("find", {"kind": "condition", "concept": "sarcoidosis", "give": "exists"}), "none recorded", ""),
        (Call("find", {"kind": "condition", "concept": "zorblax", "give": "exists"}), "none recorded", ""),
        (Call("measure", {"concept": "ferritin"}), "none recorded", ""),
    ],
)  # fmt: skip
def test_nothing_is_denied_of_a_name_that_may_be_a_recorded_one(call: Call, outcome: str, note: str) -> None:
    told = run(call, RECORD)
    assert told.outcome == outcome
    assert any(note in each for each in told.notes) or not note
    assert told.values == () or outcome == "none recorded"


def test_what_is_recorded_at_another_time_is_denied_at_this_one() -> None:
    call = Call(
        "find",
        {
            "kind": "medication",
            "concept": "predniSONE 5 MG Oral Tablet",
            "period": "in 1950",
            "give": "exists",
        },
    )
    assert run(call, RECORD).values == (False,)
