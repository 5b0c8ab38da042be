"""Wordings of some authors, held back from a network -> how sure a reading may be: its weights and its threshold.

Also what both networks are fitted with. Left out: the network that ships (`__main__`).
"""

import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import orjson
import torch

from agent.reading.certainty import certainty
from agent.reading.examples import FOLDER, Example, examples
from agent.reading.form import SLOT
from agent.reading.marks import WEIGHTS
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
RISK = 0.03
"""The share of wrong answers among the sure ones of the examination, which is harder than what people ask."""
_COMMON = 20
"""Wordings of the corpus from which on words are common."""
_EXAMINED = 4000
_INVENTED = re.compile(r"(?<=[\w,;] )[A-Z][a-z]+(?:'s)?\b")
SEED = 0


class Clock:
    """Prints how it goes, with the seconds since it was made."""

    def __init__(self, who: str) -> None:
        self._who, self._begun = who, monotonic()

    def __call__(self, what: str) -> None:
        """Print a line."""
        print(f"{monotonic() - self._begun:5.0f} s  {self._who}: {what}", flush=True)


def measured(encoder: Path, folder: Path) -> dict[str, Any]:
    """Return the weights of certainty and its threshold, from authors whom the network does not see."""
    say = Clock("without some")
    torch.set_num_threads(1)
    corpus = tuple(examples())
    folder.mkdir()
    shutil.copy(WEIGHTS / "tokenizer.json", folder)
    others = [each for each in corpus if each.author not in HELD_BACK]
    held = [each for each in corpus if each.author in HELD_BACK and ">>" not in each.wording]
    say(f"not seen: {', '.join(HELD_BACK)}")
    network = fit(encoder, others, ROUNDS, SEED, say, *beside_a_question())
    export(network, values_of(others), folder)
    add_labels(folder, words_of(others))
    Random(SEED).shuffle(held)
    found = list(examine(Network(folder), held[:_EXAMINED], Filler(SEED, *beside_a_question()), SEED))
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


def beside_a_question() -> tuple[Sequence[str], Mapping[str, Sequence[str]]]:
    """Return the clauses that say nothing, and the words that no plan can say."""
    told = tomllib.loads((FOLDER / "beside.toml").read_text())
    return told["clauses"]["say"], told["narrowing"]


def words_of(corpus: Sequence[Example]) -> dict[str, str]:
    """Return the words of the corpus, without names of people that its authors made up, and what is common of it.

    Common are one or two words that stand in many wordings.
    """
    bare = [
        tuple(map(words_in, _INVENTED.sub("", SLOT.sub(";", each.wording)).split(";"))) for each in corpus
    ]
    words = {word for parts in bare for part in parts for word in part}
    counts = Counter(
        phrase for parts in bare for phrase in {each for part in parts for each in _phrases(part)}
    )
    common = (phrase for phrase, count in counts.items() if count >= _COMMON)
    return {"words": " ".join(sorted(words)), "common": ";".join(sorted(common))}


def _phrases(words: Sequence[str]) -> tuple[str, ...]:
    return (*words, *map(" ".join, pairwise(words)))


def add_labels(folder: Path, more: Mapping[str, Any]) -> None:
    """Write more labels beside those of the network in a folder."""
    file = folder / "labels.json"
    file.write_bytes(orjson.dumps(orjson.loads(file.read_bytes()) | more, option=orjson.OPT_INDENT_2))
