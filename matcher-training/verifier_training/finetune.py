"""Trains a shipped verifier on with what readers said of pairs.

It starts from the weights of an exported file, keeps the word embeddings and the lower half of the
layers as they are (their states are computed once), and sees every read pair of the training part
once an epoch, with a share of older and generated pairs that keep what was learnt before. Run it with
several seeds: the file that is shipped has the mean of their weights.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import torch

from .data import MissingData, Pair, questions, read_pairs, read_splits, read_stream
from .echoes import Echoes
from .embed import OnnxEmbedder
from .encode import Encoder
from .evaluate import auc
from .generate import TRAINED_KINDS, Generator, reorders, rewrites
from .mixture import Example
from .model import Verifier
from .readings import CANNOT_BE_TOLD, Reading, held_out_texts, letters, read, read_second
from .settings import ARRIVALS, SEED, STUDENT
from .start import from_onnx
from .train import Descent, loss
from .turns import Turns
from .written import FOLDER, case_texts, pairs_of, read_groups, sound, split

BATCH = 32
DEPTH = 3  # so many layers stay as they are, where the command says nothing else
RATE = 1.2e-4
HEAD_RATE = 4e-4
WARM_UP = 20
LONGEST = 52  # tokens of a pair
NOISE = 0.03
DEV_WRITTEN = 400  # so many pairs of held-out written groups measure it, too
DEV_SHARE = 25  # one of so many training readings measures the training
TURNED = 0.15  # this share of the pairs is read the other way round

# How many older pairs of each file at most. The labels of text2sql are exact (one value exchanged is
# different); MEDIQA is one way; of the others only what lies far from the decision is taken.
OLDER = {"semantoneg": 900, "apt": 350, "text2sql": 2000, "mediqa_rqe": 900}
EASY_QUORA = 1200
EASY_STREAM = 600
GENERATED = 1600
REWRITTEN = 900
REORDERED = 900
TURNS = 4200
WRITTEN_WEIGHT = {"same": 1.0, "near": 0.7, "across": 0.4}  # of the written pairs, most are different
WRITTEN_FROM = 0.5  # their cosine; the cache asks the verifier from 0.6
EASY = (0.55, 0.80)  # cosines of pairs whose label "different" is taken as it is


def older(data: Path, seed: int, forbidden: set[str], embedder: OnnxEmbedder) -> list[Pair]:
    """Older and generated pairs, none with a question that is held out."""
    random = Random(f"{seed}/older")
    sets = read_splits(data)
    excluded = _excluded(data)
    found: list[Pair] = []
    for name, count in OLDER.items():
        pairs = sets[name]["train"] if name in sets else read_pairs(data, name)
        kept = [p for p in pairs if (letters(p.cached), letters(p.asked)) not in excluded]
        random.shuffle(kept)
        found += kept[:count]
    quora = [p for p in sets["qqp"]["train"] if not p.same and (letters(p.cached), letters(p.asked)) not in excluded]
    random.shuffle(quora)
    found += _easy(quora[: 4 * EASY_QUORA], embedder)[:EASY_QUORA]
    arrivals = read_stream(data, "clinc150")[ARRIVALS:]
    mixed = [(random.choice(arrivals), random.choice(arrivals)) for _ in range(60_000)]
    mixed = [(one, other) for one, other in mixed if one[0] != other[0] and _words_shared(one[1], other[1]) >= 4]
    streams = [Pair(one[1], other[1], 0.0, "easy clinc150", "easy") for one, other in mixed]
    found += _easy(streams[: 3 * EASY_STREAM], embedder)[:EASY_STREAM]
    found += Generator(seed, "train").pairs(GENERATED, TRAINED_KINDS)
    asked = [p.asked for p in sets["qqp"]["train"]]
    random.shuffle(asked)
    found += rewrites(asked[:8000], REWRITTEN, seed, "train", "qqp")
    found += reorders(asked[:8000] + [q for _, q in arrivals], REORDERED, seed, "train", "order")
    found += Turns(seed).pairs(TURNS)
    return [p for p in found if letters(p.cached) not in forbidden and letters(p.asked) not in forbidden]


def _words_shared(one: str, other: str) -> int:
    return len(set(one.split()) & set(other.split()))


def _easy(pairs: Sequence[Pair], embedder: OnnxEmbedder) -> list[Pair]:
    cosines = embedder.cosines([p.asked for p in pairs], [p.cached for p in pairs])
    return [p for p, cosine in zip(pairs, cosines.tolist(), strict=True) if EASY[0] <= cosine <= EASY[1]]


def _excluded(data: Path) -> set[tuple[str, str]]:
    with gzip.open(data / "exclude.tsv.gz", "rt", encoding="utf-8", newline="\n") as lines:
        next(lines)
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return {(letters(cached), letters(asked)) for _, cached, asked in rows}


def examples_of(readings: Sequence[Reading]) -> list[Example]:
    """Readings as examples; what one reader said counts a little less than what two said."""
    return [
        _labelled(r.pair, r.cosine, 1.0 if r.is_double else 0.85)
        for r in readings
        if r.verdict != CANNOT_BE_TOLD
    ]


def second_examples(second: Sequence[Reading], forbidden: set[str], embedder: OnnxEmbedder) -> list[Example]:
    """What the second round has to train on, without questions that are held out."""
    kept = [
        reading
        for reading in second
        if reading.part == "train" and forbidden.isdisjoint(map(letters, (reading.pair.cached, reading.pair.asked)))
    ]
    cosines = embedder.cosines([r.pair.asked for r in kept], [r.pair.cached for r in kept]).tolist() if kept else []
    return examples_of([replace(reading, cosine=cosine) for reading, cosine in zip(kept, cosines, strict=True)])


def written_examples(folder: Path, forbidden: set[str], embedder: OnnxEmbedder) -> tuple[list[Example], list[Example]]:
    """The pairs of the written groups: those to train on, and those held out."""
    parts = split(sound(read_groups(folder), forbidden | case_texts()))
    made = []
    for part in parts:
        pairs = pairs_of(part)
        cosines = embedder.cosines([p.asked for p in pairs], [p.cached for p in pairs]).tolist()
        known = [(p, c) for p, c in zip(pairs, cosines, strict=True) if c >= WRITTEN_FROM]
        made.append([_labelled(p, c, WRITTEN_WEIGHT[p.kind]) for p, c in known])
    return made[0], made[1]


def _labelled(pair: Pair, cosine: float, weight: float) -> Example:
    return Example(pair, cosine, NOISE + (1 - 2 * NOISE) * pair.same, True, weight)


class Prepared:
    """Examples with their inputs and the states after the lowest layers, computed once."""

    def __init__(self, encoder: Encoder, examples: Sequence[Example], random: Random, depth: int = DEPTH) -> None:
        self.depth = depth
        self.examples = list(examples)
        self.encoder = encoder
        self.lengths = [encoder.length(e.pair.asked, e.pair.cached) for e in self.examples]
        self.turned = [random.random() < TURNED for _ in self.examples]
        self.known: dict[int, tuple[dict[str, torch.Tensor], torch.Tensor]] = {}

    def logits(self, model: Verifier, part: Sequence[int]) -> torch.Tensor:
        """The model's logits of some examples."""
        self._learn(model, [i for i in part if i not in self.known])
        known = [self.known[i] for i in part]
        padded = {
            name: torch.nn.utils.rnn.pad_sequence([inputs[name] for inputs, _ in known], batch_first=True)
            for name in ("input_ids", "attention_mask", "token_type_ids")
        }
        states = torch.nn.utils.rnn.pad_sequence([states.float() for _, states in known], batch_first=True)
        cosine = torch.tensor([self.examples[i].cosine for i in part])
        prior = model.cosine_bias + model.cosine_scale * (cosine - 0.8)
        return prior + model.upper(states, **padded, depth=self.depth)

    def _learn(self, model: Verifier, part: Sequence[int]) -> None:
        if not part:
            return
        pairs = [self.examples[i].pair for i in part]
        turned = [self.turned[i] for i in part]
        asked = [p.cached if t else p.asked for p, t in zip(pairs, turned, strict=True)]
        cached = [p.asked if t else p.cached for p, t in zip(pairs, turned, strict=True)]
        batch = {name: torch.from_numpy(ids) for name, ids in self.encoder.batch(asked, cached).items()}
        was_training = model.training
        model.eval()
        with torch.no_grad():
            states = model.lower(**batch, depth=self.depth).to(torch.float16)
        model.train(was_training)
        for row, i in enumerate(part):
            length = int(batch["attention_mask"][row].sum())
            self.known[i] = ({name: ids[row, :length] for name, ids in batch.items()}, states[row, :length].clone())

    def batches(self, chosen: Sequence[int], random: Random) -> list[list[int]]:
        """Batches of nearly one length, in random order."""
        rows = list(chosen)
        random.shuffle(rows)
        found: list[list[int]] = []
        for start in range(0, len(rows), BATCH * 20):
            part = sorted(rows[start : start + BATCH * 20], key=self.lengths.__getitem__)
            cut = [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
            random.shuffle(cut)
            found += cut
        return found


def measure(model: Verifier, prepared: Prepared) -> dict[str, float]:
    """AUC of each source."""
    model.eval()
    logits = np.zeros(len(prepared.examples))
    with torch.no_grad():
        for at in range(0, len(logits), 64):
            part = list(range(at, min(at + 64, len(logits))))
            logits[part] = prepared.logits(model, part).numpy()
    model.train()
    same = np.array([round(e.target) for e in prepared.examples], float)
    sources = np.array([e.pair.source for e in prepared.examples])
    found = {"all": round(auc(logits, same), 4)}
    for name in sorted(set(sources.tolist())):
        own = sources == name
        if 0 < same[own].sum() < own.sum():
            found[name] = round(auc(logits[own], same[own]), 3)
    return found


def finetune(args: argparse.Namespace) -> None:
    """Trains as the arguments say; leaves ``read-SEED.pt`` and ``read-SEED.jsonl`` in the work folder."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    random = Random(args.seed)
    embedder = OnnxEmbedder(args.models, STUDENT, args.work / "vectors")
    encoder = Encoder(args.models / f"{STUDENT}-q-tokenizer.json")
    readings = read(args.data)
    second = read_second(args.data) if args.second else []
    forbidden = held_out_texts(readings + second)
    taught = examples_of([r for r in readings if r.part == "train"])
    Random(SEED).shuffle(taught)
    dev, taught = taught[: len(taught) // DEV_SHARE], taught[len(taught) // DEV_SHARE :]
    random.shuffle(taught)
    more = second_examples(second, forbidden, embedder)
    seen = forbidden | {text for pair in _excluded(args.data) for text in pair}
    written, dev_written = written_examples(args.written, seen, embedder) if args.written else ([], [])
    dev += dev_written[:DEV_WRITTEN]
    old = older(args.data, SEED, forbidden, embedder)
    random.shuffle(old)
    echoed = questions([e.pair for e in taught + written]) + [p.cached for p in old if p.source.startswith(("turns", "gener"))]
    old = Echoes(args.seed).pairs(echoed, args.echoes) + old
    cosines = embedder.cosines([p.asked for p in old], [p.cached for p in old]).tolist()
    short = [encoder.length(p.asked, p.cached) <= LONGEST for p in old]
    kept = [_labelled(p, c, 0.8) for p, c, s in zip(old, cosines, short, strict=True) if s]
    taught, kept = [*taught[: args.read or None], *more], kept[: args.other]
    print(f"{len(taught)} read, {len(written)} written, {len(kept)} other", flush=True)
    taught += written
    model = from_onnx(args.start)
    model.freeze_up_to(args.depth)
    prepared = Prepared(encoder, [*taught, *kept], random, args.depth)
    measured = Prepared(encoder, dev, Random(1), args.depth)
    log = args.work / f"read-{args.seed}.jsonl"
    entry: dict[str, object] = {"step": 0, **measure(model, measured)}
    print(json.dumps(entry), flush=True)
    descent = Descent(model, [], args.rate, args.rate * HEAD_RATE / RATE)
    steps: list[list[int]] = []
    for number in range(args.epochs):
        share = len(kept) // args.epochs
        others = range(len(taught) + number * share, len(taught) + (number + 1) * share)
        steps += prepared.batches([*range(len(taught)), *others], random)
    began, total = time.monotonic(), 0.0
    for step, part in enumerate(steps):
        done = max(step / len(steps), (time.monotonic() - began) / (60 * args.minutes))
        if done >= 1:
            _save(args, model, step)
            break
        for group in descent.optimizer.param_groups:
            group["lr"] = group["peak"] * min((step + 1) / WARM_UP, 1.0) * max(0.03, 1 - done)
        value = loss(prepared.logits(model, part), [prepared.examples[i] for i in part])
        value.backward()
        torch.nn.utils.clip_grad_norm_(descent.parameters, 1.0)
        descent.optimizer.step()
        descent.optimizer.zero_grad(set_to_none=True)
        total += value.item()
        if (step + 1) % 20 == 0 or step + 1 == len(steps):
            pace = (step + 1) * BATCH / (time.monotonic() - began)
            entry = {"step": step + 1, "of": len(steps), "loss": round(total / 20, 4), "pairsPerSecond": round(pace, 1)}
            entry |= measure(model, measured) if (step + 1) % 100 == 0 or step + 1 == len(steps) else {}
            total = 0.0
            print(json.dumps(entry), flush=True)
            with log.open("a") as file:
                file.write(json.dumps(entry) + "\n")
            _save(args, model, step + 1)


def _save(args: argparse.Namespace, model: Verifier, steps: int) -> None:
    partial = args.work / f"read-{args.seed}.tmp"
    torch.save({"model": model.state_dict(), "step": steps}, partial)
    partial.replace(args.work / f"read-{args.seed}.pt")


def main() -> int:
    """Trains on from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True, help="the folder with the int8 embeddings")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="the exported verifier to start from")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--echoes", type=int, default=0, help="pairs of a question and its echo, of the others")
    parser.add_argument("--minutes", type=float, default=600, help="it ends after so long, its rate in time with it")
    parser.add_argument("--depth", type=int, default=DEPTH, help="so many of the lowest layers stay as they are")
    parser.add_argument("--second", action="store_true", help="with the second round's read pairs")
    parser.add_argument("--written", type=Path, help=f"the folder of the written groups, such as {FOLDER.name}")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--read", type=int, default=0, help="read pairs at most, for a trial; 0 for all")
    parser.add_argument("--other", type=int, default=6000, help="older and generated pairs at most")
    args = parser.parse_args()
    try:
        args.work.mkdir(parents=True, exist_ok=True)
        finetune(args)
    except MissingData as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
