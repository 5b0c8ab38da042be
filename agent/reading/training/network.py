"""The network: token ids -> of each field how likely each value is and which tokens say so; of each token its tags.

all-MiniLM-L6-v2 below, one attention and one linear layer a field above. Left out: what its scores mean (`ranking`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoModel

from agent.reading.marks import MARKS, tokenizer

NOT_SAID = "O"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Scores (logits) of one batch.

    Attributes:
        fields: (batch, fields, values); a field with fewer values than another has -10000 in the places of the rest.
        weights: (batch, fields, tokens), how much each token says of each field; each row adds up to 1.
        roles: (batch, tokens, roles), of a slot that begins at the token.
        tags: (batch, tokens, tags), whether a token is of a name that nobody found.
    """

    fields: Tensor
    weights: Tensor
    roles: Tensor
    tags: Tensor


class Read(NamedTuple):
    """What the encoder makes of one batch.

    Attributes:
        states: (batch, tokens, size).
        weights: as `Outputs.weights`.
        pooled: (batch, fields, 2 size), of each field what its tokens say, and the mean of all.
        slots: (batch, tokens, 2 size), of each token what it says, and the mean of all.
    """

    states: Tensor
    weights: Tensor
    pooled: Tensor
    slots: Tensor


class Heads(nn.Module):
    """What tells the values of all fields, in one product; `apart` is the same as a product for each field."""

    def __init__(self, values: Mapping[str, Sequence[str]], size: int) -> None:
        super().__init__()
        self.counts = tuple(map(len, values.values()))
        most = max(self.counts)
        self.weight = nn.Parameter(torch.empty(len(values), size, most).uniform_(-1, 1) / size**0.5)
        self.bias = nn.Parameter(torch.zeros(len(values), most))
        unused = torch.tensor([[at >= count for at in range(most)] for count in self.counts])
        self.unused: Tensor
        self.register_buffer("unused", torch.where(unused, -1e4, 0.0))

    def forward(self, pooled: Tensor) -> Tensor:
        """Return scores (batch, fields, values) of what was pooled for each field (batch, fields, size)."""
        return torch.einsum("bfs,fsv->bfv", pooled, self.weight) + self.bias + self.unused

    def apart(self, pooled: Tensor) -> Tensor:
        """Return the scores of all fields in one row (batch, all values), those of the first field first.

        Quantization takes no product of three dimensions, and no values that there are not.
        """
        return torch.cat(
            [
                pooled[:, at] @ self.weight[at, :, :count] + self.bias[at, :count]
                for at, count in enumerate(self.counts)
            ],
            dim=-1,
        )


class Network(nn.Module):
    """The encoder and its heads."""

    def __init__(self, encoder: str, values: Mapping[str, Sequence[str]], roles: int, tags: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            encoder, dtype=torch.float32, attn_implementation="eager", attention_probs_dropout_prob=0.0
        )
        self._set_out_marks()
        size = self.encoder.config.hidden_size
        self.queries = nn.Linear(size, len(values))
        self.heads = Heads(values, 2 * size)
        self.roles = nn.Sequential(nn.Linear(2 * size, size), nn.GELU(), nn.Linear(size, roles))
        self.tags = nn.Linear(size, tags)
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids: Tensor, mask: Tensor) -> Outputs:
        """Return the scores of a batch of token ids (batch, tokens), padded where the mask is 0."""
        read = self.read(ids, mask)
        return Outputs(self.heads(read.pooled), read.weights, self.roles(read.slots), self.tags(read.states))

    def read(self, ids: Tensor, mask: Tensor) -> Read:
        """Return what the encoder makes of a batch, as the heads take it."""
        states = self.dropout(self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state)
        there = mask[..., None].to(states.dtype)
        mean = (states * there).sum(1) / there.sum(1)
        scores = self.queries(states).masked_fill(mask[..., None] == 0, -1e4)
        weights = torch.softmax(scores, dim=1).transpose(1, 2)
        pooled = weights @ states
        both = torch.cat([pooled, mean[:, None].expand_as(pooled)], dim=-1)
        whole = mean[:, None].expand_as(states)
        return Read(states, weights, both, torch.cat([states, whole], dim=-1))

    def _set_out_marks(self) -> None:
        """Begin with the sense of a word for each mark."""
        table, book = self.encoder.embeddings.word_embeddings.weight, tokenizer()
        with torch.no_grad():
            for kind, word in MARKS.items():
                senses = book.encode(word, add_special_tokens=False).ids
                table[book.token_to_id(f"[{kind}]")] = table[senses].mean(0)
