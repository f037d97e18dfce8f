"""Writes a verifier as an int8 ONNX file that ONNX Runtime runs anywhere."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from .model import Verifier

OPSET = 17
EVIDENCE = 0.75  # more helps where the like was trained on, less elsewhere; chosen on the development splits
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
            op_types_to_quantize=["MatMul", "Gather"],  # the head is small, and stays as it is
        )
    onnx.checker.check_model(str(target))


def temper(model: Verifier, share: float) -> None:
    """Scales what the tokens may say against the cosine."""
    with torch.no_grad():
        model.evidence.weight.mul_(share)
        model.evidence.bias.mul_(share)


def main() -> int:
    """Exports a checkpoint from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the file to write")
    parser.add_argument("--evidence", type=float, default=EVIDENCE, help="how much of the evidence counts")
    args = parser.parse_args()
    model = Verifier()
    model.load_state_dict(torch.load(args.checkpoint)["model"])
    temper(model, args.evidence)
    export(model, args.model)
    print(f"{args.model}: {args.model.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
