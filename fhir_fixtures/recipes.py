"""What to ask the generator for each of the nineteen: seed, state, ages, sex. Who they are is in README.md.

A recipe names the patient that its seed gives, so that another version of the generator is noticed.
"""

from dataclasses import dataclass

from fhir_fixtures import REFERENCE_DATE


@dataclass(frozen=True, slots=True)
class Recipe:
    """One patient.

    Attributes:
        name: whom the seed gives, "Given Family".
        seed: the population seed; the patient is the first of that population.
        state: where the patient lives.
        ages: youngest and oldest age on the reference date, had the patient lived on, e.g. "45-75".
        sex: "F" or "M", or "" to leave it to the seed.
    """

    name: str
    seed: int
    state: str
    ages: str
    sex: str = ""

    def arguments(self) -> list[str]:
        """Return the generator's arguments, without the output folder."""
        chosen = ["-g", self.sex] if self.sex else []
        place = ["--state", self.state, "-a", self.ages, *chosen]
        return ["-p", "1", "-s", str(self.seed), "-r", f"{REFERENCE_DATE:%Y%m%d}", *place]


RECIPES = (
    Recipe("Hue Gerlach", 32, "California", "0-0"),
    Recipe("Reuben Beier", 13, "Texas", "1-5"),
    Recipe("Brandy Larson", 401, "New York", "90-105"),
    Recipe("Ty Olson", 21, "New York", "6-12"),
    Recipe("Francesco Lueilwitz", 24, "New York", "6-12"),
    Recipe("Aldo Fay", 37, "Massachusetts", "13-17"),
    Recipe("Eveline O'Keefe", 47, "New York", "24-42", "F"),
    Recipe("Lovie Rutherford", 53, "New York", "24-42", "F"),
    Recipe("Víctor Preciado", 63, "California", "18-44", "M"),
    Recipe("María Cristina Paz", 113, "Texas", "45-75"),
    Recipe("Rosann Zboncak", 514, "California", "45-75", "F"),
    Recipe("Adelina Maggio", 110, "Texas", "45-75"),
    Recipe("Teodoro Mata", 119, "Texas", "45-75"),
    Recipe("Florance McLaughlin", 512, "California", "45-75", "F"),
    Recipe("Colton Nader", 320, "Massachusetts", "50-80"),
    Recipe("In Ferry", 115, "Texas", "45-75"),
    Recipe("Hiram Cruickshank", 307, "Massachusetts", "50-80"),
    Recipe("Enid Huel", 214, "California", "76-89"),
    Recipe("Dannielle Jenkins", 425, "Massachusetts", "90-99", "F"),
)
