"""Fits the network to the corpus: examples -> batches -> weights. Deterministic for one seed and one machine."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from agent.reading.examples import Example
from agent.reading.form import FIELDS, ROLES, THINGS
from agent.reading.marks import LONGEST, tokenizer
from agent.reading.training.filling import Filled, Filler
from agent.reading.training.network import NOT_SAID, Network

SAID = (*THINGS, "place", "person", "word", "left")
TAGS = (NOT_SAID, *(f"{part}-{kind}" for kind in SAID for part in "BI"))
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as tensors: token ids and mask (batch, tokens), and what is right of them."""

    ids: Tensor
    mask: Tensor
    fields: Tensor
    roles: Tensor
    tags: Tensor


def values_of(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    """Return the values that each field has in the corpus, the commonest first."""
    found = {name: Counter(example.form[name] for example in examples) for name in FIELDS}
    return {
        name: tuple(sorted(counts, key=lambda value: (-counts[value], value)))
        for name, counts in found.items()
    }


def batch_of(filled: Sequence[Filled], values: Mapping[str, Sequence[str]]) -> Batch:
    """Return texts as tensors; what a question that is not answered asks for is left open."""
    encoded = [tokenizer().encode(each.text) for each in filled]
    size = min(max(len(each.ids) for each in encoded), LONGEST)
    ids, mask = (
        torch.zeros(len(filled), size, dtype=torch.long),
        torch.zeros(len(filled), size, dtype=torch.long),
    )
    roles = torch.full((len(filled), size), IGNORED)
    tags = torch.zeros(len(filled), size, dtype=torch.long)
    fields = torch.full((len(filled), len(values)), IGNORED)
    for row, (each, tokens) in enumerate(zip(filled, encoded, strict=True)):
        count = min(len(tokens.ids), size)
        ids[row, :count] = torch.tensor(tokens.ids[:count])
        mask[row, :count] = 1
        for slot in each.slots:
            inside = [
                at
                for at, (a, b) in enumerate(tokens.offsets[:count])
                if a < slot.end and b > slot.start and b > a
            ]
            if not inside:
                continue
            roles[row, inside[0]] = ROLES.index(slot.role)
            if slot.said:
                tags[row, inside[0]] = TAGS.index(f"B-{slot.kind}")
                tags[row, inside[1:]] = TAGS.index(f"I-{slot.kind}")
        for at, (name, known) in enumerate(values.items()):
            if (each.form["act"] == "answer" or name == "act") and each.form[name] in known:
                fields[row, at] = known.index(each.form[name])
        tags[row, count:] = IGNORED
    return Batch(ids, mask, fields, roles, tags)


def loss_of(network: Network, batch: Batch) -> Tensor:
    """Return how wrong the network is on a batch."""
    out = network(batch.ids, batch.mask)
    of_a_text = cross_entropy(
        out.fields.float().flatten(0, 1), batch.fields.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    parts = [of_a_text / len(batch.ids)]
    for scores, right in ((out.roles, batch.roles), (out.tags, batch.tags)):
        if (right != IGNORED).any():
            parts.append(
                2 * cross_entropy(scores.float().flatten(0, 1), right.flatten(), ignore_index=IGNORED)
            )
    return torch.stack(parts).sum()


def batches(filled: list[Filled], size: int, rng: random.Random) -> Iterator[list[Filled]]:
    """Yield the texts in batches of about the same length, in any order."""
    rng.shuffle(filled)
    pools = [filled[at : at + size * 20] for at in range(0, len(filled), size * 20)]
    made = []
    for pool in pools:
        pool.sort(key=lambda each: len(each.text))
        made += [pool[at : at + size] for at in range(0, len(pool), size)]
    rng.shuffle(made)
    yield from made


def fit(
    encoder: Path,
    corpus: Sequence[Example],
    rounds: int,
    seed: int,
    say: Callable[[str], None],
    asides: Sequence[str] = (),
    narrowing: Mapping[str, Sequence[str]] | None = None,
) -> Network:
    """Return the network fitted to the corpus.

    Args:
        encoder: folder of all-MiniLM-L6-v2.
        corpus: the examples.
        rounds: how often each is seen, each time with other names and other noise.
        seed: of all chance.
        say: hears how it goes.
        asides: clauses that say nothing, to be put beside questions.
        narrowing: words that narrow a question in a way that no plan can say, by where they stand.
    """
    torch.manual_seed(seed)
    rng, filler = random.Random(seed), Filler(seed, asides, narrowing)
    values = values_of(corpus)
    network = Network(str(encoder), values, len(ROLES), len(TAGS))
    heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": network.encoder.parameters(), "lr": 2e-4}, {"params": heads, "lr": 2.5e-3}],
        weight_decay=0.01,
        fused=True,
    )
    size = 64
    steps, warm = rounds * -(-len(corpus) // size), 80
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / warm) * max(0.02, 1 - step / steps)
    )
    network.train()
    for turn in range(rounds):
        told = 0.0
        filled = [filler.noisy(example, rng.choice(corpus)) for example in corpus]
        for some in batches(filled, size, rng):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(network, batch_of(some, values))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            told += float(loss.detach())
        say(f"round {turn + 1} of {rounds}: loss {told * size / len(corpus):.3f}")
    return network.eval()
