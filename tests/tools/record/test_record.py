import gc
import weakref
from datetime import date

import pytest

from tests.builders import observation, patient, patient_record
from tools.record import PatientRecord
from tools.record.collecting import uncollected

RESULTS = (
    observation("early", when="2018-05-02"),
    observation("late", when="2021-03-04"),
    observation("wrong", when="2019-01-01", status="entered-in-error"),
)


@pytest.fixture
def record() -> PatientRecord:
    return patient_record(patient(), *RESULTS)


CLOCKS = [
    (date(2018, 1, 1), 0, None),
    (date(2020, 1, 1), 1, ("2018-05-02", "2018-05-02")),
    (date(2021, 7, 1), 2, ("2018-05-02", "2021-03-04")),
]


def test_each_clock_counts_what_lies_before_it_in_any_order_of_asking(record: PatientRecord) -> None:
    for day, searched, span in (*CLOCKS, *reversed(CLOCKS)):
        (cover,) = record.as_of(day).coverage("Observation")
        assert (cover.searched, cover.span) == (searched, span)
        assert len(record.as_of(day).set_aside("Observation")) == len(RESULTS) - searched


def test_what_was_set_aside_is_told_with_its_reason(record: PatientRecord) -> None:
    (cover,) = record.as_of(date(2020, 1, 1)).coverage("Observation")
    assert set(cover.problems) == {"1 not counted: entered-in-error", "1 not counted: after 2020-01-01"}


def test_the_same_clock_gives_the_same_record_so_that_nothing_is_worked_out_twice(
    record: PatientRecord,
) -> None:
    day = date(2020, 1, 1)
    assert record.as_of(day) is record.as_of(day)
    assert record.as_of(record.now) is record


def test_a_record_is_gone_when_nobody_uses_it() -> None:
    record = patient_record(patient(), *RESULTS)
    used = weakref.ref(record)
    assert record.as_of(date(2020, 1, 1)).entries("Observation")
    gc.disable()
    del record
    gc.enable()
    assert used() is None


def test_the_collector_runs_again_once_the_last_has_left() -> None:
    with uncollected(), uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_many_clocks_are_not_all_kept(record: PatientRecord) -> None:
    for year in range(1990, 2020):
        assert record.as_of(date(year, 1, 1)).now == date(year, 1, 1)
    assert len(record._views) <= 8
