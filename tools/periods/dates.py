"""Names of days, months, quarters, seasons, years and decades -> `Named`.

"2015-03-04", "3/4/2015" (US order; day first where that alone makes sense), "March 4th 2015", "03/2015",
"Mar '15", "Q1 2020", "summer 2019", "2015", "the nineties", "early 2015", "the end of last year"; by the clock
"03/last year", "12/05/this year", "the 17th of last month". A month or a day without a year is the most recent
that has begun.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tools.periods.arithmetic import month_end, plus_days, plus_months
from tools.periods.period import Clock, Form, Groups, Named
from tools.periods.words import (
    DAY,
    MONTH,
    ORDINALS,
    SAID_YEAR,
    SPOKEN_DAY,
    SPOKEN_DAYS,
    TOLD_MONTH,
    TOLD_YEAR,
    WEEKDAYS,
    YEAR,
    compiled,
    iso,
    month_of,
    steps,
    without_groups,
    year_of,
)


def day_named(year: int, month: int, day: int) -> Named | None:
    """Return the day, None if the calendar has no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Named(found, found, iso(found), lead="on")


def month_named(year: int, month: int) -> Named:
    """Return the month."""
    return Named(date(year, month, 1), month_end(year, month), f"{year:04}-{month:02}")


def year_named(year: int) -> Named:
    """Return the year."""
    return Named(date(year, 1, 1), date(year, 12, 31), f"{year}", loose=183)


def months_named(first: date, months: int, label: str, yearless: bool = False) -> Named:
    """Return so many whole months from the day `first`, the first of a month."""
    return Named(first, plus_days(plus_months(first, months), -1), label, yearless=yearless)


def _text(groups: Groups, name: str) -> str:
    return groups.get(name) or ""


def _iso_day(groups: Groups, clock: Clock) -> Named | None:
    return day_named(int(_text(groups, "y")), int(_text(groups, "m")), int(_text(groups, "d")))


def _us_day(groups: Groups, clock: Clock) -> Named | None:
    month, day = int(_text(groups, "m")), int(_text(groups, "d"))
    if month > 12 or "." in _text(groups, "sep"):
        month, day = day, month
    year = _text(groups, "y")
    return day_named(year_of(f"'{year}" if len(year) == 2 else year, clock), month, day)


def _numeric_month(groups: Groups, clock: Clock) -> Named | None:
    month = int(_text(groups, "m") or _text(groups, "month"))
    return month_named(year_of(_text(groups, "y"), clock), month) if 1 <= month <= 12 else None


def _told_month(groups: Groups, clock: Clock) -> Named:
    first = plus_months(clock.now.replace(day=1), steps(_text(groups, "month")))
    return month_named(first.year, first.month)


def _day_of_month(groups: Groups, clock: Clock) -> Named | None:
    first, said = _told_month(groups, clock).first, _text(groups, "d").lower()
    day = SPOKEN_DAYS.get(said) or int(said)
    return day_named(first.year, first.month, day) if first else None


def _part_of_month(groups: Groups, clock: Clock) -> Named | None:
    """Return a half of a month, or a week of it: counted in sevens from its first day, the last up to its end."""
    month, which = read(_MONTHS, _text(groups, "whole"), clock), _text(groups, "which").lower()
    if month is None or month.first is None or month.last is None:
        return None
    piece, place = _text(groups, "piece").lower(), ORDINALS[which]
    label = f"the {which} {piece} of {month.label}"
    if piece == "half":
        middle = month.first.replace(day=15)
        ends = (month.first, middle) if place == 1 else (plus_days(middle, 1), month.last)
        return Named(*ends, label) if place < 3 else None
    first = plus_days(month.last, -6) if place < 0 else plus_days(month.first, (place - 1) * 7)
    return Named(first, plus_days(first, 6), label)


def _spoken_day(groups: Groups, clock: Clock) -> Named | None:
    return day_named(
        year_of(_text(groups, "y"), clock), month_of(_text(groups, "mon")), int(_text(groups, "d"))
    )


def _spoken_month(groups: Groups, clock: Clock) -> Named | None:
    return month_named(year_of(_text(groups, "y"), clock), month_of(_text(groups, "mon")))


def _recent_day(groups: Groups, clock: Clock) -> Named | None:
    month, day = month_of(_text(groups, "mon")), int(_text(groups, "d"))
    for year in range(clock.now.year, clock.now.year - 8, -1):
        found = day_named(year, month, day)
        if found and found.first and found.first <= clock.now:
            return Named(found.first, found.last, found.label, yearless=True, lead="on")
    return None


def _recent_month(groups: Groups, clock: Clock) -> Named | None:
    month, which = month_of(_text(groups, "mon")), _text(groups, "which").lower()
    year = clock.now.year
    if not which.endswith("this") and (month > clock.now.month or (which and month == clock.now.month)):
        year -= 1
    named = month_named(year, month)
    return Named(named.first, named.last, named.label, yearless=not which)


def _quarter(groups: Groups, clock: Clock) -> Named | None:
    word = _text(groups, "q").lower()
    quarter = (
        4
        if word == "last"
        else "1234".find(word[:1]) + 1 or ("first", "second", "third", "fourth").index(word) + 1
    )
    said = _text(groups, "y")
    year = year_of(said, clock) if said else clock.now.year
    if not said and date(year, quarter * 3 - 2, 1) > clock.now:
        year -= 1
    return months_named(date(year, quarter * 3 - 2, 1), 3, f"{year}-Q{quarter}", yearless=not said)


def _half(groups: Groups, clock: Clock) -> Named | None:
    year, second = year_of(_text(groups, "y"), clock), _text(groups, "h").lower() not in ("first", "1st", "1")
    label = f"the {'second' if second else 'first'} half of {year}"
    return months_named(date(year, 7 if second else 1, 1), 6, label)


_CLOCK = (
    r"(?:(?:t|,? at |,? )(?P<clock>[0-2]?[0-9]:[0-5][0-9])(?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?: ?(?P<half>am|pm))?(?:z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
"""A time of day after a day; seconds and a zone are read over, as records are compared by their local minutes."""


def _clocked(of_day: Callable[[Groups, Clock], Named | None]) -> Callable[[Groups, Clock], Named | None]:
    """Return a reader of a day that also reads the time of day after it; None if there is no such time."""

    def read_with_time(groups: Groups, clock: Clock) -> Named | None:
        day, said = of_day(groups, clock), _text(groups, "clock")
        if day is None or not said:
            return day
        hour, _, minute = said.partition(":")
        later = {"am": 0, "pm": 12}.get(_text(groups, "half").lower())
        hours = int(hour) if later is None else int(hour) % 12 + later
        if hours > 23:
            return None
        told = f"{day.label} {hours:02}:{minute}"
        return replace(day, label=told, lead="at", minute=told)

    return read_with_time


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _season(groups: Groups, clock: Clock) -> Named | None:
    season, said = _text(groups, "s").lower(), _text(groups, "y")
    if said:
        year = year_of(said, clock)
    else:
        begun = date(clock.now.year, _SEASONS[season], 1) <= clock.now
        going_on = begun and plus_months(date(clock.now.year, _SEASONS[season], 1), 3) > clock.now
        last = _text(groups, "which").lower().endswith("last")
        year = clock.now.year - (not begun or (going_on and last))
    label = f"{season} {year}" if season != "winter" else f"winter {year}/{(year + 1) % 100:02}"
    return months_named(date(year, _SEASONS[season], 1), 3, label, yearless=not said)


_DECADES = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


def _decade(groups: Groups, clock: Clock) -> Named | None:
    word, century = _text(groups, "tens").lower(), _text(groups, "c")
    tens = int(word) if word.isdigit() else _DECADES.index(word) + 2
    first = int(century) * 100 + tens * 10 if century else 2000 + tens * 10
    if first > clock.now.year and not century:
        first -= 100
    return Named(date(first, 1, 1), date(first + 9, 12, 31), f"the {first}s", loose=1826)


def _year(groups: Groups, clock: Clock) -> Named | None:
    return year_named(int(_text(groups, "y")))


def _short_year(groups: Groups, clock: Clock) -> Named | None:
    return year_named(year_of(_text(groups, "y"), clock))


def _said_year(groups: Groups, clock: Clock) -> Named:
    return year_named(year_of(_text(groups, "y"), clock))


def _weekday(groups: Groups, clock: Clock) -> Named | None:
    weekday, last = WEEKDAYS.index(_text(groups, "w").lower()), _text(groups, "which").lower() == "last"
    ago = (clock.now.weekday() - weekday) % 7
    day = plus_days(clock.now, -(ago or (7 if last else 0)))
    return Named(day, day, iso(day), yearless=True, lead="on")


_MON = rf"(?P<mon>{MONTH})"
_SAID = rf"(?P<y>{SAID_YEAR})"
_DECADE = r"(?:the )?(?P<c>1[89]|20)(?P<tens>[0-9])0'?s"
_DECADE_WORD = rf"(?:the )?(?P<tens>{'|'.join(_DECADES)})"
_DECADE_SHORT = r"(?:the )?'?(?P<tens>[1-9])0'?s"
_MONTH_YEAR = rf"{_MON}(?:,? (?:of |in )?(?:the year )?|\s*-\s*|\s*/\s*){_SAID}"

_MONTH_FORMS = [
    Form(_MONTH_YEAR, _spoken_month),
    Form(r"(?P<m>0?[1-9]|1[0-2])\s?[/.-]\s?(?P<y>" + YEAR + ")", _numeric_month),
    Form(rf"(?P<y>{YEAR})[-/](?P<m>0[1-9]|1[0-2])", _numeric_month),
]
_WHOLE = [
    *_MONTH_FORMS,
    Form(_DECADE, _decade),
    Form(_DECADE_WORD, _decade, bare=False),
    Form(rf"(?:the )?(?:calendar )?(?:year (?:of )?)?(?P<y>{YEAR})", _year),
    Form(rf"{_SAID}(?! of (?:life|his|her|their))", _said_year),
]
"""Times that "early", "the end of" and the like can divide."""


def _part(groups: Groups, clock: Clock) -> Named | None:
    whole = read(_DIVISIBLE, _text(groups, "whole"), clock)
    if whole is None or whole.first is None or whole.last is None:
        return None
    days, part = (whole.last - whole.first).days + 1, _text(groups, "part").lower()
    third = 0 if part in ("early", "beginning", "start") else 1 if part in ("mid", "middle") else 2
    if days > 40:
        months = 4 if days < 400 else 40
        named = months_named(plus_months(whole.first, third * months), months, "")
        first, last = named.first, named.last
    else:
        first = plus_days(whole.first, third * 10)
        last = plus_days(first, 9) if third < 2 else whole.last
    point = whole.last if part == "end" else None
    return Named(
        first, last, f"{('early', 'mid', 'late')[third]} {whole.label.removeprefix('the ')}", point=point
    )


_DIVISIBLE = [
    *_WHOLE,
    Form(r"the (?:current )?year", lambda groups, clock: year_named(clock.now.year)),
    Form(rf"(?P<month>{TOLD_MONTH}|(?:the|this current) month)", _told_month),
]
_ANY_WHOLE = "|".join(without_groups(form.pattern) for form in _DIVISIBLE)

_NUMBER = r"[0-9]{1,2}"
"""Of a day or month that no calendar may have: what cannot be read is refused, not passed over."""
_NTH = rf"(?:(?:the )?(?P<d>{_NUMBER})(?:st|nd|rd|th))"
_MONTH_TOLD = rf"(?P<month>{TOLD_MONTH})"
_MONTHS = [*_MONTH_FORMS, Form(_MONTH_TOLD, _told_month), Form(rf"(?P<which>){_MON}", _recent_month)]
_ANY_MONTH = "|".join(without_groups(form.pattern) for form in _MONTHS)

TOLD: list[Form] = [
    Form(
        rf"(?P<m>{_NUMBER})\s?(?P<sep>/)\s?(?P<d>{_NUMBER})(?:\s?/\s?| of )(?P<y>{TOLD_YEAR}){_CLOCK}",
        _clocked(_us_day),
    ),
    Form(rf"(?P<m>{_NUMBER})(?P<sep>/)(?P<d>{_NUMBER}),? (?P<y>{TOLD_YEAR})", _us_day, bare=False),
    Form(rf"(?:(?P<m>{_NUMBER})\s?/\s?|month (?P<month>{_NUMBER}) of )(?P<y>{TOLD_YEAR})", _numeric_month),
    Form(rf"(?P<y>{TOLD_YEAR})/(?P<m>{_NUMBER})", _numeric_month),
    Form(rf"(?P<m>0[0-9]) (?:of )?(?P<y>{TOLD_YEAR})", _numeric_month, bare=False),
    Form(rf"{_MONTH_TOLD}\s?/\s?(?P<d>{_NUMBER}){_CLOCK}", _clocked(_day_of_month)),
    Form(rf"(?P<d>{_NUMBER})\s?/\s?{_MONTH_TOLD}{_CLOCK}", _clocked(_day_of_month)),
    Form(rf"{_NTH}(?: of)? {_MONTH_TOLD}{_CLOCK}", _clocked(_day_of_month)),
    Form(rf"(?:the )?(?P<d>{_NUMBER}) of {_MONTH_TOLD}{_CLOCK}", _clocked(_day_of_month), bare=False),
    Form(rf"(?:the )?(?P<d>{SPOKEN_DAY}) of {_MONTH_TOLD}(?!')", _day_of_month, bare=False),
    Form(
        rf"(?:the )?(?P<which>{'|'.join(ORDINALS)}) (?P<piece>half|week) (?:of|in) (?P<whole>{_ANY_MONTH})",
        _part_of_month,
    ),
    Form(rf"{_MONTH_TOLD},? on {_NTH}{_CLOCK}", _clocked(_day_of_month)),
    Form(rf"(?P<y>{TOLD_YEAR})(?:,? in|'s) {_MON}(?! [0-9])", _spoken_month),
]
"""Days and months by the month or year of the clock; they come before what is told by the clock alone."""

FORMS: list[Form] = [
    Form(
        rf"(?P<y>{YEAR})(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])[-/.](?P<d>{DAY}){_CLOCK}",
        _clocked(_iso_day),
    ),
    Form(
        rf"(?P<m>{DAY})(?P<sep>[/.-])(?P<d>{DAY})[/.-](?P<y>{YEAR}|[0-9]{{2}}){_CLOCK}",
        _clocked(_us_day),
    ),
    Form(
        rf"{_MON}(?: |-)(?:the )?(?P<d>{DAY})(?:st|nd|rd|th)?(?:,? (?:of |in )?|-){_SAID}{_CLOCK}",
        _clocked(_spoken_day),
    ),
    Form(
        rf"(?:the )?(?P<d>{DAY})(?:st|nd|rd|th)?\.?(?: (?:of )?|-){_MON}(?:,? (?:of |in )?|-){_SAID}{_CLOCK}",
        _clocked(_spoken_day),
    ),
    Form(rf"(?P<part>early|mid|late)(?: |-)(?:in )?(?P<whole>{_ANY_WHOLE})", _part),
    Form(rf"(?:the )?(?P<part>beginning|start|middle|end) of (?P<whole>{_ANY_WHOLE})", _part),
    Form(
        rf"(?:the )?(?P<q>first|second|third|fourth|last|1st|2nd|3rd|4th) quarter (?:of|in),? {_SAID}",
        _quarter,
    ),
    Form(rf"q(?P<q>[1-4])(?: (?:of )?|,? |[-/]){_SAID}", _quarter),
    Form(rf"{_SAID}(?: |[-/]|, )q(?P<q>[1-4])", _quarter),
    Form(r"q(?P<q>[1-4])", _quarter, bare=False),
    Form(rf"(?:the )?(?P<h>first|second|last|1st|2nd) half (?:of|in) {_SAID}", _half),
    Form(rf"h(?P<h>[12])(?: (?:of )?|[-/]){_SAID}", _half),
    Form(rf"(?:the )?(?P<s>{'|'.join(_SEASONS)})(?: of|,)? {_SAID}", _season),
    Form(r"(?P<which>(?:the )?last|this) (?P<s>spring|summer|autumn|winter)", _season),
    Form(r"(?:the )?(?P<s>spring|summer|autumn|winter)", _season, bare=False),
    *_WHOLE,
    Form(rf"(?P<which>last|this) {_MON}", _recent_month),
    Form(rf"{_MON} (?:the )?(?P<d>{DAY})(?:st|nd|rd|th)", _recent_day),
    Form(rf"(?:the )?(?P<d>{DAY})(?:st|nd|rd|th) (?:of )?{_MON}", _recent_day),
    Form(rf"{_MON} (?P<d>{DAY})", _recent_day, bare=False),
    Form(rf"(?:the )?(?P<d>{DAY})\.? {_MON}", _recent_day, bare=False),
    Form(rf"(?:the month of )?(?P<which>){_MON}", _recent_month, bare=False),
    Form(_DECADE_SHORT, _decade, bare=False),
    Form(r"(?P<y>'[0-9]{2})", _short_year, bare=False),
    Form(rf"(?P<which>last|this) (?P<w>{'|'.join(WEEKDAYS)})", _weekday),
    Form(rf"(?P<w>{'|'.join(WEEKDAYS)})", _weekday, bare=False),
]
"""Ordered: where two could begin at the same place, the longer reading comes first."""


def read(forms: list[Form], text: str, clock: Clock) -> Named | None:
    """Read `text` by the first of `forms` that matches the whole of it and makes sense."""
    for form in forms:
        match = compiled(form.pattern).fullmatch(text)
        named = form.read(match.groupdict(), clock) if match else None
        if named:
            return named
    return None
