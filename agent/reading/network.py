"""The trained network, as it runs: a marked text -> of each field how likely each value is, and what tokens say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from agent.reading.marks import LONGEST, WEIGHTS, tokenizer
from agent.reading.words import words_in

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of one text.

    Attributes:
        fields: field -> value -> probability.
        weights: field -> of each token how much it says of the field.
        roles: of each token the probability of each role, in the order of `Labels.roles`.
        tags: of each token the probability of each tag, in the order of `Labels.tags`.
        tokens: the ids of the tokens.
        offsets: of each token where it starts and ends in the text.
    """

    fields: Mapping[str, Mapping[str, float]]
    weights: Mapping[str, Floats]
    roles: Floats
    tags: Floats
    tokens: Sequence[int]
    offsets: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the outputs of the network stand for, and how its probabilities are to be taken.

    Attributes:
        values: field -> its values, in the order of the output.
        roles: of slots.
        tags: of tokens.
        certainty: sign -> its weight; see `certainty`.
        sure: the certainty from which on an answer is given.
    """

    values: Mapping[str, Sequence[str]]
    roles: Sequence[str]
    tags: Sequence[str]
    certainty: Mapping[str, float]
    sure: float


class Network:
    """Weights and labels of a folder."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        told = orjson.loads((folder / "labels.json").read_bytes())
        self.labels = Labels(
            told["values"], told["roles"], told["tags"], told.get("certainty", {}), told.get("sure", 0.0)
        )
        self._words = frozenset(told.get("words", "").split())
        self._common = frozenset(filter(None, told.get("common", "").split(";")))
        self._session = _session(folder / "reader.onnx")

    def ordinary(self, text: str) -> bool:
        """Tell whether all words of a text stand in wordings of the corpus."""
        return self._words.issuperset(words_in(text))

    def common(self, text: str) -> bool:
        """Tell whether one or two words stand together in many wordings of the corpus."""
        return " ".join(words_in(text)) in self._common

    def scores(self, text: str) -> Scores:
        """Return what the network says of a marked text, of which it reads the first `LONGEST` tokens."""
        tokens = tokenizer().encode(text)
        ids = np.array([tokens.ids[:LONGEST]], dtype=np.int64)
        logits, weights, roles, tags = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})
        named = dict(zip(self.labels.values, weights[0], strict=True))
        return Scores(
            self._chances(logits[0]),
            named,
            _softmax(roles[0]),
            _softmax(tags[0]),
            tokens.ids[:LONGEST],
            tokens.offsets[:LONGEST],
        )

    def _chances(self, logits: Floats) -> dict[str, dict[str, float]]:
        fields, at = {}, 0
        for name, values in self.labels.values.items():
            chances = _softmax(logits[at : at + len(values)])
            fields[name] = dict(zip(values, map(float, chances), strict=True))
            at += len(values)
        return fields


@lru_cache(maxsize=2)
def network(folder: Path = WEIGHTS) -> Network:
    """Return the network of a folder, loaded when it is first needed."""
    return Network(folder)


def _session(file: Path) -> "InferenceSession":
    from onnxruntime import InferenceSession, SessionOptions

    options: Any = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares
