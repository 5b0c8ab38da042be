"""The person: what is on file of them, what identity checks ask, age and death, insurance and care teams.

FHIR R4 Patient; Coverage in `coverage.py`, CareTeam in `careteam.py`, wrong choices of texts in `misread.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from evaluation.gold import person
from evaluation.gold.chart import Chart
from evaluation.gold.kinds import careteam, coverage, misread
from evaluation.gold.kinds.common import Slots, statement
from evaluation.gold.kinds.measuring import spoken
from evaluation.gold.kinds.time import age_on
from evaluation.gold.person import Read
from evaluation.gold.question import Gold, Kind
from evaluation.gold.resource import at, day, name

Asked = Callable[[Chart, Random], Iterator[Gold]]
Who = Callable[[Chart], bool]

_ADULT = 18
_INFANT = 2
"""Below these years people tell an age in months."""
_AGES = (5, 10, 13, 16, 18, 21, 25, 30, 40, 50, 60, 65, 70, 75, 80, 90)
_SEXES = ("female", "male", "other", "unknown")
_CITIES = ("Chicago", "Houston", "Boston", "New York", "Phoenix", "Seattle")
_STATES = ("Texas", "California", "Massachusetts", "New York", "Ohio", "Florida")
_LANGUAGES = ("English", "Spanish", "French", "Mandarin Chinese", "Vietnamese")
_MARRIAGES = ("Married", "Divorced", "Widowed", "Never married")
_RACES = ("White", "Black or African American", "Asian", "American Indian or Alaska Native", "Other")
_ETHNICITIES = ("Hispanic or Latino", "Not Hispanic or Latino", "Unknown", "Declined to answer")


def everybody(chart: Chart) -> bool:
    """Whether one asks it of this patient: yes."""
    return True


def adult(chart: Chart) -> bool:
    """Whether the patient is or was grown up."""
    return _age(chart) >= _ADULT


def woman(chart: Chart) -> bool:
    """Whether the patient is or was a grown woman."""
    return adult(chart) and chart.patient.get("gender") == "female"


def undisputed(chart: Chart) -> bool:
    """Whether no questionnaire contradicts the ethnicity on file."""
    told = person.ethnicity(chart.patient) or ("",)
    contrary = "Yes" if told[0].startswith("Not") else "No"
    asked = (each for each in chart.of("Observation") if "Hispanic" in name(each))
    return all(at(each, "valueCodeableConcept.coding.display") != contrary for each in asked)


def recorded(read: Read, spare: misread.Spare, who: Who = everybody) -> Asked:
    """Return the question for one thing on file; where it is not recorded nothing is the answer."""

    def ask(chart: Chart, random: Random) -> Iterator[Gold]:
        told = read(chart.patient)
        if told is None or not who(chart):
            return
        others = tuple((text,) for text in spare(chart, told, random))
        yield Gold(answer=told, match="any", resources=(chart.reference,) if told else (), others=others)

    return ask


def checked(read: Read, spare: misread.Spare, who: Who = everybody) -> Asked:
    """Return the questions whether one thing on file is so, rightly and wrongly; not asked if not recorded."""

    def ask(chart: Chart, random: Random) -> Iterator[Gold]:
        told = read(chart.patient)
        if not told or not who(chart):
            return
        wrong = list(spare(chart, told, random))
        usual = min((text for text in told if len(text) > len("M.")), key=len)
        for asked in (usual, wrong[0]):
            yield _check({"x": asked}, asked in told, told[0], wrong, chart)

    return ask


def _check(slots: Slots, truth: bool, told: str, wrong: Sequence[str], chart: Chart) -> Gold:
    right = "Yes" if truth else f"No, the record says {told}"
    contrary = () if truth else ("Yes",)
    others = (*contrary, *(f"No, the record says {each}" for each in wrong if each not in slots.values()))
    return statement(slots, truth, right, others[:4], [chart.patient])


def birth_date(chart: Chart, random: Random) -> Iterator[Gold]:
    """When was the patient born."""
    if born := _born(chart):
        yield Gold(answer=(born,), resources=(chart.reference,))


def birth_date_checked(chart: Chart, random: Random) -> Iterator[Gold]:
    """Was the patient born on a day."""
    if born := _born(chart):
        wrong = misread.days(born, random)
        for asked in (born, wrong[0]):
            yield _check({"x": spoken(asked)}, asked == born, born, wrong[1:], chart)


def age(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old is the patient, in years; the age of an infant is told otherwise."""
    if _alive(chart) and _age(chart) >= _INFANT:
        yield _years({}, _age(chart), chart)


def age_at_death(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient at death."""
    if _dead(chart) and _age(chart) >= _INFANT:
        yield _years({}, _age(chart), chart)


def age_on_day(chart: Chart, random: Random) -> Iterator[Gold]:
    """How old was the patient on the day of a visit."""
    days = sorted({day(visit) for visit in chart.of("Encounter") if len(day(visit)) == 10})
    for each in random.sample(days, min(len(days), 4)):
        if _born(chart) and age_on(_born(chart), each) >= _INFANT:
            yield _years({"day": spoken(each)}, age_on(_born(chart), each), chart)


def _years(slots: Slots, years: int, chart: Chart) -> Gold:
    others = tuple((each,) for each in (years - 2, years + 10, years - 10) if each >= 0)
    return Gold(slots=slots, answer=(years,), unit="years", resources=(chart.reference,), others=others)


def birthday(chart: Chart, random: Random) -> Iterator[Gold]:
    """On which day did the patient turn so many years old."""
    born = _born(chart)
    reached = [each for each in _AGES if each <= _age(chart) and born[5:] != "02-29"]
    for years in random.sample(reached, min(len(reached), 2)):
        yield Gold(
            slots={"n": str(years), "nth": _nth(years)},
            answer=(f"{int(born[:4]) + years}{born[4:]}",),
            resources=(chart.reference,),
        )


def at_least(chart: Chart, random: Random) -> Iterator[Gold]:
    """Is the patient at least so many years old."""
    if not _born(chart) or not _alive(chart):
        return
    years = _age(chart)
    for n in random.sample(_AGES, 3):
        truth = years >= n
        contrary = [each for each in (n - 1, n - 3, n + 2, n + 5) if (each >= n) != truth]
        agreeing = [each for each in (years + 4, years + 9, years - 4) if (each >= n) == truth and each > 0]
        wrong = [_aged(each, n) for each in (*contrary, *agreeing)]
        slots = {"n": str(n), "nth": _nth(n)}
        yield statement(slots, truth, _aged(years, n), wrong[:4], [chart.patient])


def _nth(number: int) -> str:
    """Return an ordinal number.

    >>> _nth(13), _nth(21)
    ('13th', '21st')
    """
    ending = "th" if number % 100 // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _aged(years: int, limit: int) -> str:
    return f"{'Yes' if years >= limit else 'No'}, aged {years}"


def deceased(chart: Chart, random: Random) -> Iterator[Gold]:
    """Has the patient died; asked where nothing is planned for after the clock."""
    days = misread.days(chart.died or chart.now, random, back=True)
    if _dead(chart):
        wrong = ["No", *(f"Yes, on {each}" for each in days)]
        right = f"Yes, on {chart.died}" if chart.died else "Yes, on a day that is not recorded"
        yield statement({}, True, right, wrong[:4], [chart.patient])
    elif _alive(chart):
        yield statement({}, False, "No", [f"Yes, on {each}" for each in days[:4]], [chart.patient])


def death_date(chart: Chart, random: Random) -> Iterator[Gold]:
    """When did the patient die."""
    if _dead(chart) and chart.died:
        yield Gold(answer=(chart.died,), resources=(chart.reference,))


def _born(chart: Chart) -> str:
    born = str(chart.patient.get("birthDate") or "")
    return born if len(born) == len("1980-06-15") else ""


def _dead(chart: Chart) -> bool:
    return "" < chart.died < chart.now or bool(chart.patient.get("deceasedBoolean"))


def _alive(chart: Chart) -> bool:
    return not chart.died and not chart.patient.get("deceasedBoolean")


def _age(chart: Chart) -> int:
    """Return the completed years at the clock or at death, -1 where they are not known."""
    until = chart.died or ("" if chart.patient.get("deceasedBoolean") else chart.now)
    return age_on(_born(chart), until) if _born(chart) and until else -1


_GIVEN, _FAMILY = misread.people("given"), misread.people("family")
_SEX, _CITY = misread.listed(*_SEXES), misread.listed(*_CITIES)
_LANGUAGE, _MARRIAGE = misread.listed(*_LANGUAGES), misread.listed(*_MARRIAGES)
_PHONE = misread.digits("555-214-7930")

KINDS = (
    Kind("patient-name", recorded(person.full_name, misread.people("given", "family"))),
    Kind("patient-given-name", recorded(person.given_name, _GIVEN)),
    Kind("patient-family-name", recorded(person.family_name, _FAMILY)),
    Kind("patient-maiden-name", recorded(person.maiden_name, _FAMILY, woman)),
    Kind("patient-birth-date", birth_date),
    Kind("patient-birth-date-checked", birth_date_checked),
    Kind("patient-gender", recorded(person.gender, _SEX)),
    Kind("patient-gender-checked", checked(person.gender, _SEX)),
    Kind("patient-birth-sex", recorded(person.birth_sex, _SEX)),
    Kind("patient-marital-status", recorded(person.marital_status, _MARRIAGE, adult)),
    Kind("patient-marital-status-checked", checked(person.marital_status, _MARRIAGE, adult)),
    Kind("patient-language", recorded(person.language, _LANGUAGE)),
    Kind("patient-language-checked", checked(person.language, _LANGUAGE)),
    Kind("patient-race", recorded(person.race, misread.listed(*_RACES))),
    Kind("patient-ethnicity", recorded(person.ethnicity, misread.listed(*_ETHNICITIES), undisputed)),
    Kind("patient-street", recorded(person.address("line"), misread.digits("418 Oak Lane Apt 12"))),
    Kind("patient-city", recorded(person.address("city"), _CITY)),
    Kind("patient-city-checked", checked(person.address("city"), _CITY)),
    Kind("patient-state", recorded(person.address("state"), misread.listed(*_STATES))),
    Kind("patient-postal-code", recorded(person.address("postalCode"), misread.digits("02139"))),
    Kind("patient-phone", recorded(person.telecom("phone"), _PHONE)),
    Kind("patient-phone-checked", checked(person.telecom("phone"), _PHONE)),
    Kind("patient-email", recorded(person.telecom("email"), misread.digits("j.smith204@example.com"))),
    Kind("patient-record-number", recorded(person.identifier("MR"), misread.digits("4715023"))),
    Kind("patient-social-security", recorded(person.identifier("SS"), misread.digits("999-41-6072"))),
    Kind("patient-licence", recorded(person.identifier("DL"), misread.digits("S99935127"), adult)),
    Kind("patient-passport", recorded(person.identifier("PPN"), misread.digits("X40218837X"), adult)),
    Kind("patient-birth-place", recorded(person.birth_place, _CITY)),
    Kind("patient-mother", recorded(person.mothers_maiden_name, misread.people("given", "family"))),
    Kind("patient-contact", recorded(person.contact_name, misread.people("given", "family"))),
    Kind("patient-age", age),
    Kind("patient-age-at-death", age_at_death),
    Kind("patient-age-on-day", age_on_day),
    Kind("patient-birthday", birthday),
    Kind("patient-at-least", at_least),
    Kind("patient-deceased", deceased),
    Kind("patient-death-date", death_date),
    *coverage.KINDS,
    *careteam.KINDS,
)
