"""Takes a verifier's weights back out of its int8 ONNX file, to train on from there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from .model import LAYERS, Verifier

LESS = "cosine_less"
"""What ``cosine`` adds to an exported file: a model has no place for it."""


class UnknownFile(Exception):
    """The file is no verifier that ``export`` wrote."""


def from_onnx(path: Path) -> Verifier:
    """The verifier of an exported file, its int8 weights as the floats that they stand for."""
    graph = onnx.load(str(path)).graph
    values = {value.name: numpy_helper.to_array(value) for value in graph.initializer}
    if LESS in values:
        raise UnknownFile(f"{path} counts a low cosine for more: start from the file before that")
    products = [n.input[1].removesuffix("_quantized") for n in graph.node if n.op_type == "MatMulInteger"]
    if len(products) != 3 * LAYERS:
        raise UnknownFile(f"{path} has {len(products)} integer products, not {3 * LAYERS}")

    def floats(name: str) -> Tensor:
        if name in values:
            return torch.from_numpy(np.array(values[name], np.float32))
        whole = values[f"{name}_quantized"].astype(np.float32) - values[f"{name}_zero_point"].astype(np.float32)
        return torch.from_numpy(whole * values[f"{name}_scale"])

    weights = {name: floats(name) for name in ("cosine_scale", "cosine_bias", "hidden.bias", "evidence.bias")}
    for name in ("words", "positions", "segments", "shared"):
        weights[f"{name}.weight"] = floats(f"{name}.weight")
    for name in ("hidden", "evidence"):
        weights[f"{name}.weight"] = floats(f"{name}.weight_Transposed").t()
    for part in ("weight", "bias"):
        weights[f"embedding_norm.{part}"] = floats(f"embedding_norm.{part}")
    for number in range(LAYERS):
        mine, theirs = f"layers.{number}.", f"layers.{number}.layer."
        weights[f"{mine}inputs.weight"] = floats(f"layers.{number}.weight").t()
        for place, name in enumerate(("output", "up", "down")):
            weights[f"{mine}{name}.weight"] = floats(products[3 * number + place]).t()
        for name in ("inputs", "output", "up", "down", "attention_norm", "output_norm"):
            weights[f"{mine}{name}.bias"] = floats(f"{theirs}{name}.bias")
        for name in ("attention_norm", "output_norm"):
            weights[f"{mine}{name}.weight"] = floats(f"{theirs}{name}.weight")
    model = Verifier()
    model.load_state_dict({name: weight.contiguous() for name, weight in weights.items()})
    return model


def mean(files: Sequence[Path]) -> Verifier:
    """The verifier with the mean of several files' weights: checkpoints, or exported files (``.onnx``)."""
    exported = [from_onnx(path) for path in files if path.suffix == ".onnx"]
    trained = [path for path in files if path.suffix != ".onnx"]
    weights = [model.state_dict() for model in exported + [Verifier.mean([path]) for path in trained]]
    model = Verifier()
    model.load_state_dict({name: torch.stack([w[name] for w in weights]).mean(0) for name in weights[0]})
    return model
