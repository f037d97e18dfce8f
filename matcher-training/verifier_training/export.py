"""Writes a verifier as an int8 ONNX file that ONNX Runtime runs anywhere."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from .model import HEADS, HIDDEN, WIDTH, Verifier

OPSET = 17
INPUTS = ["input_ids", "attention_mask", "token_type_ids", "cosine"]


def export(model: Verifier, target: Path) -> None:
    """Exports the model to ``target``, its weights in int8 (dynamic quantisation)."""
    model.eval()
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
            dynamo=False,
        )
        quant_pre_process(str(plain), str(prepared), skip_symbolic_shape=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            str(prepared),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_exclude=["/hidden/Gemm_MatMul", "/evidence/Gemm_MatMul"],  # the head is small
        )
    made = onnx.load(str(target))
    fix_shapes(made)
    onnx.checker.check_model(made)
    onnx.save(made, str(target))


def fix_shapes(model: onnx.ModelProto) -> None:
    """Gives the layers' Reshape nodes constant shapes; batch and length (0) stay what they are."""
    graph = model.graph
    known = {value.name for value in graph.initializer}
    shapes = {"heads_shape": [0, 0, 3 * HEADS, WIDTH], "joined_shape": [0, 0, HIDDEN]}
    for node in graph.node:
        if node.op_type == "Reshape" and node.name.startswith("/layers.") and node.input[1] not in known:
            node.input[1] = "heads_shape" if "/inputs/" in node.input[0] else "joined_shape"
    graph.initializer.extend(
        onnx.numpy_helper.from_array(np.array(shape, np.int64), name) for name, shape in shapes.items()
    )
    _prune(graph)


def _prune(graph: onnx.GraphProto) -> None:
    """Takes out the nodes whose outputs nobody reads, and what only they read."""
    ends = {output.name for output in graph.output}
    while True:
        read = {name for node in graph.node for name in node.input} | ends
        dead = [node for node in graph.node if not read.intersection(node.output)]
        if not dead:
            break
        for node in dead:
            graph.node.remove(node)
    made = {output for node in graph.node for output in node.output}
    for values, wanted in ((graph.initializer, read), (graph.value_info, made)):
        kept = [value for value in values if value.name in wanted]
        del values[:]
        values.extend(kept)


def average(checkpoints: Sequence[Path]) -> Verifier:
    """The verifier with the mean of several checkpoints' weights (Izmailov et al., UAI 2018)."""
    weights = [torch.load(path)["model"] for path in checkpoints]
    model = Verifier()
    model.load_state_dict({name: torch.stack([w[name] for w in weights]).mean(0) for name in weights[0]})
    return model


def main() -> int:
    """Exports the mean of some checkpoints from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
    parser.add_argument("--model", type=Path, required=True, help="the file to write")
    args = parser.parse_args()
    export(average(args.checkpoints), args.model)
    print(f"{args.model}: {args.model.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
