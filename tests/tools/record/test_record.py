import gc
import weakref
from datetime import date

import pytest

from tests.builders import observation, patient, patient_record
from tools.concepts import link
from tools.periods import resolve
from tools.record import PatientRecord
from tools.record.collecting import uncollected
from tools.record.scope import Scope

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


LOCAL_DAYS = [
    ("2020-01-01", True),
    ("2020-01-02", False),
    ("2020-01", True),
    ("2020-02", False),
    ("2019-12", True),
    ("2020-01-01T23:59:00-12:00", True),
    ("2020-01-02T00:01:00+14:00", False),
    ("2020-01-02T00:01:00Z", False),
]


@pytest.mark.parametrize(("when", "counts"), LOCAL_DAYS)
def test_what_starts_after_the_clocks_day_is_told_by_its_local_day(when: str, counts: bool) -> None:
    around = [
        observation("before", when="2020-01-01T12:00:00Z"),
        observation("after", when="2020-01-02T12:00:00Z"),
    ]
    record = patient_record(patient(), *around, observation("it", when=when)).as_of(date(2020, 1, 1))
    assert {entry.reference for entry in record.entries("Observation")} >= {"Observation/before"}
    assert ("Observation/it" in {entry.reference for entry in record.entries("Observation")}) is counts
    assert ("Observation/it" in {entry.reference for entry in record.set_aside("Observation")}) is not counts


def _number(record: PatientRecord, kind: str) -> int:
    MADE.append(kind)
    if not record.entries(kind):
        raise LookupError(kind)
    return len(record.entries(kind))


MADE: list[str] = []
"""What `_number` was asked for."""


def test_what_is_made_of_a_record_is_made_once_for_each_clock_and_scope(record: PatientRecord) -> None:
    MADE.clear()
    views = [record.as_of(date(2020, 1, 1)), record.as_of(date(2021, 7, 1)), record.not_counted()]
    views.append(record.as_of(date(2021, 7, 1)).within(Scope.of(until="2019-12-31")))
    assert [view.once(_number, "Observation") for view in views * 2] == [1, 2, 1, 1] * 2
    assert len(MADE) == len(views)


def test_what_could_not_be_made_is_tried_again(record: PatientRecord) -> None:
    MADE.clear()
    for _ in range(2):
        with pytest.raises(LookupError):
            record.once(_number, "Procedure")
    assert len(MADE) == 2


def test_not_everything_that_was_made_is_kept(record: PatientRecord) -> None:
    def same(record: PatientRecord, number: int) -> int:
        return number

    assert [record.once(same, number) for number in range(3000)] == list(range(3000))
    assert len(record._made) <= 1024


def test_a_record_is_gone_when_nobody_uses_it() -> None:
    record = patient_record(patient(), *RESULTS)
    used = weakref.ref(record)
    assert record.as_of(date(2020, 1, 1)).entries("Observation")
    assert link("HbA1c", record, ("Observation",))
    assert resolve("since the first HbA1c", record)
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
