"""Names with which the slots of a wording are filled where the network is to read them as words."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from random import Random

import tools.concepts

_TABLES: Mapping[str, tuple[str, ...]] = {
    "problem": ("conditions", "condition_classes"),
    "drug": ("drugs", "drug_classes"),
    "test": ("tests", "vitals", "panels"),
    "procedure": ("procedures", "imaging"),
    "vaccine": ("vaccines",),
    "substance": ("allergens",),
    "device": ("devices",),
    "item": ("reports", "plans", "directives", "orders"),
}
_PARTS = tomllib.loads(Path(__file__).with_name("names.toml").read_text())


def names() -> Mapping[str, tuple[str, ...]]:
    """Return names of things by their slot, as people say them."""
    book = tomllib.loads((Path(tools.concepts.__file__).with_name("concepts.toml")).read_text())
    return {
        slot: tuple(
            name
            for table in tables
            for label, line in book[table].items()
            for name in (label, *(said.strip() for said in line.split("|")[0].split(",")))
            if name
        )
        for slot, tables in _TABLES.items()
    }


def made_up(slot: str, rng: Random) -> str:
    """Return a name that nobody knows, in the form of those of a slot."""
    stem = "".join(rng.sample(_PARTS["syllables"], rng.choice((2, 2, 3))))
    if slot == "place":
        return f"{stem} {rng.choice(_PARTS['places'])}".strip()
    if slot == "person":
        form: str = rng.choice(_PARTS["people"])
        if rng.random() < 0.5:
            return form.format(rng.choice(_PARTS["last"]), rng.choice(_PARTS["last"]))
        return form.format(stem, "".join(rng.sample(_PARTS["syllables"], 2)))
    if slot == "word":
        word: str = rng.choice(_PARTS["words"])
        return word
    return stem + str(rng.choice(_PARTS["ends"][slot]))


def stranger(rng: Random) -> str:
    """Return somebody's name or number, as a question names another patient."""
    first, last = rng.choice(_PARTS["first"]).capitalize(), rng.choice(_PARTS["last"]).capitalize()
    forms = (
        f"{first} {last}", f"Mr. {last}", f"Mrs. {last}", f"Ms {last}", f"patient {first} {last}", "patient [number]",
        "MRN [number]",
    )  # fmt: skip
    return rng.choice(forms)
