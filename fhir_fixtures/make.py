"""The recipes, run through PySynthea -> `records/*.json.gz`.

    pip install 'fhir-record-assistant[fixtures]'
    python -m fhir_fixtures.make

Each patient is one run of the generator with its own seed, so one can be made again without the others. The
generator draws its ids from the seed too: the same recipe gives the same content, byte by byte. Nothing of it
is changed here; only the blanks between the JSON tokens go. Not covered: how the seeds were found (by looking
through some three hundred), and the table in README.md, which is kept by hand and checked by a test.
"""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from fhir_fixtures import records
from fhir_fixtures.recipes import RECIPES, Recipe

VERSION = "1.5.0"
INSTALL = "pip install 'fhir-record-assistant[fixtures]'"


class GeneratorError(Exception):
    """The generator is not installed, or is not the one that made the records."""


def main() -> None:
    """Make all records again."""
    parser = argparse.ArgumentParser(description="Make the fixture patients again.")
    parser.add_argument("--synthea", default="synthea", help="the generator's command")
    synthea = find_generator(parser.parse_args().synthea)
    made = {file_name(recipe.name): generate(recipe, synthea) for recipe in RECIPES}
    records().mkdir(exist_ok=True)
    for name, bundle in made.items():
        (records() / name).write_bytes(gzip.compress(bundle, compresslevel=9, mtime=0))


def find_generator(command: str) -> str:
    """Return the path of the generator's command.

    Raises:
        GeneratorError: it is not installed, or another version is.
    """
    path = shutil.which(command)
    if path is None:
        raise GeneratorError(f"generator {command!r}: not found; install it with {INSTALL}.")
    shown = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if VERSION not in shown:
        raise GeneratorError(
            f"generator {command!r}: is {shown!r}, expected {VERSION}; install it with {INSTALL}."
        )
    return str(Path(path).absolute())


def generate(recipe: Recipe, synthea: str) -> bytes:
    """Run the generator for one patient and return the Bundle as compact JSON.

    Args:
        recipe: which patient.
        synthea: path of the generator's command.

    Raises:
        GeneratorError: the generator made somebody else.
    """
    with tempfile.TemporaryDirectory() as folder:
        # Empty working and data folders: no settings or extra data of this machine reach the generator.
        surroundings = {**os.environ, "SYNTHEA_DATA_DIR": folder}
        command = [synthea, *recipe.arguments(), "-o", folder]
        subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, check=True)
        (path,) = (Path(folder) / "fhir").glob("*.json")
        bundle = orjson.loads(path.read_bytes())
    name = patient_name(bundle)
    if name != recipe.name:
        raise GeneratorError(f"seed {recipe.seed}: the generator made {name!r}, expected {recipe.name!r}.")
    return orjson.dumps(bundle)


def patient_name(bundle: Mapping[str, Any]) -> str:
    """Return "Given Family" of the patient, whom the generator writes first."""
    name = bundle["entry"][0]["resource"]["name"][0]
    return " ".join([*name["given"], name["family"]])


def file_name(name: str) -> str:
    """Return the file for a patient: plain ASCII, so that every archive and file system keeps it.

    >>> file_name("Verónica O'Keefe")
    'Veronica_OKeefe.json.gz'
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z ]", "", ascii_name).replace(" ", "_") + ".json.gz"


if __name__ == "__main__":
    main()
