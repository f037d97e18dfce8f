"""Says how verifiers order held-out pairs: read ones, beside the cosine and the weights that chose them, and written ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .data import MissingData, Pair
from .embed import OnnxEmbedder
from .encode import Encoder
from .evaluate import auc
from .readings import CANNOT_BE_TOLD, SETS, Reading, held_out_texts, lookups, read, read_second
from .settings import STUDENT
from .written import FOLDER, Group, case_texts, pairs_of, read_groups, sound, split

LOOKUPS = {"qqp": 5000, "banking77": 2500, "clinc150": 2500, "mined_quora": 7000, "mined_intents": 4500} | {
    "mined_other": 3000
}
"""How many lookups each set, or each half of a stream, is of."""

LEAST_COSINE = 0.6  # below it the cache does not ask the verifier
WRONG = (0.005, 0.01, 0.02, 0.05)
Floats = NDArray[np.float64]


def scores(model: Path, encoder: Encoder, readings: Sequence[Reading]) -> Floats:
    """The log-odds of each pair, by the exported file, read one by one as the cache does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options)
    found = np.zeros(len(readings))
    for place, reading in enumerate(readings):
        made: dict[str, np.ndarray] = dict(encoder.batch([reading.pair.asked], [reading.pair.cached]))
        made["cosine"] = np.array([reading.cosine], np.float32)
        found[place] = session.run(["logit"], made)[0][0]
    return found


def right_hits(score: Floats, same: NDArray[np.bool_], weight: Floats, of: float, wrong: float) -> float:
    """The most right hits per lookup of any threshold with at most so many wrong ones, in hindsight."""
    order = np.argsort(-score)
    errors = np.cumsum(weight[order] * ~same[order])
    right = np.cumsum(weight[order] * same[order])
    held = np.flatnonzero(errors <= wrong * of)
    return float(right[held[-1]] / of) if len(held) else 0.0


def markdown(everything: Sequence[Reading], files: dict[str, Floats]) -> str:
    """Two tables: AUC of each set's held-out pairs, and right hits in hindsight of each half, by each file."""
    readings = [reading for reading in everything if reading.part != "train"]
    columns = {
        "cosine": np.array([r.cosine for r in readings]),
        "fifth version": np.array([r.score for r in readings]),
        **files,
    }
    lines = ["| set | pairs (same) | " + " | ".join(f"AUC {name}" for name in columns) + " |"]
    lines.append("| --- | --- |" + " --- |" * len(columns))
    told = np.array([r.verdict != CANNOT_BE_TOLD for r in readings])
    same = np.array([r.verdict == 1 for r in readings])
    sources = np.array([r.source for r in readings])
    for name in SETS:
        own = (sources == name) & told
        cells = " | ".join(f"{auc(column[own], same[own].astype(float)):.3f}" for column in columns.values())
        lines.append(f"| {name} | {own.sum()} ({same[own].sum()}) | {cells} |")
    held = [r if r.part == "train" else replace(r, part="held out") for r in everything]
    weights = lookups(held, "held out")
    weight = np.array([weights.get(place, 0.0) for place, r in enumerate(held) if r.part != "train"])
    groups = np.array([r.group for r in readings])
    lines += ["", "| lookups | score | " + " | ".join(f"<= {w:.1%} wrong" for w in WRONG) + " |"]
    lines.append("| --- | --- |" + " --- |" * len(WRONG))
    for group in dict.fromkeys(groups.tolist()):
        own = (groups == group) & (weight > 0)
        of = LOOKUPS[group.split(",")[0]]
        for name, column in columns.items():
            cells = " | ".join(f"{right_hits(column[own], same[own], weight[own], of, w):.3f}" for w in WRONG)
            lines.append(f"| {group} | {name} | {cells} |")
    return "\n".join(lines) + "\n"


def written(groups: Sequence[Group], files: dict[str, tuple[Floats, Floats]]) -> str:
    """A table of the written groups: AUC by kind of difference, above the cosine from which the cache asks.

    Each file has the log-odds of the pairs, and their cosines.
    """
    pairs = pairs_of(groups)
    kinds = np.array([p.kind for p in pairs])
    lines = ["| score | pairs (same) | AUC | same and near | same and across |", "| --- | --- | --- | --- | --- |"]
    for name, (score, cosine) in files.items():
        asked = cosine >= LEAST_COSINE
        cells = []
        for left in ("", "across", "near"):
            own = asked & (kinds != left)
            cells.append(f"{auc(score[own], (kinds[own] == 'same').astype(float)):.3f}")
        lines.append(f"| {name} | {asked.sum()} ({(asked & (kinds == 'same')).sum()}) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _as_reading(pair: Pair, cosine: float) -> Reading:
    return Reading(pair, "written", "-", "-", 0.0, False, int(pair.same), 0.0, cosine, "test")


def main() -> int:
    """Prints the tables from the command line, of the calibration and the test part together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="the folder with the int8 embeddings")
    parser.add_argument("--model", type=Path, required=True, help="the exported verifier")
    parser.add_argument("--before", type=Path, help="another exported verifier, to compare it with")
    parser.add_argument("--written", type=Path, default=FOLDER, help="the folder of the written groups")
    args = parser.parse_args()
    try:
        everything = read(args.data)
        held_out_questions = held_out_texts([*everything, *read_second(args.data)])
        groups = sound(read_groups(args.written), held_out_questions | case_texts())
    except MissingData as problem:
        print(problem, file=sys.stderr)
        return 2
    encoder = Encoder(args.models / f"{STUDENT}-q-tokenizer.json", 128)
    held_out = [reading for reading in everything if reading.part != "train"]
    files = {"before": args.before, "this file": args.model} if args.before else {"this file": args.model}
    print(markdown(everything, {name: scores(file, encoder, held_out) for name, file in files.items()}))
    test = split(groups)[1]
    pairs = pairs_of(test)
    cosines = OnnxEmbedder(args.models, STUDENT).cosines([p.asked for p in pairs], [p.cached for p in pairs])
    known = cosines.astype(np.float64)
    made = [_as_reading(pair, cosine) for pair, cosine in zip(pairs, known.tolist(), strict=True)]
    by_file = {name: (scores(file, encoder, made), known) for name, file in files.items()}
    print(written(test, {"cosine": (known, known), **by_file}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
