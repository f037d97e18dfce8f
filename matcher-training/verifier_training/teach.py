"""Trains the teacher on the labelled pairs, then writes down what it says of many unlabelled ones."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from random import Random

import numpy as np
import torch

from .data import MissingData, Pair, questions, read_splits
from .embed import Embedder
from .evaluate import auc, recall
from .generate import Generator, rewrites
from .mixture import (
    Example,
    Opinions,
    calibration_pairs,
    labelled_examples,
    near_decision,
    others,
    pair_cosines,
    unlabelled,
)
from .mpnet import Teacher, TeacherEncoder
from .settings import SEED, STUDENT
from .train import Descent, all_embedders, arguments, batches, start_at_cosine

BATCH = 64
RATE = 5e-5
HEAD_RATE = 4e-4
WARM_UP = 100
SEMANTONEG, GENERATED, REWRITTEN = 1_500, 1_500, 1_500
CHECK_EVERY = 150
PASSES = 3  # two over any neighbours, the last over those near the decision
UNLABELLED = 50_000  # of the Quora questions, how many unlabelled pairs the teacher is asked about in a pass
UNLABELLED_NEAR = 200_000  # in the last pass: all there are; a fifth of them are labelled and left out
UNLABELLED_CAPTIONS = 5_500  # of the captions, in the first pass


def examples(sets: dict[str, dict[str, list[Pair]]], embedder: Embedder) -> list[Example]:
    """What the teacher reads, once: all labelled pairs, and some made ones."""
    random = Random(f"{SEED}/teacher")
    negated = list(sets["semantoneg"]["train"])
    random.shuffle(negated)
    read = sets["qqp"]["train"] + sets["apt"]["train"] + sets["stsb"]["train"] + negated[:SEMANTONEG]
    read += Generator(SEED + 50, "train").pairs(GENERATED)
    read += rewrites(questions(sets["qqp"]["train"]), REWRITTEN, SEED + 50, "train", "qqp")
    random.shuffle(read)
    return labelled_examples(read, embedder)


def inputs(
    encoder: TeacherEncoder, pairs: Sequence[Pair], cosines: Sequence[float], turned: Sequence[bool]
) -> dict[str, torch.Tensor]:
    """The teacher's inputs for a batch, some pairs with their questions exchanged."""
    asked = [pair.cached if turn else pair.asked for pair, turn in zip(pairs, turned, strict=True)]
    cached = [pair.asked if turn else pair.cached for pair, turn in zip(pairs, turned, strict=True)]
    return {**encoder.batch(asked, cached), "cosine": torch.tensor(cosines, dtype=torch.float32)}


def opinions(
    model: Teacher, encoder: TeacherEncoder, pairs: Sequence[Pair], cosines: Sequence[float]
) -> np.ndarray:
    """The teacher's logits for pairs, in their order."""
    model.eval()
    order = sorted(range(len(pairs)), key=lambda i: encoder.length(pairs[i].asked, pairs[i].cached))
    logits = np.zeros(len(pairs))
    began = time.monotonic()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), 128):
            part = order[at : at + 128]
            made = inputs(
                encoder, [pairs[i] for i in part], [float(cosines[i]) for i in part], [False] * len(part)
            )
            logits[part] = model(**made).float().numpy()
            if at and at % 12_800 == 0:
                print(f"asked about {at} of {len(order)} pairs, {time.monotonic() - began:.0f} s", flush=True)
    model.train()
    return logits


def train(args: argparse.Namespace, model: Teacher, encoder: TeacherEncoder, embedder: Embedder) -> None:
    """Trains the teacher and leaves ``teacher.pt`` and ``teacher.jsonl`` in the work folder."""
    sets = read_splits(args.data)
    model.load_base(args.teacher / "model.safetensors")
    start_at_cosine(model, embedder, calibration_pairs(sets))
    descent = Descent(model, [], RATE, HEAD_RATE, fused=True)
    dev = {"qqp": sets["qqp"]["dev"][:1000], "stsb": sets["stsb"]["dev"], "apt": sets["apt"]["dev"]}
    dev_cosines = {name: pair_cosines(embedder, pairs) for name, pairs in dev.items()}
    read = examples(sets, embedder)[: args.limit or None]
    steps = -(-len(read) // BATCH)
    print(f"teacher: {len(read)} pairs, {steps} steps", flush=True)
    random = Random(f"{SEED}/teacher/batches")
    began, total = time.monotonic(), 0.0
    model.train()
    for step, batch in enumerate(batches(read, encoder, random, BATCH)):
        share = min((step + 1) / WARM_UP, 1.0) * max(0.02, 1 - step / steps)
        turned = [random.random() < 0.5 for _ in batch]
        made = inputs(encoder, [e.pair for e in batch], [e.cosine for e in batch], turned)
        total += descent.step(made, batch, share)
        if (step + 1) % CHECK_EVERY == 0 or step + 1 == steps:
            entry: dict[str, object] = {
                "step": step + 1,
                "loss": round(total / CHECK_EVERY, 4),
                "pairsPerSecond": round((step + 1) * BATCH / (time.monotonic() - began), 1),
            }
            for name, pairs in dev.items():
                found = opinions(model, encoder, pairs, dev_cosines[name])
                same = np.array([p.same for p in pairs])
                entry[name] = [round(auc(found, same), 3)] + [
                    round(recall(found, same, s), 3) for s in (0.02, 0.05)
                ]
            print(json.dumps(entry), flush=True)
            with (args.work / "teacher.jsonl").open("a") as log:
                log.write(json.dumps(entry) + "\n")
            total = 0.0
    partial = args.work / "teacher.tmp"
    torch.save(model.state_dict(), partial)
    partial.replace(args.work / "teacher.pt")


def ask(args: argparse.Namespace, model: Teacher, encoder: TeacherEncoder, embedders: dict[str, Embedder]) -> None:
    """Asks the teacher about pairs, labelled and unlabelled; a file a pass in the folder ``opinions``."""
    sets = read_splits(args.data)
    labelled = {frozenset((p.asked, p.cached)) for p in sets["qqp"]["train"]}
    asked = questions(sets["qqp"]["train"])
    folder = args.work / "opinions"
    folder.mkdir(exist_ok=True)
    for number in range(PASSES):
        target = folder / f"{number}.npz"
        if target.exists():
            continue
        random = Random(f"{SEED}/opinions/{number}")
        if number < PASSES - 1:
            near = unlabelled(asked, UNLABELLED, random, embedders[STUDENT], "qqp")
        else:
            near = near_decision(
                asked, UNLABELLED_NEAR, random, embedders[STUDENT], others(embedders, sets), "near"
            )
        pairs = [pair for pair in near if frozenset((pair.asked, pair.cached)) not in labelled]
        if number == 0:
            captions = questions(sets["stsb"]["train"] + sets["apt"]["train"])
            pairs += sets["qqp"]["train"]
            pairs += unlabelled(captions, UNLABELLED_CAPTIONS, random, embedders[STUDENT], "captions")
        print(f"pass {number + 1} of {PASSES}: {len(pairs)} pairs", flush=True)
        found = opinions(model, encoder, pairs, pair_cosines(embedders[STUDENT], pairs))
        Opinions.write(target, pairs, found)


def main() -> int:
    """Trains the teacher and asks it, from the command line; what is there already is not made again."""
    parser = arguments()
    parser.add_argument("--limit", type=int, default=0, help="pairs to train on at most, for a trial")
    args = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    model = Teacher()
    encoder = TeacherEncoder(args.teacher / "tokenizer.json")
    try:
        embedders = all_embedders(args)
        if not (args.work / "teacher.pt").exists():
            train(args, model, encoder, embedders[STUDENT])
        model.load_state_dict(torch.load(args.work / "teacher.pt"))
        ask(args, model, encoder, embedders)
    except MissingData as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
