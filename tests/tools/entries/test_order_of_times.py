"""The order of times: a day without a time among times of day, in every zone and when clocks change."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import permutations, product
from random import Random

import pytest

from tools.entries.times import When, parse_when


def when(text: str) -> When:
    read = parse_when(text)
    assert read
    return read


IN_ORDER = [
    ("an evening west of Greenwich", ["2024-03-01T23:30:00-05:00", "2024-03-02"]),
    ("a morning east of Greenwich", ["2024-03-02", "2024-03-03T00:30:00+09:00"]),
    ("a month before its days", ["2024-03", "2024-03-02"]),
    ("instants of two zones, whatever their days", ["2024-03-02T00:30:00Z", "2024-03-01T23:30:00-05:00"]),
    ("the hour that is there twice", ["2024-11-03T01:30:00-04:00", "2024-11-03T01:10:00-05:00"]),
    ("the hour that is not there", ["2024-03-10T01:59:00-05:00", "2024-03-10T03:01:00-04:00"]),
]


@pytest.mark.parametrize(("id", "texts"), IN_ORDER, ids=[row[0] for row in IN_ORDER])
def test_in_order(id: str, texts: list[str]) -> None:
    for mixed in permutations(map(when, texts)):
        assert [each.text for each in sorted(mixed)] == texts


@pytest.mark.parametrize("hours", range(-11, 14))
def test_a_day_lies_between_the_days_beside_it_in_every_zone(hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    day = when("2024-03-02")
    before = datetime(2024, 3, 1, 23, 59, 59, tzinfo=zone)
    after = datetime(2024, 3, 3, 0, 1, tzinfo=zone)

    assert when(before.isoformat()) < day < when(after.isoformat())


def test_what_is_surely_before_is_sorted_before() -> None:
    chance = Random(14)
    zones = [timezone(timedelta(hours=hours)) for hours in (-8, -5, 0, 2, 10)]
    begin = datetime(2024, 2, 27, tzinfo=UTC)
    times = [
        when((begin + timedelta(minutes=chance.randrange(8000))).astimezone(chance.choice(zones)).isoformat())
        for _ in range(60)
    ]
    days = [when((date(2024, 2, 26) + timedelta(days=n)).isoformat()) for n in range(8)]

    for one, other in product([*times, *days], repeat=2):
        if one.before(other):
            assert one < other
