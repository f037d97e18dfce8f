"""Writes a verifier as an int8 ONNX file that ONNX Runtime runs anywhere."""

from __future__ import annotations

import argparse
import copy
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from torch.autograd import Function

from .model import HEADS, Layer, Verifier, attention, gelu
from .start import mean

OPSET = 17
FUSED = "com.microsoft"  # the domain of the operators that ONNX Runtime has beside the standard ones
INPUTS = ["input_ids", "attention_mask", "token_type_ids", "cosine"]


class FusedAttention(Function):
    """Projection and attention, which the file has as one operator."""

    @staticmethod
    def forward(_: Any, states: Tensor, weight: Tensor, bias: Tensor, present: Tensor) -> Tensor:
        """What a layer computes, with its weights turned."""
        return attention(states @ weight + bias, present)

    @staticmethod
    def symbolic(graph: Any, states: Any, weight: Any, bias: Any, present: Any) -> Any:
        """The operator."""
        fused = graph.op(f"{FUSED}::Attention", states, weight, bias, present, num_heads_i=HEADS)
        return fused.setType(states.type())


class FusedGelu(Function):
    """Bias and activation, which the file has as one operator."""

    @staticmethod
    def forward(_: Any, states: Tensor, bias: Tensor) -> Tensor:
        """What a layer computes."""
        return gelu(states + bias)

    @staticmethod
    def symbolic(graph: Any, states: Any, bias: Any) -> Any:
        """The operator."""
        return graph.op(f"{FUSED}::FastGelu", states, bias).setType(states.type())


class FusedLayer(nn.Module):
    """A trained layer in the operators of the file."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        self.weight = nn.Parameter(layer.inputs.weight.t().contiguous())

    def forward(self, states: Tensor, present: Tensor) -> Tensor:
        """As the layer does."""
        layer = self.layer
        mixed = FusedAttention.apply(states, self.weight, layer.inputs.bias, present.to(torch.int32))
        states = layer.attention_norm(states + layer.output(mixed))
        wide = FusedGelu.apply(states @ layer.up.weight.t(), layer.up.bias)
        return layer.output_norm(states + layer.down(wide))


def export(model: Verifier, target: Path) -> None:
    """Exports the model to ``target`` for ONNX Runtime, its weights in int8 (dynamic quantisation)."""
    model = copy.deepcopy(model).eval()
    model.layers = nn.ModuleList(FusedLayer(layer) for layer in model.layers)
    ids = torch.tensor([[101, 2054, 2003, 102, 2129, 2003, 102], [101, 2054, 102, 2129, 102, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]])
    types = torch.tensor([[0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]])
    example = (ids, mask, types, torch.tensor([0.9, 0.1]))
    axes = {name: {0: "batch", 1: "length"} for name in INPUTS[:3]}
    axes |= {"cosine": {0: "batch"}, "logit": {0: "batch"}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        prepared = Path(folder) / "prepared.onnx"
        torch.onnx.export(
            model,
            example,
            str(plain),
            input_names=INPUTS,
            output_names=["logit"],
            dynamic_axes=axes,
            opset_version=OPSET,
            custom_opsets={FUSED: 1},
            dynamo=False,
        )
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            str(prepared),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather", "Attention"],
            nodes_to_exclude=["/hidden/Gemm_MatMul", "/evidence/Gemm_MatMul"],  # the head is small
        )
    onnx.checker.check_model(str(target))


def main() -> int:
    """Exports the mean of some checkpoints, and of exported files, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
    parser.add_argument("--model", type=Path, required=True, help="the file to write")
    args = parser.parse_args()
    export(mean(args.checkpoints), args.model)
    print(f"{args.model}: {args.model.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
