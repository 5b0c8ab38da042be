"""A reader's period -> the rows of a kind that a server finds in it, if it is sure that no other is.

Which of them are within the period is for the record to say: two days more at either end are asked for, as a day
begins at another time elsewhere. Claims are not here: the date that a server searches them by (`created`) is not
the one at which they count (`billablePeriod`). Nor is what lasts: an undated allergy is within any period.
"""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta

from tools.record.scope import Scope
from tools.sources.live.searching import Row, count, search
from tools.sources.live.server import Server
from tools.sources.live.trouble import Trouble

DATES: Mapping[str, str] = {
    kind: "date" for kind in ("Observation", "Encounter", "Procedure", "DiagnosticReport")
}
"""Events, and the search parameter that is about the same time as the one at which they count."""
_MORE = timedelta(days=2)


async def in_period(
    server: Server, kind: str, owner: Mapping[str, str], scope: Scope, all_rows: int
) -> list[Row] | None:
    """Return the rows in a period; None unless those before and those after it are all the others.

    Args:
        server: where they are.
        kind: one of `DATES`.
        owner: the search for the patient's rows.
        scope: with a period.
        all_rows: how many rows the kind has.
    """
    name, first, last = DATES[kind], _before(scope.since), _after(scope.until)
    inside = [f"{how}{day}" for how, day in (("ge", first), ("le", last)) if day]
    outside = [f"{how}{day}" for how, day in (("eb", first), ("sa", last)) if day]
    try:
        rows, others = await asyncio.gather(
            search(server, kind, {**owner, name: inside}),
            asyncio.gather(*(count(server, kind, {**owner, name: each}) for each in outside)),
        )
    except Trouble:
        return None
    known = [number for number in others if number is not None]
    return rows if len(known) == len(outside) and len(rows) + sum(known) == all_rows else None


def _before(day: date | None) -> date | None:
    return day and max(day, date.min + _MORE) - _MORE


def _after(day: date | None) -> date | None:
    return day and min(day, date.max - _MORE) + _MORE
