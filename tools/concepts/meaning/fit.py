"""`python -m tools.concepts.meaning.fit` (`make names`): names/*.toml and the lexicon -> the vectors that ship.

It begins with what the pieces mean to the sentence encoder all-MiniLM-L6-v2, and draws what people call a thing nearer
to its recorded name than to the names of other things. Chosen on names that two people had put into their own words,
of 840 ways each (docs/reading.md): 192 numbers a piece do as well as 256 and 384.
"""

import random
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tools.concepts.lexicon import lexicon
from tools.concepts.meaning.names import Called, called
from tools.concepts.meaning.vectors import WEIGHTS, Pieces
from tools.wording.text import plain_name

SIZE = 192
"""Numbers of a vector."""
_ROUNDS, _AT_ONCE, _SHARPLY, _KEPT = 16, 256, 16.0, 1.0
_STEP, _STEP_OF_WEIGHTS = 2e-3, 1e-2
_BY_NAME = 0.75
"""How often a way is drawn to the recorded name; else to another way of the same thing."""
_SEED = 0


class Fitting(torch.nn.Module):
    """Vectors of pieces while they are fitted.

    Args:
        begin: a row for each piece, the most frequent piece first.
        pieces: finds the pieces of a text.
    """

    def __init__(self, begin: torch.Tensor, pieces: Pieces) -> None:
        super().__init__()
        self.begin = begin
        self.rows = torch.nn.EmbeddingBag.from_pretrained(begin.clone(), freeze=False, mode="sum")
        self.weights = torch.nn.Parameter(torch.log1p(torch.arange(len(begin)).float()) / 10)
        self.pieces = pieces

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Return a row for each text, of length 1."""
        found = [self.pieces.of(text) or (0,) for text in texts]
        flat = torch.tensor([place for places in found for place in places])
        begins = torch.tensor(np.cumsum([0, *map(len, found[:-1])]))
        weighed = self.rows(flat, begins, per_sample_weights=functional.softplus(self.weights[flat]))
        return functional.normalize(weighed, dim=1)

    def moved(self) -> torch.Tensor:
        """Return how far the vectors are from where they began."""
        return ((self.rows.weight - self.begin) ** 2).sum(1).mean()

    def weighed(self) -> np.ndarray:
        """Return the row of each piece with its weight."""
        with torch.no_grad():
            told: np.ndarray = (self.rows.weight * functional.softplus(self.weights)[:, None]).numpy()
        return told


def fit(
    begin: torch.Tensor, pieces: Sequence[str], things: Sequence[Called], say: Callable[[str], None]
) -> np.ndarray:
    """Return a row for each piece, fitted to what things are called.

    Args:
        begin: the rows to begin with.
        pieces: what each row stands for.
        things: what people call things.
        say: hears how it goes.
    """
    torch.manual_seed(_SEED)
    rng = random.Random(_SEED)
    net = Fitting(begin, Pieces(pieces))
    pairs = [(n, way) for n, thing in enumerate(things) for way in thing.ways]
    at_once = min(_AT_ONCE, len(pairs))
    steps = _ROUNDS * (len(pairs) // at_once)
    optimizer = torch.optim.Adam(
        [{"params": net.rows.parameters(), "lr": _STEP}, {"params": [net.weights], "lr": _STEP_OF_WEIGHTS}]
    )
    slower = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: max(0.02, 1 - step / max(steps, 1)))
    for number in range(_ROUNDS):
        rng.shuffle(pairs)
        total = 0.0
        for start in range(0, len(pairs) - at_once + 1, at_once):
            some = pairs[start : start + at_once]
            loss = _loss(net, some, things, rng)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            slower.step()
            total += loss.item()
        say(f"round {number + 1} of {_ROUNDS}: loss {total * at_once / len(pairs):.3f}")
    return net.weighed()


def _loss(
    net: Fitting, some: Sequence[tuple[int, str]], things: Sequence[Called], rng: random.Random
) -> torch.Tensor:
    """Return how far ways are from their own things, beside how far they are from all others of the batch."""
    others = [
        plain_name(things[n].name) if rng.random() < _BY_NAME else rng.choice(things[n].ways) for n, _ in some
    ]
    likeness = net([way for _, way in some]) @ net(others).T * _SHARPLY
    owners = torch.tensor([n for n, _ in some])
    same = (owners[:, None] == owners[None, :]) & ~torch.eye(len(some), dtype=torch.bool)
    likeness = likeness.masked_fill(same, -1e4)
    own = torch.arange(len(some))
    both = functional.cross_entropy(likeness, own) + functional.cross_entropy(likeness.T, own)
    return both / 2 + _KEPT * net.moved()


def of_the_lexicon() -> list[Called]:
    """Return what the lexicon says that people call things."""
    book = lexicon()
    found: dict[str, list[str]] = {}
    for phrase, concepts in book.phrases.items():
        for concept in concepts:
            label = " ".join(concept.phrases[0])
            if " ".join(phrase) != label:
                found.setdefault(label, []).append(" ".join(phrase))
    return [Called("lexicon", label, tuple(ways)) for label, ways in found.items()]


def save(rows: np.ndarray, pieces: Sequence[str], file: Path) -> None:
    """Write vectors as whole numbers of 8 bits."""
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-6) / 127
    numbers = np.round(rows / scales[:, None]).astype(np.int8)
    told = np.frombuffer("\n".join(pieces).encode(), np.uint8)
    np.savez_compressed(file, pieces=told, numbers=numbers, scales=scales.astype(np.float16))


def encoded(package: Path) -> tuple[list[str], torch.Tensor]:
    """Return the pieces of words that the encoder knows, the most frequent first, and what each means to it."""
    from transformers import AutoModel, AutoTokenizer

    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as packed:
            packed.extractall(folder)
        tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        net = AutoModel.from_pretrained(folder).eval()
    known = sorted((place, piece) for piece, place in tokenizer.get_vocab().items() if _is_told(piece))
    ids = torch.tensor([place for place, _ in known])
    found = []
    with torch.no_grad():
        for some in torch.split(ids, 512):
            whole = torch.stack(
                [
                    torch.full_like(some, tokenizer.cls_token_id),
                    some,
                    torch.full_like(some, tokenizer.sep_token_id),
                ],
                1,
            )
            found.append(
                net(input_ids=whole, attention_mask=torch.ones_like(whole)).last_hidden_state.mean(1)
            )
    rows = torch.cat(found)
    rows -= rows.mean(0)
    _, _, main = torch.linalg.svd(rows[:10_000], full_matrices=False)
    rows = rows @ main[:SIZE].T
    return [piece for _, piece in known], rows / rows.norm(dim=1).mean()


def _is_told(piece: str) -> bool:
    """Tell whether a piece is of a word in Latin or Greek letters, or a number."""
    bare = piece.removeprefix("##")
    return bool(bare) and not bare.startswith("[") and all(c.isalnum() and c < "\u0400" for c in bare)


def main() -> None:
    """Make the vectors."""
    begun = monotonic()
    package = find_spec("all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise SystemExit("The encoder is not here: pip install 'fhir-record-assistant[reader]'")
    things = [*called(), *of_the_lexicon()]
    pieces, begin = encoded(Path(package.origin).with_name("model.zip"))
    print(
        f"{len(things)} things, {sum(len(each.ways) for each in things)} ways, {len(pieces)} pieces of words"
    )
    save(fit(begin, pieces, things, print), pieces, WEIGHTS)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.1f} MB in {monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
