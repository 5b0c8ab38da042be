"""Words for times -> periods: "since 03/2012", "last year", "when she was 40", "before starting insulin".

`mentions` finds where a question names a period, `resolve` computes the period for one patient as of the
record's clock. The conventions: last year is the previous calendar year, the past year rolls back from the
clock; since, until and by include what is named, before and after exclude it. A time of day after a day is read to
the minute, in local time. Pure. Not covered: languages other than English.
"""

from tools.periods.period import Mention, Period
from tools.periods.resolving import resolve
from tools.periods.scan import mentions

__all__ = ["Mention", "Period", "mentions", "resolve"]
