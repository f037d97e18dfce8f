"""Trains the verifier. A checkpoint is kept every few hundred steps; a run goes on from its last one."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch.nn import functional as F

from .calibrate import fit
from .data import MissingData, Pair, read_splits
from .embed import Embedder, OnnxEmbedder
from .encode import Encoder, PairTokens
from .evaluate import auc, recall
from .mixture import RECIPES, Example, Opinions, calibration_pairs, epoch, recipe_of
from .model import Verifier
from .mpnet import MpnetEmbedder, Teacher
from .settings import OTHER, SEED, STUDENT, TEACHER

BATCH = 32
RATE = 1.2e-4
HEAD_RATE = 5e-4
LATER_EPOCHS = 0.7  # each epoch's rate is this share of the one before
WARM_UP = 200
BRANCH_RATE = 1e-4  # of an epoch that starts elsewhere than where the one before ended
BRANCH_HEAD_RATE = 4e-4
BRANCH_WARM_UP = 100
WEIGHT_DECAY = 0.01
CHECK_EVERY = 400
DEV_PAIRS = 250


def batches(
    examples: Sequence[Example], encoder: PairTokens, random: Random, size: int = BATCH
) -> Iterator[list[Example]]:
    """Batches of pairs of nearly one length, in random order."""
    for start in range(0, len(examples), size * 40):
        part = sorted(
            examples[start : start + size * 40],
            key=lambda example: encoder.length(example.pair.asked, example.pair.cached),
        )
        cut = [part[at : at + size] for at in range(0, len(part), size)]
        random.shuffle(cut)
        yield from cut


def inputs(
    encoder: Encoder, pairs: Sequence[Pair], cosines: Sequence[float], turned: Sequence[bool]
) -> dict[str, torch.Tensor]:
    """The model's inputs for a batch, some pairs with their questions exchanged."""
    asked = [pair.cached if turn else pair.asked for pair, turn in zip(pairs, turned, strict=True)]
    cached = [pair.asked if turn else pair.cached for pair, turn in zip(pairs, turned, strict=True)]
    tensors = {name: torch.from_numpy(ids) for name, ids in encoder.batch(asked, cached).items()}
    tensors["cosine"] = torch.tensor(cosines, dtype=torch.float32)
    return tensors


def loss(logits: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """Cross entropy where the pair is labelled; distance to the teachers' logit where it is not."""
    target = torch.tensor([example.target for example in batch])
    labelled = torch.tensor([example.labelled for example in batch])
    weight = torch.tensor([example.weight for example in batch])
    entropy = F.binary_cross_entropy_with_logits(logits, target.clamp(0, 1), reduction="none")
    distance = F.smooth_l1_loss(logits, target, reduction="none")
    return (torch.where(labelled, entropy, distance) * weight).sum() / weight.sum()


def start_at_cosine(model: Verifier | Teacher, embedder: Embedder, calibration: Sequence[Pair]) -> None:
    """Makes an untrained model say what the cosine says, and keeps the weights that are not to be trained."""
    cosines = embedder.cosines([p.asked for p in calibration], [p.cached for p in calibration])
    bias, scale = fit(cosines.astype(float), np.array([p.same for p in calibration]))
    with torch.no_grad():
        model.cosine_bias.fill_(bias + 0.8 * scale)
        model.cosine_scale.fill_(scale)
    model.freeze()


class Descent:
    """Moves a model's weights, those of its head (and ``more``) at another rate than the rest."""

    def __init__(
        self,
        model: Verifier | Teacher,
        more: Sequence[torch.nn.Parameter],
        rate: float,
        head_rate: float,
        fused: bool = False,
    ) -> None:
        self.model = model
        head = [*model.hidden.parameters(), *model.evidence.parameters(), *more]
        head += [model.cosine_bias, model.cosine_scale]
        known = {id(parameter) for parameter in head}
        body = [p for p in model.parameters() if p.requires_grad and id(p) not in known]
        self.parameters = body + head
        self.optimizer = torch.optim.AdamW(
            [{"params": body, "lr": rate, "peak": rate}, {"params": head, "lr": head_rate, "peak": head_rate}],
            weight_decay=WEIGHT_DECAY,
            fused=fused,
        )

    def step(self, made: dict[str, torch.Tensor], batch: Sequence[Example], share: float) -> float:
        """Takes one step at this share of the rates; returns the loss before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * share
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.model(**made)
        value = loss(logits.float(), batch)
        value.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return value.item()


def score(model: Verifier, encoder: Encoder, pairs: Sequence[Pair], cosines: np.ndarray) -> np.ndarray:
    """The model's logits for pairs, in their order."""
    model.eval()
    order = sorted(range(len(pairs)), key=lambda i: encoder.length(pairs[i].asked, pairs[i].cached))
    logits = np.zeros(len(pairs))
    with torch.no_grad():
        for at in range(0, len(order), 64):
            part = order[at : at + 64]
            batch = [pairs[i] for i in part]
            made = inputs(encoder, batch, [cosines[i] for i in part], [False] * len(part))
            logits[part] = model(**made).numpy()
    model.train()
    return logits


def train(args: argparse.Namespace) -> None:
    """Trains as the arguments say; leaves ``epoch-1.pt`` and so on, and ``log.jsonl``, in the work folder."""
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    sets = read_splits(args.data)
    embedders = all_embedders(args)
    opinions = Opinions(args.work / "opinions")
    encoder = Encoder(args.base / "tokenizer.json")
    model = Verifier()
    model.load_base(args.base / "model.safetensors")
    start_at_cosine(model, embedders[STUDENT], calibration_pairs(sets))
    descent = Descent(model, [*model.shared.parameters()], RATE, HEAD_RATE)
    first = 0
    checkpoint = args.work / "model.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        first = saved["epoch"]
        if not recipe_of(first).starts:
            model.load_state_dict(saved["model"])
            descent.optimizer.load_state_dict(saved["optimizer"])
        print(f"going on at epoch {first}", flush=True)
    dev = {name: _sample(parts["dev"], DEV_PAIRS) for name, parts in sets.items()}
    dev_cosines = {
        name: embedders[STUDENT].cosines([p.asked for p in pairs], [p.cached for p in pairs])
        for name, pairs in dev.items()
    }
    model.train()
    for number in range(first, args.epochs):
        pace, warm_up = LATER_EPOCHS**number, WARM_UP
        starts = recipe_of(number).starts
        if starts:
            descent = branch(model, [args.work / f"epoch-{done}.pt" for done in starts], number)
            pace, warm_up = 1.0, BRANCH_WARM_UP
        examples = epoch(number, SEED, sets, args.data, embedders, opinions)
        if args.limit:
            examples = examples[: args.limit]
        random = Random(f"{SEED}/{number}/batches")
        steps = -(-len(examples) // BATCH)
        print(f"epoch {number}: {len(examples)} pairs, {steps} steps", flush=True)
        began, total = time.monotonic(), 0.0
        for step, batch in enumerate(batches(examples, encoder, random)):
            share = min((step + 1) / warm_up, 1.0) * max(0.03, 1 - step / steps) * pace
            turned = [random.random() < 0.5 for _ in batch]
            made = inputs(encoder, [e.pair for e in batch], [e.cosine for e in batch], turned)
            total += descent.step(made, batch, share)
            if (step + 1) % CHECK_EVERY == 0 or step + 1 == steps:
                done = number + 1 if step + 1 == steps else number
                _save(checkpoint, model, descent.optimizer, done)
                if done > number:
                    _save(args.work / f"epoch-{done}.pt", model, descent.optimizer, done)
                entry: dict[str, object] = {
                    "epoch": number,
                    "step": step + 1,
                    "loss": round(total / CHECK_EVERY, 4),
                    "pairsPerSecond": round((step + 1) * BATCH / (time.monotonic() - began), 1),
                }
                for name, pairs in dev.items():
                    logits_of = score(model, encoder, pairs, dev_cosines[name])
                    same = np.array([p.same for p in pairs])
                    entry[name] = [round(auc(logits_of, same), 3), round(recall(logits_of, same, 0.05), 3)]
                print(json.dumps(entry), flush=True)
                with (args.work / "log.jsonl").open("a") as log:
                    log.write(json.dumps(entry) + "\n")
                total = 0.0


def branch(model: Verifier, paths: Sequence[Path], number: int) -> Descent:
    """Puts the model to the mean of earlier epochs' ends, and frees all but the words for what it learns next."""
    torch.manual_seed(SEED + number)
    model.load_state_dict(Verifier.mean(paths).state_dict())
    model.freeze_words()
    return Descent(model, [*model.shared.parameters()], BRANCH_RATE, BRANCH_HEAD_RATE)


def _sample(pairs: Sequence[Pair], count: int) -> list[Pair]:
    chosen = list(pairs)
    Random(SEED).shuffle(chosen)
    return chosen[:count]


def _save(path: Path, model: Verifier, optimizer: torch.optim.Optimizer, epoch_done: int) -> None:
    partial = path.with_suffix(".tmp")
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch_done}, partial)
    partial.replace(path)


def arguments() -> argparse.ArgumentParser:
    """The options that every step shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with pairs/ and streams/")
    parser.add_argument("--base", type=Path, required=True, help="the folder with model.safetensors")
    parser.add_argument("--models", type=Path, required=True, help="the folder with the int8 embeddings")
    parser.add_argument("--teacher", type=Path, required=True, help="the folder of all-mpnet-base-v2")
    parser.add_argument("--work", type=Path, required=True, help="where checkpoints and vectors go")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def all_embedders(args: argparse.Namespace) -> dict[str, Embedder]:
    """The embeddings whose cosines count, by name; the first is the cache's own."""
    vectors = args.work / "vectors"
    found: dict[str, Embedder] = {name: OnnxEmbedder(args.models, name, vectors) for name in (STUDENT, OTHER)}
    return {**found, TEACHER: MpnetEmbedder(args.teacher, TEACHER, vectors)}


def main() -> int:
    """Runs the training from the command line."""
    parser = arguments()
    parser.add_argument("--epochs", type=int, default=len(RECIPES))
    parser.add_argument("--limit", type=int, default=0, help="pairs per epoch at most, for a trial")
    args = parser.parse_args()
    try:
        args.work.mkdir(parents=True, exist_ok=True)
        train(args)
    except MissingData as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
