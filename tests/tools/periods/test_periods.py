"""What people say about time, what it means on a given day, and what must not be taken for a time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.calls.errors import BadArgument
from tools.calls.find import find
from tools.entries.times import parse_when
from tools.periods import Mention, mentions, resolve
from tools.record import PatientRecord

NOW = date(2021, 7, 1)  # a Thursday
BORN = "1980-05-02"


def record(
    now: date = NOW,
    born: str = BORN,
    resources: Mapping[str, list[dict[str, Any]]] | None = None,
    **patient: Any,
) -> PatientRecord:
    held = resources or {}
    counts = {kind: len(each) for kind, each in held.items()}
    who = {"resourceType": "Patient", "id": "p", **({"birthDate": born} if born else {}), **patient}
    return PatientRecord(who, counts, lambda kind: held.get(kind, []), now)


# text, first day, last day, label; as of Thursday 2021-07-01
CALENDAR = [
    # years
    ("2015", "2015-01-01", "2015-12-31", "in 2015"),
    ("in 2015", "2015-01-01", "2015-12-31", "in 2015"),
    ("In 2015?", "2015-01-01", "2015-12-31", "in 2015"),
    ("during 2015,", "2015-01-01", "2015-12-31", "in 2015"),
    ("throughout 2015", "2015-01-01", "2015-12-31", "in 2015"),
    ("in the year 2015", "2015-01-01", "2015-12-31", "in 2015"),
    ("during the year of 2015", "2015-01-01", "2015-12-31", "in 2015"),
    ("back in 1987", "1987-01-01", "1987-12-31", "in 1987"),
    ("in '15", "2015-01-01", "2015-12-31", "in 2015"),
    ("in '85", "1985-01-01", "1985-12-31", "in 1985"),
    ("SINCE 2015", "2015-01-01", None, "since 2015"),
    ("ever since 2015", "2015-01-01", None, "since 2015"),
    ("since about 2015", "2015-01-01", None, "since 2015"),
    ("starting in 2015", "2015-01-01", None, "since 2015"),
    ("from 2015 onwards", "2015-01-01", None, "since 2015"),
    ("from 2015 on", "2015-01-01", None, "since 2015"),
    ("2015 or later", "2015-01-01", None, "since 2015"),
    ("2015 and earlier", None, "2015-12-31", "until 2015"),
    ("until 2016", None, "2016-12-31", "until 2016"),
    ("up until 2016", None, "2016-12-31", "until 2016"),
    ("till 2016", None, "2016-12-31", "until 2016"),
    ("by 2016", None, "2016-12-31", "until 2016"),
    ("through 2016", None, "2016-12-31", "until 2016"),
    ("no later than 2016", None, "2016-12-31", "until 2016"),
    ("before 2010", None, "2009-12-31", "before 2010"),
    ("earlier than 2010", None, "2009-12-31", "before 2010"),
    ("pre-2010", None, "2009-12-31", "before 2010"),
    ("after 2010", "2011-01-01", None, "after 2010"),
    ("later than 2010", "2011-01-01", None, "after 2010"),
    ("post-2010", "2011-01-01", None, "after 2010"),
    ("around 2015", "2014-07-02", "2016-07-01", "around 2015, 183 days either way"),
    # months
    ("in 03/2015", "2015-03-01", "2015-03-31", "in 2015-03"),
    ("in 3/2015", "2015-03-01", "2015-03-31", "in 2015-03"),
    ("2015-03", "2015-03-01", "2015-03-31", "in 2015-03"),
    ("in March 2015", "2015-03-01", "2015-03-31", "in 2015-03"),
    ("in march of 2015", "2015-03-01", "2015-03-31", "in 2015-03"),
    ("in Mar '15", "2015-03-01", "2015-03-31", "in 2015-03"),
    ("Sept. 2015", "2015-09-01", "2015-09-30", "in 2015-09"),
    ("May 2015", "2015-05-01", "2015-05-31", "in 2015-05"),
    ("in March of last year", "2020-03-01", "2020-03-31", "in 2020-03"),
    ("March last year", "2020-03-01", "2020-03-31", "in 2020-03"),
    ("in February of this year", "2021-02-01", "2021-02-28", "in 2021-02"),
    ("in March", "2021-03-01", "2021-03-31", "in 2021-03"),
    ("in July", "2021-07-01", "2021-07-31", "in 2021-07"),
    ("in August", "2020-08-01", "2020-08-31", "in 2020-08"),
    ("last March", "2021-03-01", "2021-03-31", "in 2021-03"),
    ("last July", "2020-07-01", "2020-07-31", "in 2020-07"),
    ("in last March", "2021-03-01", "2021-03-31", "in 2021-03"),
    ("last year in March", "2020-03-01", "2020-03-31", "in 2020-03"),
    ("in 03/last year", "2020-03-01", "2020-03-31", "in 2020-03"),
    ("in 03 last year", "2020-03-01", "2020-03-31", "in 2020-03"),
    ("in month 03 of last year", "2020-03-01", "2020-03-31", "in 2020-03"),
    ("in 05/this year", "2021-05-01", "2021-05-31", "in 2021-05"),
    ("since 03/the year before last", "2019-03-01", None, "since 2019-03"),
    ("before 03/last year", None, "2020-02-29", "before 2020-03"),
    ("between 03/last year and 05/this year", "2020-03-01", "2021-05-31", "from 2020-03 to 2021-05"),
    ("since May", "2021-05-01", None, "since 2021-05"),
    ("since 03/2012", "2012-03-01", None, "since 2012-03"),
    ("since March 2012", "2012-03-01", None, "since 2012-03"),
    ("until 03/2016", None, "2016-03-31", "until 2016-03"),
    ("prior to 2010-05", None, "2010-04-30", "before 2010-05"),
    ("after February 2012", "2012-03-01", None, "after 2012-02"),
    # days
    ("on 2015-03-04", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("2015/03/04", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("2015-03-04T10:00:00+02:00", "2015-03-04", "2015-03-04", "at 2015-03-04 10:00"),
    ("3/4/2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("on 3/4/15", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("23/4/2015", "2015-04-23", "2015-04-23", "on 2015-04-23"),
    ("4.3.2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("March 4th 2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("March 4, 2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("on the 4th of March, 2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("4 March 2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("4-Mar-2015", "2015-03-04", "2015-03-04", "on 2015-03-04"),
    ("on March 4th", "2021-03-04", "2021-03-04", "on 2021-03-04"),
    ("on December 24", "2020-12-24", "2020-12-24", "on 2020-12-24"),
    ("on February 29", "2020-02-29", "2020-02-29", "on 2020-02-29"),
    ("on 12/05/last year", "2020-12-05", "2020-12-05", "on 2020-12-05"),
    ("on 12/05 of last year", "2020-12-05", "2020-12-05", "on 2020-12-05"),
    ("on 2/29/last year", "2020-02-29", "2020-02-29", "on 2020-02-29"),
    ("on last month/17", "2021-06-17", "2021-06-17", "on 2021-06-17"),
    ("17/last month", "2021-06-17", "2021-06-17", "on 2021-06-17"),
    ("the 17th of last month", "2021-06-17", "2021-06-17", "on 2021-06-17"),
    ("on the 1st of this month", "2021-07-01", "2021-07-01", "on 2021-07-01"),
    ("on the seventeenth of the month before last", "2021-05-17", "2021-05-17", "on 2021-05-17"),
    ("last month on the 17th", "2021-06-17", "2021-06-17", "on 2021-06-17"),
    ("from last month/03 to last month/17", "2021-06-03", "2021-06-17", "from 2021-06-03 to 2021-06-17"),
    ("since 2015-04-02", "2015-04-02", None, "since 2015-04-02"),
    ("on or after 2015-04-02", "2015-04-02", None, "since 2015-04-02"),
    ("on or before 2015-04-02", None, "2015-04-02", "until 2015-04-02"),
    (">= 2015-04-02", "2015-04-02", None, "since 2015-04-02"),
    ("as of 2015-04-02", None, "2015-04-02", "until 2015-04-02"),
    ("before 2015-04-02", None, "2015-04-01", "before 2015-04-02"),
    ("after 2015-04-02", "2015-04-03", None, "after 2015-04-02"),
    ("around 2015-03-04", "2015-02-02", "2015-04-03", "around 2015-03-04, 30 days either way"),
    ("on Monday", "2021-06-28", "2021-06-28", "on 2021-06-28"),
    ("last Thursday", "2021-06-24", "2021-06-24", "on 2021-06-24"),
    # quarters, halves, seasons, decades, parts
    ("in Q1 2020", "2020-01-01", "2020-03-31", "in 2020-Q1"),
    ("2020 Q4", "2020-10-01", "2020-12-31", "in 2020-Q4"),
    ("the third quarter of 2019", "2019-07-01", "2019-09-30", "in 2019-Q3"),
    ("the last quarter of last year", "2020-10-01", "2020-12-31", "in 2020-Q4"),
    ("in the second half of 2019", "2019-07-01", "2019-12-31", "in the second half of 2019"),
    ("in the first half of last month", "2021-06-01", "2021-06-15", "in the first half of 2021-06"),
    ("the last week of February 2020", "2020-02-23", "2020-02-29", "in the last week of 2020-02"),
    ("the second week of March", "2021-03-08", "2021-03-14", "in the second week of 2021-03"),
    ("in the summer of 2019", "2019-06-01", "2019-08-31", "in summer 2019"),
    ("winter 2019", "2019-12-01", "2020-02-29", "in winter 2019/20"),
    ("last summer", "2020-06-01", "2020-08-31", "in summer 2020"),
    ("since the beginning of the year", "2021-01-01", None, "since early 2021"),
    ("until the end of last month", None, "2021-06-30", "until late 2021-06"),
    ("the prior 6 months", "2021-01-01", "2021-07-01", "in the last 6 months (since 2021-01-01)"),
    ("from Q1 to Q3 2020", "2020-01-01", "2020-09-30", "from 2020-Q1 to 2020-Q3"),
    ("on/after 2015", "2015-01-01", None, "since 2015"),
    ("this spring", "2021-03-01", "2021-05-31", "in spring 2021"),
    ("in the 1990s", "1990-01-01", "1999-12-31", "in the 1990s"),
    ("in the nineties", "1990-01-01", "1999-12-31", "in the 1990s"),
    ("since the 80s", "1980-01-01", None, "since the 1980s"),
    ("in the 2010s", "2010-01-01", "2019-12-31", "in the 2010s"),
    ("late nineties", "1996-09-01", "1999-12-31", "in late 1990s"),
    ("in early 2015", "2015-01-01", "2015-04-30", "in early 2015"),
    ("mid-2015", "2015-05-01", "2015-08-31", "in mid 2015"),
    ("late March 2015", "2015-03-21", "2015-03-31", "in late 2015-03"),
    ("since the beginning of 2015", "2015-01-01", None, "since early 2015"),
    ("by the end of 2015", None, "2015-12-31", "until late 2015"),
    ("until the end of last year", None, "2020-12-31", "until late 2020"),
    # told from the clock
    ("last year", "2020-01-01", "2020-12-31", "last year (2020)"),
    ("the previous year", "2020-01-01", "2020-12-31", "last year (2020)"),
    ("this year", "2021-01-01", "2021-07-01", "this year (2021)"),
    ("year to date", "2021-01-01", "2021-07-01", "this year (2021)"),
    ("the year before last", "2019-01-01", "2019-12-31", "the year before last (2019)"),
    ("last month", "2021-06-01", "2021-06-30", "last month (2021-06)"),
    ("this month", "2021-07-01", "2021-07-01", "this month (2021-07)"),
    ("last week", "2021-06-21", "2021-06-27", "last week (2021-06-21 to 2021-06-27)"),
    ("this week", "2021-06-28", "2021-07-01", "this week (2021-06-28 to 2021-07-04)"),
    ("last quarter", "2021-04-01", "2021-06-30", "last quarter (2021-Q2)"),
    ("yesterday", "2021-06-30", "2021-06-30", "yesterday (2021-06-30)"),
    ("the day before yesterday", "2021-06-29", "2021-06-29", "the day before yesterday (2021-06-29)"),
    ("today", "2021-07-01", "2021-07-01", "today (2021-07-01)"),
    ("until now", None, "2021-07-01", "until 2021-07-01 (now)"),
    ("up to today", None, "2021-07-01", "until 2021-07-01 (today)"),
    ("since last year", "2020-01-01", None, "since 2020-01-01 (last year)"),
    ("until last month", None, "2021-06-30", "until 2021-06-30 (last month)"),
    ("before this year", None, "2020-12-31", "before 2021-01-01 (this year)"),
    ("since yesterday", "2021-06-30", None, "since 2021-06-30 (yesterday)"),
    # rolling back from the clock
    ("in the past five years", "2016-07-01", "2021-07-01", "in the last 5 years (since 2016-07-01)"),
    ("in the past two years", "2019-07-01", "2021-07-01", "in the last 2 years (since 2019-07-01)"),
    ("over the last couple of years", "2019-07-01", "2021-07-01", "in the last 2 years (since 2019-07-01)"),
    ("in the last few years", "2018-07-01", "2021-07-01", "in the last 3 years (since 2018-07-01)"),
    ("in the past 6 months", "2021-01-01", "2021-07-01", "in the last 6 months (since 2021-01-01)"),
    ("within 12 months", "2020-07-01", "2021-07-01", "in the last 12 months (since 2020-07-01)"),
    ("within the last twelve months", "2020-07-01", "2021-07-01", "in the last 12 months (since 2020-07-01)"),
    ("over the last 90 days", "2021-04-02", "2021-07-01", "in the last 90 days (since 2021-04-02)"),
    ("for the past decade", "2011-07-01", "2021-07-01", "in the last 10 years (since 2011-07-01)"),
    ("in the past year", "2020-07-01", "2021-07-01", "in the last year (since 2020-07-01)"),
    ("in the last year", "2020-07-01", "2021-07-01", "in the last year (since 2020-07-01)"),
    ("during the past half a year", "2021-01-01", "2021-07-01", "in the last 6 months (since 2021-01-01)"),
    ("the last year and a half", "2020-01-01", "2021-07-01", "in the last 18 months (since 2020-01-01)"),
    ("in the last 24 hours", "2021-06-30", "2021-07-01", "in the last 24 hours (since 2021-06-30)"),
    ("since the last 2 years", "2019-07-01", None, "since 2019-07-01 (the last 2 years)"),
    ("recently", "2020-07-01", "2021-07-01", "recently, in the last 12 months (since 2020-07-01)"),
    ("lately", "2020-07-01", "2021-07-01", "recently, in the last 12 months (since 2020-07-01)"),
    # ago
    ("since 3 years ago", "2018-07-01", None, "since 2018-07-01 (3 years ago)"),
    ("since 17 months ago", "2020-02-01", None, "since 2020-02-01 (17 months ago)"),
    ("until 2 years ago", None, "2019-07-01", "until 2019-07-01 (2 years ago)"),
    ("until 1 years ago", None, "2020-07-01", "until 2020-07-01 (1 year ago)"),
    ("during until 2 years ago", None, "2019-07-01", "until 2019-07-01 (2 years ago)"),
    ("before 2 years ago", None, "2019-06-30", "before 2019-07-01 (2 years ago)"),
    ("2 years ago", "2019-01-01", "2019-12-31", "2 years ago (2019)"),
    ("in 2 years ago", "2019-01-01", "2019-12-31", "2 years ago (2019)"),
    ("three months ago", "2021-04-01", "2021-04-30", "3 months ago (2021-04)"),
    ("a week ago", "2021-06-21", "2021-06-27", "1 week ago (2021-06-21 to 2021-06-27)"),
    ("10 days ago", "2021-06-21", "2021-06-21", "10 days ago (2021-06-21)"),
    ("twenty-five years ago", "1996-01-01", "1996-12-31", "25 years ago (1996)"),
    ("a decade ago", "2011-01-01", "2011-12-31", "10 years ago (2011)"),
    ("more than 2 years ago", None, "2019-06-30", "more than 2 years ago (2019) (before 2019-07-01)"),
    ("less than 2 years ago", "2019-07-01", "2021-07-01", "in the last 2 years (since 2019-07-01)"),
    ("between 2 and 4 years ago", "2017-07-01", "2019-07-01", "from 2017-07-01 to 2019-07-01"),
    # ranges
    ("between 2010 and 2014", "2010-01-01", "2014-12-31", "from 2010 to 2014"),
    ("between the years 2010 and 2014", "2010-01-01", "2014-12-31", "from 2010 to 2014"),
    ("from 2010 to 2014", "2010-01-01", "2014-12-31", "from 2010 to 2014"),
    ("from March 2012 until June 2013", "2012-03-01", "2013-06-30", "from 2012-03 to 2013-06"),
    ("2010-2014", "2010-01-01", "2014-12-31", "from 2010 to 2014"),
    ("in 2010–2014", "2010-01-01", "2014-12-31", "from 2010 to 2014"),
    ("2012 through 2015", "2012-01-01", "2015-12-31", "from 2012 to 2015"),
    ("from 2014 to 2010", "2010-01-01", "2014-12-31", "from 2010 to 2014"),
    ("between March and June 2013", "2013-03-01", "2013-06-30", "from 2013-03 to 2013-06"),
    ("from November to February 2013", "2012-11-01", "2013-02-28", "from 2012-11 to 2013-02"),
    ("from 2015-03-04 to 2015-04-02", "2015-03-04", "2015-04-02", "from 2015-03-04 to 2015-04-02"),
    ("2015-03-04/2015-04-02", "2015-03-04", "2015-04-02", "from 2015-03-04 to 2015-04-02"),
    ("03/2015 - 05/2015", "2015-03-01", "2015-05-31", "from 2015-03 to 2015-05"),
    ("since 2012 until 2015", "2012-01-01", "2015-12-31", "from 2012 to 2015"),
    ("since 2012 but before 2015", "2012-01-01", "2014-12-31", "since 2012, before 2015"),
    ("after 2012 and before 2015", "2013-01-01", "2014-12-31", "after 2012, before 2015"),
    (
        "from 2 years ago to last month",
        "2019-07-01",
        "2021-06-30",
        "from 2019-07-01 (2 years ago) to 2021-06-30 (last month)",
    ),
    ("from 2019 to now", "2019-01-01", "2021-07-01", "from 2019 to 2021-07-01 (now)"),
    ("in the 2 years before 2015", "2013-01-01", "2014-12-31", "within 2 years before 2015"),
    ("within 3 months of 2015-03-04", "2014-12-04", "2015-06-04", "within 3 months of 2015-03-04"),
    # any time
    ("ever", None, None, "at any time"),
    ("at any time", None, None, "at any time"),
    ("at any point", None, None, "at any time"),
    ("on record", None, None, "at any time"),
    ("in total", None, None, "at any time"),
    ("overall", None, None, "at any time"),
    ("so far", None, None, "at any time"),
    ("of all time", None, None, "at any time"),
    ("in the past", None, None, "at any time"),
    ("at any point until 07/2015", None, "2015-07-31", "until 2015-07"),
    # a life; born on 1980-05-02
    ("when she was 40", "2020-05-02", "2021-05-01", "at age 40 (2020-05-02 to 2021-05-01)"),
    ("when the patient was 40 years old", "2020-05-02", "2021-05-01", "at age 40 (2020-05-02 to 2021-05-01)"),
    (
        "when Addie Tremblay was 40 years old",
        "2020-05-02",
        "2021-05-01",
        "at age 40 (2020-05-02 to 2021-05-01)",
    ),
    ("at age 40", "2020-05-02", "2021-05-01", "at age 40 (2020-05-02 to 2021-05-01)"),
    ("at the age of forty", "2020-05-02", "2021-05-01", "at age 40 (2020-05-02 to 2021-05-01)"),
    ("in his thirties", "2010-05-02", "2020-05-01", "between age 30 and 39 (2010-05-02 to 2020-05-01)"),
    ("in her 30s", "2010-05-02", "2020-05-01", "between age 30 and 39 (2010-05-02 to 2020-05-01)"),
    ("before age 18", None, "1998-05-01", "before 1998-05-02 (age 18)"),
    ("before the age of 18", None, "1998-05-01", "before 1998-05-02 (age 18)"),
    ("since age 30", "2010-05-02", None, "since 2010-05-02 (age 30)"),
    ("as a child", "1980-05-02", "1993-05-01", "as a child (1980-05-02 to 1993-05-01)"),
    ("during childhood", "1980-05-02", "1993-05-01", "in childhood (1980-05-02 to 1993-05-01)"),
    ("when he was a teenager", "1993-05-02", "2000-05-01", "as a teenager (1993-05-02 to 2000-05-01)"),
    ("as an adult", "1998-05-02", None, "as an adult (since 1998-05-02)"),
    (
        "between the ages of 20 and 30",
        "2000-05-02",
        "2011-05-01",
        "between age 20 and 30 (2000-05-02 to 2011-05-01)",
    ),
    ("between ages 20-30", "2000-05-02", "2011-05-01", "between age 20 and 30 (2000-05-02 to 2011-05-01)"),
    ("in the first year of life", "1980-05-02", "1981-05-01", "in the first year of life (until 1981-05-01)"),
    (
        "in the first 6 months of life",
        "1980-05-02",
        "1980-11-01",
        "in the first 6 months of life (until 1980-11-01)",
    ),
    ("at birth", "1980-05-02", "1980-05-02", "at birth (1980-05-02)"),
    ("since birth", "1980-05-02", None, "since 1980-05-02 (birth)"),
]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@pytest.mark.parametrize(("text", "first", "last", "label"), CALENDAR, ids=[case[0] for case in CALENDAR])
def test_a_phrase_means_these_days(text: str, first: str | None, last: str | None, label: str) -> None:
    period = resolve(text, record())
    assert period is not None
    assert (_iso(period.span.first), _iso(period.span.last), period.label) == (first, last, label)


# text, earliest and latest local minute on the first and last day
TIMES_OF_DAY = [
    ("at 2015-03-04 10:05", "2015-03-04 10:05", "2015-03-04 10:05"),
    ("on 3/4/2015 at 9:05", "2015-03-04 09:05", "2015-03-04 09:05"),
    ("on March 4, 2015 at 9:05 pm", "2015-03-04 21:05", "2015-03-04 21:05"),
    ("on 4 March 2015, 12:05 am", "2015-03-04 00:05", "2015-03-04 00:05"),
    ("since 2015-03-04T10:05:00Z", "2015-03-04 10:05", ""),
    ("until 2015-03-04 10:05", "", "2015-03-04 10:05"),
    ("before 2015-03-04 00:00", "", "2015-03-03 23:59"),
    ("after 2015-03-04 23:59", "2015-03-05 00:00", ""),
    ("around 2015-03-04 10:05", "2015-03-04 09:05", "2015-03-04 11:05"),
    ("between 2015-03-04 10:05 and 2015-03-04 12:00", "2015-03-04 10:05", "2015-03-04 12:00"),
    ("since 2015-03-04 10:05 but before 2015-03-05", "2015-03-04 10:05", ""),
    ("on 12/05/last year at 10:05", "2020-12-05 10:05", "2020-12-05 10:05"),
    ("on last month/17 at 5:00 pm", "2021-06-17 17:00", "2021-06-17 17:00"),
    ("on 2015-03-04", "", ""),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), TIMES_OF_DAY)
def test_a_time_of_day_is_read_to_the_minute(text: str, earliest: str, latest: str) -> None:
    period = resolve(text, record())
    assert period is not None
    assert (period.span.earliest, period.span.latest) == (earliest, latest)


INSIDE = [
    ("2015-03-04T10:04:59+01:00", False),
    ("2015-03-04T10:05:30+01:00", True),
    ("2015-03-04", False),
    ("2015-03-05", True),
]


@pytest.mark.parametrize(("recorded", "inside"), INSIDE)
def test_what_is_recorded_without_a_time_is_not_surely_after_one(recorded: str, inside: bool) -> None:
    period = resolve("since 2015-03-04 10:05", record())
    assert period is not None
    assert period.span.holds(parse_when(recorded)) == inside


# text, now, first day, last day
CLOCKS = [
    ("since a month ago", date(2021, 3, 31), "2021-02-28", None),
    ("since a month ago", date(2020, 3, 31), "2020-02-29", None),
    ("since 1 year ago", date(2020, 2, 29), "2019-02-28", None),
    ("since 4 years ago", date(2020, 2, 29), "2016-02-29", None),
    ("last month", date(2021, 1, 31), "2020-12-01", "2020-12-31"),
    ("last quarter", date(2021, 2, 1), "2020-10-01", "2020-12-31"),
    ("last week", date(2021, 1, 3), "2020-12-21", "2020-12-27"),
    ("this week", date(2021, 1, 3), "2020-12-28", "2021-01-03"),
    ("in February 2020", date(2021, 1, 3), "2020-02-01", "2020-02-29"),
    ("in December", date(2021, 1, 3), "2020-12-01", "2020-12-31"),
    ("this year", date(2021, 1, 1), "2021-01-01", "2021-01-01"),
    ("last winter", date(2021, 1, 3), "2020-12-01", "2021-02-28"),
    ("in the nineties", date(1995, 1, 3), "1990-01-01", "1999-12-31"),
    ("since 999 years ago", date(900, 1, 3), "0001-01-01", None),
]


@pytest.mark.parametrize(("text", "now", "first", "last"), CLOCKS)
def test_the_clock_decides(text: str, now: date, first: str, last: str | None) -> None:
    period = resolve(text, record(now))
    assert period is not None
    assert (_iso(period.span.first), _iso(period.span.last)) == (first, last)


def test_limits_that_leave_no_day_are_refused() -> None:
    wish = "expected limits that leave at least one day, e.g. 'since 03/2012'."
    with pytest.raises(BadArgument) as refused:
        resolve("after 2015 but before 2012", record())
    assert str(refused.value) == f"period 'after 2015 but before 2012': {wish}"


def test_someone_born_on_a_leap_day_ages_on_the_first_of_march() -> None:
    period = resolve("at age 41", record(born="1980-02-29"))
    assert period is not None
    assert (_iso(period.span.first), _iso(period.span.last)) == ("2021-03-01", "2022-02-28")


def test_without_a_day_of_birth_there_is_no_age() -> None:
    assert resolve("at age 41", record(born="")) is None


NOT_UNDERSTOOD = [
    "",
    "   ",
    "glucose",
    "the last 3 visits",
    "in the meantime",
    "2015-02-30",
    "31/31/2015",
    "on 2015-03-04 25:00",
    "in 13/last year",
    "on 2/30/last year",
    "on last month/31",
    "on the 31st of last month",
    "the third half of last month",
]


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadArgument, match=r"expected a period, e\.g\. 'since 03/2012'\."):
        resolve(text, record())


# question, the phrases in it; those that hang on an event in braces
SENTENCES = [
    ("What was the highest HDL since 2020-05-17?", ["since 2020-05-17"]),
    ("Since 08/2015, when exactly was the last lab test undertaken?", ["Since 08/2015"]),
    ("Which medication was last administered to her during until 2 years ago?", ["during until 2 years ago"]),
    ("What was the lowest diastolic BP until 1 years ago?", ["until 1 years ago"]),
    (
        "This year, quantify the occasions Penicillin V Potassium 500 MG Oral Tablet was prescribed.",
        ["This year"],
    ),
    ("How many procedures did I go through until 2021?", ["until 2021"]),
    ("How many operations has she been through in 2015?", ["in 2015"]),
    ("Did I have a mammogram last year or this year?", ["last year", "this year"]),
    ("Any ER visits in the past 6 months?", ["in the past 6 months"]),
    ("Was she ever on warfarin", ["ever"]),
    ("How many ER visits in total?", ["in total"]),
    ("Any recent hospitalizations?", ["recent"]),
    ("Has he been seen lately?", ["lately"]),
    ("Compare the LDL in 2015 and in 2016", ["in 2015", "in 2016"]),
    ("the 2019 colonoscopy", ["the 2019"]),
    ("weight 03/2015", ["03/2015"]),
    ("What happened between March and June 2013?", ["between March and June 2013"]),
    ("Labs from 2012 through 2015 please", ["from 2012 through 2015"]),
    ("visits 2015 up to today", ["2015 up to today"]),
    ("BMI 2010-2014", ["2010-2014"]),
    ("flu shots from 2015 onwards", ["from 2015 onwards"]),
    ("How was her weight in the spring of 2019?", ["in the spring of 2019"]),
    ("What was the glucose on March 4th, 2015?", ["on March 4th, 2015"]),
    ("What was the glucose on 3/4/2015?", ["on 3/4/2015"]),
    ("Was an aspirin given in May?", ["in May"]),
    ("vaccines in March of last year", ["in March of last year"]),
    ("Was the pulse above 90 in 03/last year?", ["in 03/last year"]),
    ("How much output on 12/24/this year?", ["on 12/24/this year"]),
    ("How much output on 2/30/this year?", ["on 2/30/this year"]),
    ("On last month/17, what was the mean pulse?", ["On last month/17"]),
    ("What was the pulse on the 17th of last month?", ["on the 17th of last month"]),
    ("What was the pulse in the first half of last month?", ["in the first half of last month"]),
    ("Was the pulse above 12 last year?", ["last year"]),
    ("What happened two years ago?", ["two years ago"]),
    ("Which drugs did he take in his forties?", ["in his forties"]),
    ("Did she have asthma as a child?", ["as a child"]),
    ("What was her weight when she was 40?", ["when she was 40"]),
    ("What was his weight at age 12, at birth and today", ["at age 12", "at birth", "today"]),
    ("vaccinations before age 18", ["before age 18"]),
    ("diagnoses between the ages of 20 and 30", ["between the ages of 20 and 30"]),
    ("Highest systolic BP over the last couple of years", ["over the last couple of years"]),
    ("since 2012 but before 2015, what was the mean?", ["since 2012", "before 2015"]),
    ("Was Lasix 40mg prescribed to me in 10/2018?", ["in 10/2018"]),
    ("Is the patient’s LDL above 130 since ’15?", ["since ’15"]),
    ("How many visits in the 2 years before 2015?", ["in the 2 years before 2015"]),
    ("What did she take on or after 2015-04-02?", ["on or after 2015-04-02"]),
    ("A1c until the end of last year", ["until the end of last year"]),
    ("How has the A1c changed in the first 6 months of life?", ["in the first 6 months of life"]),
    # events
    ("Total output in the last icu visit that she had", ["{in the last icu visit}"]),
    ("Total output during the last icu visit she had", ["{during the last icu visit}"]),
    ("Drugs during the last hospital visit via iv route", ["{during the last hospital visit}"]),
    ("Creatinine on the second to last hospital visit", ["{on the second to last hospital visit}"]),
    ("Which labs were done during this hospital visit?", ["{during this hospital visit}"]),
    ("How was he admitted in terms of admission type?", []),
    ("What was the A1c before starting insulin?", ["{before starting insulin}"]),
    ("Was Facial laceration diagnosed before Drug overdose?", ["{before Drug overdose}"]),
    (
        "What was the A1c before and after starting insulin?",
        ["{before starting insulin}", "{after starting insulin}"],
    ),
    ("Which labs were done during the last admission?", ["{during the last admission}"]),
    ("During the last admission which labs were done?", ["{During the last admission}"]),
    ("After the appendectomy, was there any infection?", ["{After the appendectomy}"]),
    ("Any new problems since the last visit?", ["{since the last visit}"]),
    ("What happened in the ER visit of March 2019?", ["{in the ER visit of March 2019}"]),
    ("Which drugs were given in the hospital stay of 2019-04-03?", ["{in the hospital stay of 2019-04-03}"]),
    ("What was the blood pressure at the last visit?", ["{at the last visit}"]),
    (
        'At his last visit recorded as "check up", what was the BMI?',
        ['{At his last visit recorded as "check up"}'],
    ),
    ('What was my weight the last time I came for "check up"?', ['{the last time I came for "check up"}']),
    ('Pulse at last "check up"?', ['{at last "check up"}']),
    ("What was the A1c before the latest one?", []),
    ("What was the A1c, the one before the last?", []),
    ("Which drugs did she take before the diabetes was diagnosed?", ["{before the diabetes was diagnosed}"]),
    ("What was the creatinine after he was put on lisinopril", ["{after he was put on lisinopril}"]),
    ("Highest potassium while on lisinopril", ["{while on lisinopril}"]),
    ("Was she on metformin when she was admitted?", ["{when she was admitted}"]),
    ("How old was the patient when Otitis media was diagnosed?", ["{when Otitis media was diagnosed}"]),
    ("Was the A1c before starting insulin above 8?", ["{before starting insulin}"]),
    ("How many labs after the appendectomy were done?", ["{after the appendectomy}"]),
    ("Readmissions within 30 days of discharge", ["{within 30 days of discharge}"]),
    ("What was the weight in the 6 months before the surgery?", ["{in the 6 months before the surgery}"]),
    ("Infections following surgery", ["{following surgery}"]),
    ("What happened at her 2019 wellness visit?", ["{at her 2019 wellness visit}"]),
    ("What medications was she on in 2015-2016?", ["in 2015-2016"]),
    ("What was the A1c as of 2015?", ["as of 2015"]),
    ("Was she admitted when she was in her twenties?", ["when she was in her twenties"]),
    ("Did BMI rise after starting prednisone compared to before?", ["{after starting prednisone}"]),
    ("Any labs since the beginning of the year?", ["since the beginning of the year"]),
    ("What was measured on/after 2015?", ["on/after 2015"]),
    ("Was she hospitalised in the 90s?", ["in the 90s"]),
    ("Was glucose measured during pregnancy since 2015?", ["{during pregnancy}", "since 2015"]),
]


def _shown(mention: Mention) -> str:
    return f"{{{mention.text}}}" if mention.anchored else mention.text


@pytest.mark.parametrize(("question", "phrases"), SENTENCES, ids=[case[0] for case in SENTENCES])
def test_a_question_names_these_periods(question: str, phrases: list[str]) -> None:
    assert [_shown(mention) for mention in mentions(question)] == phrases


TIMELESS = [
    "How many care teams look after me?",
    "What was her surname before she got married?",
    "Days since last colonoscopy?",
    "When was the last flu shot?",
    "What is the patient's latest weight?",
    "What was the last time I had a glucose test?",
    "What is the last lab test?",
    "How did the last 3 visits go?",
    "List the last 5 glucose values",
    "How often was Camila 28 Day Pack prescribed?",
    "Was Seasonique 91 Day Pack prescribed?",
    "Was 24 HR Metformin 500 MG given?",
    "Has he taken Acetaminophen 325 MG Oral Tablet?",
    "How old was she diagnosed with body mass index 30+ - obesity",
    "Does he have diabetes mellitus type 2?",
    "Does she have chronic kidney disease stage 3?",
    "Is there a 12 lead electrocardiogram?",
    "Was a level 3 visit billed?",
    "Was vitamin D 2000 IU prescribed?",
    "Is the vitamin 1000 MG active?",
    "Was the white count above 2000?",
    "Is the CK greater than 2000?",
    "Was her calorie count 2000 calories?",
    "May I see her allergies?",
    "Which drugs may cause a cough?",
    "Did he march on?",
    "What is the second diagnosis?",
    "Give me a second opinion",
    "What is her date of birth?",
    "Does she use birth control?",
    "How old is the patient?",
    "Is she 5 years old?",
    "By how much has hemoglobin changed between the first and the last measurement?",
    "What was the total cholesterol?",
    "How has her health been in total cholesterol terms",
    "What is the most recent A1c?",
    "Who prescribed insulin?",
    "How many days was the last hospital admission?",
    "Tell me when insulin was started",
    "When did the viral sinusitis resolve?",
    "Should it be taken before breakfast or after meals?",
    "And before that?",
    "And after that?",
    "Was there a first degree burn?",
    "Is there a history of fall?",
    "What is the blood pressure, 120/80?",
    "Was there a miscarriage in first trimester?",
    "Does he take 1-2 tablets per day?",
    "Does she take it three times a day?",
    "Dr. March and Dr. June were there",
    "Is the following correct: he smokes?",
    "What was recorded during the last measurement?",
    "What does the record say about his heart?",
    "Are the age and sex recorded?",
    "Is her diastolic pressure in the 90s?",
    "What is she on now?",
    "How long since the last tetanus shot?",
    "How many years has it been since the last colonoscopy?",
    "What is her APGAR score at 5 minutes?",
]


@pytest.mark.parametrize("question", TIMELESS)
def test_a_question_names_no_period(question: str) -> None:
    assert mentions(question) == ()


def _encounter(id: str, kind: str, name: str, start: str, end: str, reason: str = "") -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {"code": kind},
        "type": [{"text": name}],
        "subject": {"reference": "Patient/p"},
        "period": {"start": start, "end": end},
        "reasonCode": [{"text": reason}] if reason else [],
    }


def _condition(id: str, name: str, onset: str, abatement: str = "") -> dict[str, Any]:
    ended = {"abatementDateTime": abatement} if abatement else {}
    return {
        "resourceType": "Condition",
        "id": id,
        "code": {"text": name},
        "subject": {"reference": "Patient/p"},
        "clinicalStatus": {"coding": [{"code": "resolved" if abatement else "active"}]},
        "onsetDateTime": onset,
        **ended,
    }


def _prescription(id: str, name: str, authored: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "intent": "order",
        "status": status,
        "medicationCodeableConcept": {"text": name},
        "subject": {"reference": "Patient/p"},
        "authoredOn": authored,
    }


def _procedure(id: str, name: str, day: str) -> dict[str, Any]:
    return {
        "resourceType": "Procedure",
        "id": id,
        "status": "completed",
        "code": {"text": name},
        "subject": {"reference": "Patient/p"},
        "performedDateTime": day,
    }


def _report(name: str, display: str, day: str, result: str) -> dict[str, Any]:
    return {
        "resourceType": "DiagnosticReport",
        "id": name,
        "status": "final",
        "subject": {"reference": "Patient/p"},
        "code": {"text": display},
        "effectiveDateTime": day,
        "result": [{"reference": result}],
    }


LIFE: dict[str, list[dict[str, Any]]] = {
    "Encounter": [
        _encounter("pneumonia", "IMP", "Hospital admission", "2018-03-01", "2018-03-04", "Pneumonia"),
        _encounter("er", "EMER", "Emergency room admission", "2019-03-10", "2019-03-10"),
        _encounter("asthma", "IMP", "Hospital admission", "2019-04-03", "2019-04-10", "Asthma"),
        _encounter("checkup", "AMB", "Encounter for check up (procedure)", "2020-02-01", "2020-02-01"),
        _encounter("visit", "AMB", "Encounter for problem", "2021-05-05", "2021-05-05"),
    ],
    "Condition": [
        _condition("diabetes", "Diabetes", "2010-06-01"),
        _condition("pneumonia", "Pneumonia", "2018-02-25", "2018-03-20"),
        _condition("pregnancy", "Normal pregnancy", "2008-01-10", "2008-10-01"),
        _condition("overdose", "Drug overdose", "2015-01-01", "2015-02-01"),
        _condition("childhood", "Childhood asthma", "1986-03-01", "1996-03-01"),
    ],
    "MedicationRequest": [
        _prescription("insulin1", "Insulin", "2012-04-01", "completed"),
        _prescription("insulin2", "Insulin", "2014-04-01", "active"),
        _prescription("lisinopril1", "Lisinopril", "2011-01-01", "completed"),
        _prescription("lisinopril2", "Lisinopril", "2013-01-01", "stopped"),
    ],
    "Procedure": [
        _procedure("appendectomy", "Appendectomy", "1999-09-09"),
        _procedure("colonoscopy1", "Colonoscopy", "2010-01-01"),
        _procedure("colonoscopy2", "Colonoscopy", "2020-01-01"),
    ],
    "DiagnosticReport": [_report("lipids", "Lipid panel", "2020-05-01", "Observation/ldl")],
}

# text, first day, last day, what it hangs on; the encounter itself with an asterisk
EVENTS = [
    ("since the last visit", "2021-05-05", None, "Encounter/visit"),
    ("at the last visit", "2021-05-05", "2021-05-05", "*Encounter/visit"),
    ('at the last visit of type "check up"', "2020-02-01", "2020-02-01", "*Encounter/checkup"),
    ('At Ann Lee\'s most recent "encounter for problem"', "2021-05-05", "2021-05-05", "*Encounter/visit"),
    ("the last time she came for “Encounter for check up”", "2020-02-01", "2020-02-01", "*Encounter/checkup"),
    ('at the last "well child visit"', "2020-02-01", "2020-02-01", "*Encounter/checkup"),
    ('at the last "dialysis session"', None, None, None),
    ("in the last lipid panel report", "2020-05-01", "2020-05-01", "DiagnosticReport/lipids"),
    ("in the last urinalysis report", None, None, None),
    ("since the last admission", "2019-04-03", None, "Encounter/asthma"),
    ("since her last checkup", "2020-02-01", None, "Encounter/checkup"),
    ("since the last check-up", "2020-02-01", None, "Encounter/checkup"),
    ("during the last admission", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("during the last hospital stay", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("during the most recent hospitalisation", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("during the first hospitalization", "2018-03-01", "2018-03-04", "*Encounter/pneumonia"),
    ("during the second admission", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("during the third admission", None, None, None),
    ("during the admission for pneumonia", "2018-03-01", "2018-03-04", "*Encounter/pneumonia"),
    ("during the admission of 2019-04-03", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("during the admission in 2018", "2018-03-01", "2018-03-04", "*Encounter/pneumonia"),
    ("during the admission in 2017", None, None, None),
    ("in the ER visit of March 2019", "2019-03-10", "2019-03-10", "*Encounter/er"),
    ("at the last emergency room visit", "2019-03-10", "2019-03-10", "*Encounter/er"),
    ("the last admission", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("at her 2020 checkup", "2020-02-01", "2020-02-01", "*Encounter/checkup"),
    ("while hospitalized", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("while in the hospital", "2019-04-03", "2019-04-10", "*Encounter/asthma"),
    ("when she was admitted", "2019-04-03", "2019-04-03", "Encounter/asthma"),
    ("on admission", "2019-04-03", "2019-04-03", "Encounter/asthma"),
    ("at discharge", "2019-04-10", "2019-04-10", "Encounter/asthma"),
    ("after discharge", "2019-04-11", None, "Encounter/asthma"),
    ("within 30 days of discharge", "2019-03-11", "2019-05-10", "Encounter/asthma"),
    ("within 30 days after discharge", "2019-04-11", "2019-05-10", "Encounter/asthma"),
    ("since the cardiology visit", None, None, None),
    ("before the diabetes was diagnosed", None, "2010-05-31", "Condition/diabetes"),
    ("since the diabetes was diagnosed", "2010-06-01", None, "Condition/diabetes"),
    ("after the diagnosis of diabetes", "2010-06-02", None, "Condition/diabetes"),
    ("since she was diagnosed with diabetes", "2010-06-01", None, "Condition/diabetes"),
    ("when diabetes was diagnosed", "2010-06-01", "2010-06-01", "Condition/diabetes"),
    ("at the time of diagnosis of diabetes", "2010-06-01", "2010-06-01", "Condition/diabetes"),
    ("before the diagnosis of cystic fibrosis", None, None, None),
    ("before Drug overdose", None, "2014-12-31", "Condition/overdose"),
    ("during the pneumonia", "2018-02-25", "2018-03-20", "Condition/pneumonia"),
    ("during the first pregnancy", "2008-01-10", "2008-10-01", "Condition/pregnancy"),
    ("while pregnant", "2008-01-10", "2008-10-01", "Condition/pregnancy"),
    ("after starting insulin", "2012-04-02", None, "MedicationRequest/insulin1"),
    ("before insulin was started", None, "2012-03-31", "MedicationRequest/insulin1"),
    ("since he was put on insulin", "2012-04-01", None, "MedicationRequest/insulin1"),
    ("while taking insulin", "2012-04-01", None, "MedicationRequest/insulin1 MedicationRequest/insulin2"),
    (
        "while on lisinopril",
        "2011-01-01",
        "2013-01-01",
        "MedicationRequest/lisinopril1 MedicationRequest/lisinopril2",
    ),
    ("in the 6 months before starting insulin", "2011-10-01", "2012-03-31", "MedicationRequest/insulin1"),
    ("after the appendectomy", "1999-09-10", None, "Procedure/appendectomy"),
    ("following the appendectomy", "1999-09-10", None, "Procedure/appendectomy"),
    ("after having an appendectomy", "1999-09-10", None, "Procedure/appendectomy"),
    ("at the time of the appendectomy", "1999-09-09", "1999-09-09", "Procedure/appendectomy"),
    ("since the colonoscopy", "2020-01-01", None, "Procedure/colonoscopy2"),
    ("before the first colonoscopy", None, "2009-12-31", "Procedure/colonoscopy1"),
    ("before she died", None, None, None),
    ("before the patient's first diagnosis of diabetes", None, "2010-05-31", "Condition/diabetes"),
    ("after the patient was first found to have diabetes", "2010-06-02", None, "Condition/diabetes"),
    ("after I first got pneumonia", "2018-02-26", None, "Condition/pneumonia"),
    ("after the first diagnosis of childhood asthma", "1986-03-02", None, "Condition/childhood"),
]


@pytest.mark.parametrize(("text", "first", "last", "anchors"), EVENTS, ids=[case[0] for case in EVENTS])
def test_a_clause_hangs_on_an_event(
    text: str, first: str | None, last: str | None, anchors: str | None
) -> None:
    period = resolve(text, record(resources=LIFE))
    if anchors is None:
        assert period is None
        return
    assert period is not None
    assert (_iso(period.span.first), _iso(period.span.last)) == (first, last)
    assert period.anchors == tuple(anchors.lstrip("*").split())
    assert period.encounter == (anchors[1:] if anchors.startswith("*") else "")
    assert period.results == (frozenset({"Observation/ldl"}) if "report" in text else None)


def _part(of: str) -> dict[str, Any]:
    return {"partOf": {"reference": f"Encounter/{of}"}}


UNIT = {"location": [{"location": {"display": "Medical Intensive Care Unit (MICU)"}}]}
PLACES = {
    "location": [
        {"location": {"display": "Neurology"}, "period": {"start": "2021-03-01T06:00:00+01:00"}},
        {
            "location": {"display": "Neuro Surgical Intensive Care Unit"},
            "period": {"start": "2021-03-02T07:30:00+01:00", "end": "2021-03-04T09:00:00+01:00"},
        },
    ]
}
HOSPITAL = {
    "Encounter": [
        _encounter("clinic", "AMB", "Clinic", "2018-01-05", "2018-01-05"),
        _encounter("first", "SS", "Encounter", "2019-02-03T05:00:00+01:00", "2019-02-06T17:00:00+01:00"),
        _encounter("er", "EMER", "Encounter", "2020-05-01T20:00:00+02:00", "2020-05-02T02:00:00+02:00")
        | _part("second"),
        _encounter("second", "EMER", "Encounter", "2020-05-02T02:00:00+02:00", "2020-05-09T12:00:00+02:00")
        | {"hospitalization": {"admitSource": {"text": "emergency room"}}},
        _encounter("unit", "ACUTE", "Encounter", "2020-05-03T08:00:00+02:00", "2020-05-05T08:00:00+02:00")
        | _part("second")
        | UNIT,
        _encounter("third", "IMP", "Encounter", "2021-03-01T06:00:00+01:00", "2021-03-09T12:00:00+01:00")
        | PLACES,
        _encounter("fourth", "OBSENC", "Encounter", "2021-06-28", "") | {"status": "in-progress"},
    ]
}
HOSPITAL["Encounter"][-1]["period"].pop("end")

# text, first day, last day, encounter; in brackets if only a time in it is meant
STAYS = [
    ("during the first hospital stay", "2019-02-03", "2019-02-06", "first"),
    ("during the first hospital visit", "2019-02-03", "2019-02-06", "first"),
    ("on the first hospital encounter", "2019-02-03", "2019-02-06", "first"),
    ("in their second admission", "2020-05-01", "2020-05-09", "second"),
    ("during Ann Lee's second hospitalization", "2020-05-01", "2020-05-09", "second"),
    ("during the last hospital stay", "2021-06-28", None, "fourth"),
    ("during the second to last admission", "2021-03-01", "2021-03-09", "third"),
    ("on the penultimate hospital visit", "2021-03-01", "2021-03-09", "third"),
    ("during the fifth admission", None, None, None),
    ("during the current admission", "2021-06-28", None, "fourth"),
    ("during this hospital visit", "2021-06-28", None, "fourth"),
    ("during this visit", "2021-06-28", None, "fourth"),
    ("during the current ICU stay", None, None, None),
    ("during this ICU stay", None, None, None),
    ("after the last discharge", "2021-03-10", None, "(third)"),
    ("during the first icu visit", "2020-05-03", "2020-05-05", "unit"),
    ("during the first MICU stay", "2020-05-03", "2020-05-05", "unit"),
    ("while in intensive care", "2021-03-02", "2021-03-04", "(third)"),
    ("during the last icu visit", "2021-03-02", "2021-03-04", "(third)"),
    ("during the second MICU stay", None, None, None),
    ("when she was first admitted to the ICU", "2020-05-03", "2020-05-03", "(unit)"),
    ("during the last ER visit", "2020-05-01", "2020-05-02", "er"),
    ("during the neurology admission", "2021-03-01", "2021-03-09", "third"),
    ("during the psychiatric admission", None, None, None),
    ("at the first visit", "2018-01-05", "2018-01-05", "clinic"),
    ("at the third visit", "2020-05-01", "2020-05-09", "second"),
    ("at the last visit", "2021-06-28", None, "fourth"),
    ("at the last outpatient visit", "2018-01-05", "2018-01-05", "clinic"),
    ("at the last hospital follow-up visit", "2018-01-05", "2018-01-05", "clinic"),
]


@pytest.mark.parametrize(("text", "first", "last", "encounter"), STAYS, ids=[case[0] for case in STAYS])
def test_a_stay_is_what_the_record_has_as_one(
    text: str, first: str | None, last: str | None, encounter: str | None
) -> None:
    period = resolve(text, record(resources=HOSPITAL))
    if encounter is None:
        assert period is None
        return
    assert period is not None
    assert (_iso(period.span.first), _iso(period.span.last)) == (first, last)
    assert period.anchors == (f"Encounter/{encounter.strip('()')}",)
    assert period.encounter == ("" if encounter.startswith("(") else f"Encounter/{encounter}")


def test_a_stay_in_a_unit_that_is_no_encounter_is_told_to_the_minute() -> None:
    period = resolve("during the last icu stay", record(resources=HOSPITAL))
    assert period is not None
    assert (period.span.earliest, period.span.latest) == ("2021-03-02 07:30", "2021-03-04 09:00")


@pytest.mark.parametrize(
    ("category", "noun"), [("inpatient", "hospital stay"), ("icu", "icu visit"), ("er", "er visit")]
)
@pytest.mark.parametrize("pick", ["first", "last"])
def test_a_stay_is_the_one_that_its_category_finds(category: str, noun: str, pick: Any) -> None:
    hospital = record(resources=HOSPITAL)
    found = find(hospital, kind="encounter", category=category, pick=pick)
    period = resolve(f"during the {pick} {noun}", hospital)
    assert period is not None
    assert period.anchors == found.references


PIECES = [text for text, *_ in (*CALENDAR, *EVENTS, *STAYS)] + [
    "last",
    "in",
    "the",
    "of",
    "99999",
    "31",
    "02",
    "/",
    "-",
    "'",
    "ago",
    "years",
    "age",
]
PHRASES = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=PHRASES, now=st.dates(min_value=date(1990, 1, 1)))
def test_whatever_the_words_there_is_a_period_or_one_kind_of_refusal(text: str, now: date) -> None:
    try:
        period = resolve(text, record(now, resources=LIFE))
    except BadArgument:
        return
    assert (
        period is None
        or not period.span.first
        or not period.span.last
        or period.span.first <= period.span.last
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(text=PHRASES)
def test_mentions_are_apart_in_order_and_quoted(text: str) -> None:
    found = mentions(text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert all(text[m.start : m.end] == m.text for m in found if not m.anchored)
