"""Times told from the clock -> `Named`: "last year", "yesterday", "2 years ago", "the past 6 months", "ever".

Calendar stretches (last month, last week: Monday to Sunday) and rolling ones (the last 90 days) are
different things; the label says the days of the rolling ones.
"""

from datetime import date

from tools.periods.arithmetic import back, plus_days, plus_months, week_of
from tools.periods.dates import month_named, months_named, year_named
from tools.periods.period import Clock, Form, Groups, Named
from tools.periods.words import ANY_LENGTH, COUNT, LENGTHS, UNIT, WORD_NUMBER, iso, length

EVER = (
    r"(?:ever|at any (?:time|point|stage)|at some (?:time|point|stage)|at all times|(?:of |for )?all time|on"
    r" record"
    r"|on file|overall|so far|to date(?! of)|historically|in (?:his|her|their|my|the patient's) (?:whole "
    r"|entire )?life(?:time)?"
    r"|over (?:his|her|their|my) (?:whole |entire )?life(?:time)?|across (?:the|all) (?:record|years)"
    rf"|in the past(?! (?:[0-9]|year|month|week|day|decade|hour|half|couple|few|several|{WORD_NUMBER}|a )|-)"
    r"|any ?time"
    r"|in total(?=\s*(?:[,.?!;]|$)| (?:since|until|in|during|over|was|were|has|have|had|did|for)\b))"
)


def _ever(groups: Groups, clock: Clock) -> Named:
    return Named(None, None, "at any time", lead="")


def _recently(groups: Groups, clock: Clock) -> Named:
    return _rolling_back(clock, plus_months(clock.now, -12), "recently, in the last 12 months", "")


def _rolling_back(clock: Clock, first: date, label: str, lead: str = "in") -> Named:
    return Named(first, clock.now, f"{label} (since {iso(first)})", lead=lead)


def _rolling(groups: Groups, clock: Clock) -> Named | None:
    span = length(groups["length"] or "")
    if span is None:
        return None
    return _rolling_back(clock, back(clock.now, span), f"the last {span.text.removeprefix('1 ')}")


def _stretch(clock: Clock, unit: str, steps: int) -> Named:
    """Return the calendar year, quarter, month or week that lies `steps` from the one of the clock."""
    now = clock.now
    if unit == "year":
        return year_named(min(max(now.year + steps, date.min.year), date.max.year))
    if unit == "week":
        monday, sunday = week_of(plus_days(now, steps * 7))
        return Named(monday, sunday, f"{iso(monday)} to {iso(sunday)}")
    if unit == "quarter":
        first = plus_months(date(now.year, (now.month - 1) // 3 * 3 + 1, 1), steps * 3)
        return months_named(first, 3, f"{first.year}-Q{first.month // 3 + 1}")
    if unit == "decade":
        first_year = min(max(now.year // 10 * 10 + steps * 10, 1), 9990)
        return Named(
            date(first_year, 1, 1), date(first_year + 9, 12, 31), f"{first_year} to {first_year + 9}"
        )
    if unit == "day":
        day = plus_days(now, steps)
        return Named(day, day, iso(day), lead="on")
    first = plus_months(now.replace(day=1), steps)
    return month_named(first.year, first.month)


_STEPS = {
    "last": -1,
    "previous": -1,
    "preceding": -1,
    "prior": -1,
    "this": 0,
    "current": 0,
    "next": 1,
    "coming": 1,
}


def _relative(groups: Groups, clock: Clock) -> Named | None:
    which, unit = (groups["which"] or "").lower(), (groups["unit"] or "").lower()
    named = _stretch(clock, unit, _STEPS[which])
    until_now = named.last if _STEPS[which] else min(named.last or clock.now, clock.now)
    said = {-1: "last", 0: "this", 1: "next"}[_STEPS[which]]
    return Named(named.first, until_now, f"{said} {unit} ({named.label})", loose=named.loose, lead="")


def _before_last(groups: Groups, clock: Clock) -> Named | None:
    unit = (groups["unit"] or "").lower()
    named = _stretch(clock, unit, -2)
    return Named(
        named.first, named.last, f"the {unit} before last ({named.label})", loose=named.loose, lead=""
    )


_DAYS = {"yesterday": -1, "last night": -1, "today": 0, "tonight": 0, "this morning": 0, "tomorrow": 1}


def _day(groups: Groups, clock: Clock) -> Named | None:
    said = " ".join((groups["day"] or "").lower().split())
    day = plus_days(clock.now, _DAYS.get(said, -2))
    return Named(day, day, f"{said} ({iso(day)})", lead="")


def _now(groups: Groups, clock: Clock) -> Named | None:
    return Named(clock.now, clock.now, f"now ({iso(clock.now)})", lead="")


_LOOSE = {"hour": 1, "day": 3, "week": 7, "fortnight": 7, "month": 30, "quarter": 30}


def _ago(groups: Groups, clock: Clock) -> Named | None:
    span = length(groups["length"] or "")
    if span is None:
        return None
    return _at_point(back(clock.now, span), span.unit, f"{span.text} ago")


def _at_point(point: date, unit: str, said: str) -> Named:
    """Return the calendar year (month, week) that holds `point`; relations use the day itself."""
    grain = {"decade": "year", "fortnight": "week", "hour": "day"}.get(unit, unit)
    there = _stretch(Clock(point), grain, 0)
    return Named(
        there.first, there.last, f"{said} ({there.label})", point=point, loose=_LOOSE.get(unit, 183), lead=""
    )


def _between_ago(groups: Groups, clock: Clock) -> Named | None:
    lengths = [length(f"{groups[name]} {groups['unit']}") for name in ("a", "b")]
    if None in lengths:
        return None
    first, last = sorted(back(clock.now, span) for span in lengths if span)
    return Named(first, last, f"from {iso(first)} to {iso(last)}", lead="")


def _longer_ago(groups: Groups, clock: Clock) -> Named | None:
    named = _ago(groups, clock)
    if named is None or named.point is None:
        return None
    last = plus_days(named.point, -1)
    return Named(None, last, f"more than {named.label} (before {iso(named.point)})", lead="")


def _to_date(groups: Groups, clock: Clock) -> Named | None:
    return Named(date(clock.now.year, 1, 1), clock.now, f"this year ({clock.now.year})", lead="")


_TURN = "last|previous|preceding|prior|this|current|next|coming"
_CALENDAR = "year|quarter|month|week"
_PAST = (
    r"(?:the |these |this |her |his |my )?(?:last|past|previous|prior|preceding|trailing|latest|most recent)"
)
_MORE = r"(?:more than|over|longer than|at least|greater than)"
_LESS = r"(?:less than|under|fewer than|not more than|no more than|at most|up to)"
_OF = r"(?! of (?!19|20|the year|record))"

FORMS: list[Form] = [
    Form(
        r"(?P<day>(?:the )?day before yesterday|yesterday|last night|today|tonight|this morning|tomorrow)",
        _day,
    ),
    Form(rf"(?:the )?(?P<unit>{_CALENDAR}) before (?:the )?last(?: one)?", _before_last),
    Form(
        rf"(?:between )?(?P<a>{COUNT})(?: (?:{UNIT}s? )?(?:and|to|or) "
        rf"|(?<=[0-9])\s*-\s*(?=[0-9]))(?P<b>{COUNT}) (?P<unit>{UNIT})s? ago",
        _between_ago,
    ),
    Form(rf"{_MORE} (?P<length>{ANY_LENGTH}) (?:ago|back)", _longer_ago),
    Form(rf"(?:{_LESS}|within) (?P<length>{ANY_LENGTH}) (?:ago|back)", _rolling),
    Form(
        rf"(?:about |around |some |roughly |approximately |exactly |almost |nearly )?(?P<length>{ANY_LENGTH})"
        rf" (?:ago|back\b)",
        _ago,
    ),
    Form(rf"(?:the |this )?past (?P<length>{LENGTHS}|{UNIT})", _rolling),
    Form(
        rf"(?:the |these |this |her |his |my )(?:last|preceding) (?P<length>{_CALENDAR}|decade|day){_OF}",
        _rolling,
    ),
    Form(rf"{_PAST} (?P<length>{LENGTHS})", _rolling),
    Form(
        rf"(?:the )?(?:last|past) (?P<length>{COUNT}-{UNIT})(?: (?:period|window|span|interval))?(?! pack)",
        _rolling,
    ),
    Form(
        rf"(?:within|inside)(?: of)? (?P<length>{ANY_LENGTH})(?! (?:of|from|after|before|following|pack))",
        _rolling,
    ),
    Form(rf"since (?P<length>{LENGTHS})(?! ago)", _rolling),
    Form(rf"(?:the )?(?P<which>{_TURN}) (?P<unit>{_CALENDAR}){_OF}", _relative),
    Form(r"(?P<which>this|current) (?P<unit>decade)", _relative),
    Form(r"(?:the )?last (?P<length>decade)", _rolling),
    Form(r"year to date|ytd", _to_date),
    Form(
        r"(?<!most\s)(?<!more\s)(?:recently|lately|of late|these days|in recent (?:times|months|memory))",
        _recently,
    ),
    Form(r"(?<=any\s)recent|^recent$", _recently),
    Form(EVER, _ever),
    Form(r"(?<!on\s)(?:right )?now|(?:the )?present(?: day)?|the current date", _now, bare=False),
]
