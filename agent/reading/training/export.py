"""The fitted network -> the files that ship: one int8 ONNX file and what its outputs stand for."""

from pathlib import Path

import orjson
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from agent.reading.form import ROLES
from agent.reading.training.fit import TAGS
from agent.reading.training.network import Network


class _Plain(nn.Module):
    """The network with the scores of all fields in one row."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        read, network = self.network.read(ids, mask), self.network
        return (
            network.heads.apart(read.pooled),
            read.weights,
            network.roles(read.slots),
            network.tags(read.states),
        )


def export(network: Network, values: dict[str, tuple[str, ...]], folder: Path) -> None:
    """Write `reader.onnx` and `labels.json` into a folder."""
    whole = folder / "whole.onnx"
    ids = torch.ones(1, 12, dtype=torch.long)
    torch.onnx.export(
        _Plain(network).eval(), (ids, torch.ones_like(ids)), str(whole), dynamo=False, opset_version=17,
        input_names=["ids", "mask"], output_names=["fields", "weights", "roles", "tags"],
        dynamic_axes={
            "ids": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}, "weights": {2: "t"}, "roles": {1: "t"}, "tags": {1: "t"},
        },
    )  # fmt: skip
    quantize_dynamic(str(whole), str(folder / "reader.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
    told = {"values": values, "roles": ROLES, "tags": TAGS}
    (folder / "labels.json").write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
