"""What amount words state, as laboratories of several countries write results and reference ranges."""

import pytest

from tools.units import stated

# words -> least, most ("" if open, "(" and ")" where the end does not count), unit
STATED = [
    ("7,4", "7.4 7.4", ""),
    ("35", "35 35", ""),
    ("-2.5", "-2.5 -2.5", ""),
    ("0,041", "0.041 0.041", ""),
    ("12,345.6", "12345.6 12345.6", ""),
    ("1.234,5", "1234.5 1234.5", ""),
    ("98.6 °F", "98.6 98.6", "°F"),
    ("40%", "40 40", "%"),
    ("5.2 H", "5.2 5.2", ""),
    ("5.2 mmol/L (H)", "5.2 5.2", "mmol/L"),
    ("4.1 hemolyzed", "4.1 4.1", ""),
    ("> 7.0 CRITICAL", "(7.0 -", ""),
    ("<0.01", "- 0.01)", ""),
    ("≥ 90 mL/min/1.73m2", "90 -", "mL/min/1.73m2"),
    ("greater than 10", "(10 -", ""),
    ("5 or more", "5 -", ""),
    ("1:320", "320 320", ""),
    ("<1:40", "- 40)", ""),
    ("1:320 speckled", "320 320", ""),
    ("35-40 %", "35 40", "%"),
    ("0-2 /HPF", "0 2", "/HPF"),
    ("1 to 2 mg", "1 2", "mg"),
    ("-2 - 2", "-2 2", ""),
    ("3,5-5,1", "3.5 5.1", ""),
    ("70–99", "70 99", ""),
    ("3.5 mmol/L - 5.1 mmol/L", "3.5 5.1", "mmol/L"),
    ("Normal: 3.5-5.0", "3.5 5.0", ""),
    ("< 0.41 mmol/l", "- 0.41)", "mmol/l"),
    ("< 200 mg/dL desirable", "- 200)", "mg/dL"),
    ("up to 40", "- 40", ""),
    ("bis 40 U/l", "- 40", "U/l"),
    ("tot 5,6 mmol/l", "- 5.6", "mmol/l"),
    ("moins de 5", "- 5)", ""),
]
NO_AMOUNT = [
    "negative", "Hemolyzed, not reported", "3 of 5", "2+", "1+", "+2", "Grade 3", "2 positive", "120/80", "20/40",
    "2023-05-01", "01:30:00", "Male: 13-17", "5 or more times a week", "20 cigarettes per day", "1 of 2 bottles",
    "1,234", "100.000 KBE/ml", "10*3", "8 samples in mV", "", "9" * 200,
]  # fmt: skip


@pytest.mark.parametrize(("words", "span", "unit"), STATED)
def test_words_that_state_an_amount(words: str, span: str, unit: str) -> None:
    found = stated(words)
    assert found
    low = f"{'(' if found.over_low else ''}{'-' if found.low is None else found.low}"
    high = f"{'-' if found.high is None else found.high}{')' if found.under_high else ''}"
    assert (f"{low} {high}", found.unit) == (span, unit)


@pytest.mark.parametrize("words", NO_AMOUNT)
def test_words_that_state_none(words: str) -> None:
    assert stated(words) is None
