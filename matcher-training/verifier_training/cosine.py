"""Lets an exported verifier count a low cosine for more than it was trained to."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .start import LESS, UnknownFile

USUAL = 0.85
"""About the mean cosine of the read pairs. Pairs that are nearer keep their log-odds."""


def lower(source: Path, target: Path, weight: float) -> None:
    """Writes ``source`` to ``target`` with ``weight * (USUAL - cosine)`` less in the log-odds of pairs below ``USUAL``."""
    model = onnx.load(str(source))
    graph = model.graph
    known = [node for node in graph.node if "cosine_bias" in node.input]
    if len(known) != 1 or any(value.name == LESS for value in graph.initializer):
        raise UnknownFile(f"{source} is no file that export wrote")
    before = known[0].output[0]
    after, at = f"{before}_lowered", list(graph.node).index(known[0]) + 1
    for node in graph.node:
        for place, name in enumerate(node.input):
            if name == before:
                node.input[place] = after
    for name, value in ((LESS, weight), ("cosine_usual", USUAL), ("cosine_most", 0.0)):
        graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), name))
    added = [
        helper.make_node("Sub", ["cosine", "cosine_usual"], ["cosine_above"]),
        helper.make_node("Min", ["cosine_above", "cosine_most"], ["cosine_below"]),
        helper.make_node("Mul", ["cosine_below", LESS], ["cosine_change"]),
        helper.make_node("Add", [before, "cosine_change"], [after]),
    ]
    for node in reversed(added):
        graph.node.insert(at, node)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def main() -> int:
    """Does it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="the exported verifier")
    parser.add_argument("--weight", type=float, required=True, help="how much more a low cosine counts")
    parser.add_argument("--model", type=Path, required=True, help="the file to write")
    args = parser.parse_args()
    lower(args.start, args.model, args.weight)
    print(f"{args.model}: {args.model.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
