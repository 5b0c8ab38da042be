"""A phrase with its preposition -> `Period`: "since 2015", "between 2010 and 2014", "until 2 years ago".

since, until and by include what is named; before and after exclude it. Not covered: events of the record
(`anchors`).
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from tools.entries.times import Span
from tools.periods import ages, dates, relative
from tools.periods.arithmetic import ahead, back, plus_days
from tools.periods.dates import read
from tools.periods.period import Clock, Form, Groups, Named, Period
from tools.periods.words import LENGTHS, UNIT, compiled, length, without_groups

_WENT = "".join(rf"(?<!{verb}\s)" for verb in ("went", "gone", "go", "going", "been", "get"))
_STRETCH = r"(?= (?:the|last|past|this|these|previous|his|her|my) )"
RELATIONS: dict[str, str] = {
    # the longer wording first where one begins with the other
    "since": r"(?:ever )?since(?: the year)?|starting(?: (?:in|from|on|with|at))?|beginning"
    r" (?:in|from|on|with)|on or after|on/after|no earlier than|not before|>=",
    "until": r"up to and including|to and including|up through|up until|up to|until|till|til|'til"
    r"|by(?: the (?:time|year)(?: of)?)?|no later than|not after"
    r"|on or before|on/before|as of|<="
    rf"|{_WENT}(?:through|thru)(?! (?:in|until|since|on|during|at|last|this)\b)",
    "before": r"prior to|previous to|earlier than|ahead of|before|pre-?",
    "after": r"later than|subsequent to|following|after|post-?",
    "around": r"around(?: about)?|about|circa|approximately|roughly|near|close to|~\s*|on or about"
    r"|on or around|at about",
    "in": r"in|on|at|during|for|of|from|within|throughout|all through|in the course of|over the course of"
    rf"|dated|back in|sometime in|(?:over|across){_STRETCH}",
}
BOUND = rf"(?:{'|'.join(pattern for relation, pattern in RELATIONS.items() if relation != 'in')})"
RELATION = rf"(?:{'|'.join(RELATIONS.values())})"
_RELATION = re.compile(
    rf"(?:{'|'.join(f'(?P<{name}_>{p})' for name, p in RELATIONS.items())})(?:\s+|(?<=[-=~\s]))".replace(
        " ", r"\s+"
    ),
    re.I,
)
_SUFFIX: dict[str, str] = {
    "since": r"(?:and |or )?(?:onwards?|forwards?)|on(?: to now)?(?!\s+\w)"
    r"|(?:and (?:later|after|since|up|on)|or (?:later|after))(?!\s+\w)"
    r"|(?:to|until|till|up to|through) (?:now|today|date|the present|present)",
    "until": r"(?:and|or) (?:earlier|before)(?!\s+\w)|backwards?",
}
SUFFIX = rf"(?:{'|'.join(_SUFFIX.values())})"

_ISO_DAY = without_groups(dates.FORMS[0].pattern)


def _interval(groups: Groups, clock: Clock) -> Named | None:
    ends = [read(dates.FORMS, groups[name] or "", clock) for name in ("a", "b")]
    days = sorted(end.first for end in ends if end and end.first)
    return Named(days[0], days[1], f"{days[0]} to {days[1]}", lead="from") if len(days) == 2 else None


FORMS: list[Form] = [
    Form(rf"(?P<a>{_ISO_DAY})/(?P<b>{_ISO_DAY})", _interval),
    *ages.FORMS,
    *dates.TOLD,
    *relative.FORMS,
    *dates.FORMS,
]
"""Every name of a time, the longer readings first."""

TO = r"(?: (?:to|until|till|til|through|thru|up to|up until)(?: the)? (?:in )?|\s*(?:-|\.\.+)\s*)"
_AMOUNT = rf"(?P<length>{LENGTHS}|{UNIT})"
_BEFORE_OR_AFTER = r"after|following|before|prior to|preceding|leading up to"
_WINDOW = (
    rf"(?:(?:in|during|over|for) )?(?:the )?(?:first |last )?{_AMOUNT} (?P<side>{_BEFORE_OR_AFTER})",
    rf"within (?:the )?(?:first |last )?{_AMOUNT} (?P<side>{_BEFORE_OR_AFTER}|of|from)",
)
WITHIN = "|".join(without_groups(pattern) for pattern in _WINDOW)
WINDOW = (
    rf"(?:(?:(?:with)?in|during|over|for) )?(?:the )?(?:first |last )?{_AMOUNT}"
    rf" (?P<side>{_BEFORE_OR_AFTER}|(?<=\s)(?:of|from)) (?P<rest>.+)"
)
"""A stretch next to a time: "within 30 days of …", "in the 6 months before …", "the day after …"."""

_LOOSE = 60
"""Minutes to widen by when "around" is said of a time of day."""
_RANGE_HEAD = r"(?:(?:from|since|in|during|for|starting|over|the period) )*(?:the )?(?:years? )?"
BETWEEN = r"between (?:the )?(?:years? |months? (?:of )?)?"
AND = r" and (?:the )?"


def timed(text: str, clock: Clock) -> Period | None:
    """Return the period that a phrase of the calendar or of the patient's age names, None if it names none.

    >>> span = timed("since 03/2012", Clock(date(2021, 7, 1))).span
    >>> span.first, span.last
    (datetime.date(2012, 3, 1), None)
    """
    return _range(text, clock) or _related(text, clock) or _window(text, clock)


def _window(text: str, clock: Clock) -> Period | None:
    match = compiled(WINDOW).fullmatch(text)
    named = read(FORMS, match["rest"], clock) if match else None
    return window(match, named) if match and named else None


def _related(text: str, clock: Clock) -> Period | None:
    """Take one preposition off at a time until what is left is a time."""
    relations: list[str] = []
    rest = text
    while True:
        named = _named(rest, relations, clock)
        if named:
            return relate(relations, named)
        match = _RELATION.match(rest)
        if not match:
            return None
        relations.append((match.lastgroup or "in_").removesuffix("_"))
        rest = rest[match.end() :]


def _named(text: str, relations: list[str], clock: Clock) -> Named | None:
    named = read(FORMS, text, clock)
    if named:
        return named
    for relation, pattern in _SUFFIX.items():
        match = compiled(rf"(?P<time>.+?),? (?:{pattern})").fullmatch(text)
        named = read(FORMS, match["time"], clock) if match else None
        if named:
            relations.append(relation)
            return named
    return None


def _range(text: str, clock: Clock) -> Period | None:
    """Read two times joined by "to", a dash, or "between … and …"."""
    for head, joint in ((BETWEEN, AND), (f"(?:{BETWEEN}|{_RANGE_HEAD})", TO)):
        begin = compiled(head).match(text)
        for cut in compiled(joint).finditer(text, begin.end()) if begin else ():
            period = _joined(text[begin.end() if begin else 0 : cut.start()], text[cut.end() :], clock)
            if period:
                return period
    return None


def _joined(a: str, b: str, clock: Clock) -> Period | None:
    last = read(FORMS, b, clock)
    first = read(FORMS, a, clock) if last else None
    if first is None or last is None:
        return None
    if first.first is None and first.last is None:
        return relate(["until"], last)
    if first.yearless and last.last:
        first = read(FORMS, a, Clock(last.last, clock.born)) or first
    return _from_to(first, last)


def _from_to(first: Named, last: Named) -> Period:
    begin, end = first.point or first.first, last.point or last.last
    if begin and end and (begin, first.minute) > (end, last.last_minute):
        first, last = last, first
        begin, end = first.point or first.first, last.point or last.last
    span = Span(begin, end, first.minute, last.last_minute)
    return Period(span, f"from {_day_of(first, begin)} to {_day_of(last, end)}")


def _day_of(named: Named, day: date | None) -> str:
    """Return the name, or for one told from the clock the day with the name: "2018-07-01 (3 years ago)"."""
    name, _, told = named.label.partition(" (")
    return f"{day} ({name})" if told and day and name != str(day) else named.label


def ordered(first: date | None, last: date | None) -> Span:
    """Return the span; ends that are the wrong way round are swapped."""
    return Span(last, first) if first and last and first > last else Span(first, last)


def _since(named: Named) -> Period:
    first = named.point or named.first
    return Period(Span(first, None, earliest=named.minute), f"since {_day_of(named, first)}")


def _until(named: Named) -> Period:
    last = named.point or named.last
    return Period(Span(None, last, latest=named.last_minute), f"until {_day_of(named, last)}")


def _minutes_later(minute: str, minutes: int) -> datetime:
    return datetime.fromisoformat(minute) + timedelta(minutes=minutes)


def _to_minute(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")


def _before(named: Named) -> Period:
    first = named.point or named.first
    if named.minute:
        latest = _minutes_later(named.minute, -1)
        return Period(Span(None, latest.date(), latest=_to_minute(latest)), f"before {named.label}")
    return Period(Span(None, plus_days(first, -1) if first else None), f"before {_day_of(named, first)}")


def _after(named: Named) -> Period:
    last = named.point or named.last
    if named.last_minute:
        earliest = _minutes_later(named.last_minute, 1)
        return Period(Span(earliest.date(), None, earliest=_to_minute(earliest)), f"after {named.label}")
    return Period(Span(plus_days(last, 1) if last else None, None), f"after {_day_of(named, last)}")


def _around(named: Named) -> Period:
    if named.minute:
        begin, end = _minutes_later(named.minute, -_LOOSE), _minutes_later(named.last_minute, _LOOSE)
        span = Span(begin.date(), end.date(), _to_minute(begin), _to_minute(end))
        return Period(span, f"around {named.label}, an hour either way")
    first, last = named.point or named.first, named.point or named.last
    span = ordered(
        plus_days(first, -named.loose) if first else None, plus_days(last, named.loose) if last else None
    )
    return Period(span, f"around {_day_of(named, named.point)}, {named.loose} days either way")


def _in(named: Named) -> Period:
    span = Span(named.first, named.last, named.minute, named.last_minute)
    return Period(span, f"{named.lead} {named.label}".strip())


_RELATE: dict[str, Callable[[Named], Period]] = {
    "since": _since,
    "until": _until,
    "before": _before,
    "after": _after,
    "around": _around,
    "in": _in,
}


def relate(relations: list[str], named: Named) -> Period:
    """Apply the relation that counts: "since about 2015" is since, "during until 2016" is until."""
    bounds = [r for r in relations if r in ("since", "until", "before", "after")]
    chosen = bounds[-1] if bounds else "around" if "around" in relations else "in"
    if named.first is None and named.last is None:
        chosen = "in"
    period = _RELATE[chosen](named)
    return Period(period.span, period.label, named.anchors, named.encounter if chosen == "in" else "")


def window(match: re.Match[str], named: Named) -> Period | None:
    """Return the stretch before or after a time that `WINDOW` matched: "within 30 days of discharge"."""
    span = length(match["length"])
    if span is None:
        return None
    first, last = named.point or named.first, named.point or named.last
    side = "before" if match["side"].lower().startswith(("before", "prior", "pre", "lead")) else "after"
    side = side if match["side"].lower() not in ("of", "from") else "of"
    begin, end = (back(first, span) if first else None), (ahead(last, span) if last else None)
    days = {"before": Span(begin, plus_days(first, -1) if first else None), "of": Span(begin, end)}
    days["after"] = Span(plus_days(last, 1) if last else None, end)
    label = f"within {span.text} {side} {named.label}"
    return Period(days[side], label, named.anchors)
