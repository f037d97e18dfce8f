"""Scores pairs and streams: AUC, recall at few false hits, hit rate at few wrong answers."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .calibrate import fit
from .data import STREAM_FILES, MissingData, Pair, questions, read_splits, read_stream
from .embed import Embedder, OnnxEmbedder, Vectors
from .encode import Encoder
from .generate import UNSEEN_DOMAINS, Generator, rewrites
from .settings import ARRIVALS, SEED, STUDENT

Floats = NDArray[np.float64]

FALSE_HITS = (0.01, 0.02, 0.05)
WRONG_PER_LOOKUP = (0.005, 0.01, 0.02, 0.05)


def auc(scores: Floats, same: Floats) -> float:
    """The chance that a random right pair scores above a random wrong one; ties count half."""
    order = np.argsort(scores, kind="stable")
    _, where, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = (np.cumsum(counts) - (counts - 1) / 2)[where]
    right = same > 0.5
    positives, negatives = right.sum(), (~right).sum()
    return float((ranks[right].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def recall(scores: Floats, same: Floats, false_hits: float) -> float:
    """The greatest share of right pairs over a threshold that at most this share of wrong ones passes."""
    wrong = np.sort(scores[same < 0.5])[::-1]
    allowed = int(np.floor(false_hits * len(wrong)))
    threshold = wrong[allowed] if allowed < len(wrong) else -np.inf
    return float((scores[same > 0.5] > threshold).mean())


def interval(scores: Floats, same: Floats, false_hits: float, draws: int = 200) -> tuple[float, float]:
    """The 95 % bootstrap interval of :func:`recall`."""
    random = np.random.default_rng(1)
    places = (random.integers(0, len(scores), len(scores)) for _ in range(draws))
    found = [recall(scores[p], same[p], false_hits) for p in places if 0 < same[p].sum() < len(p)]
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A stream seen once: for each arrival its nearest earlier one, and whether the labels agree.

    Every arrival is stored. The first has no neighbour and is left out of ``nearest``.
    """

    questions: list[str]
    nearest: NDArray[np.int64]
    cosine: Floats
    right: Floats

    @staticmethod
    def of(stream: Sequence[tuple[str, str]], vectors: Vectors) -> Arrivals:
        """Runs the stream in its order."""
        nearest = np.zeros(len(stream), np.int64)
        cosine = np.full(len(stream), -1.0)
        for start in range(0, len(stream), 1000):
            block = vectors[start : start + 1000] @ vectors[: start + 1000].T
            for row in range(len(block)):
                arrival = start + row
                if arrival:
                    nearest[arrival] = int(np.argmax(block[row, :arrival]))
                    cosine[arrival] = block[row, nearest[arrival]]
        labels = np.array([label for label, _ in stream])
        right = (labels == labels[nearest]).astype(float)
        return Arrivals([q for _, q in stream], nearest[1:], cosine[1:], right[1:])

    def pairs(self) -> tuple[list[str], list[str]]:
        """(asked, cached) of each arrival but the first."""
        return self.questions[1:], [self.questions[i] for i in self.nearest]


def hit_rate(scores: Floats, right: Floats, wrong_per_lookup: float) -> float:
    """The best hit rate of one threshold whose wrong hits stay within this share of all lookups."""
    order = np.argsort(-scores, kind="stable")
    wrong = np.cumsum(1 - right[order])
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    fits = (wrong <= wrong_per_lookup * len(scores)) & last_of_tie
    return float((np.flatnonzero(fits).max(initial=-1) + 1) / len(scores))


class Scorer:
    """The exported verifier, on one thread."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(model), options)
        self.encoder = Encoder(tokenizer, longest=256)

    def logits(self, asked: Sequence[str], cached: Sequence[str], cosines: Vectors) -> Floats:
        """The log-odds of each pair, in the pairs' order. Batches hold pairs of one length."""
        lengths = [self.encoder.length(a, c) for a, c in zip(asked, cached, strict=True)]
        order = sorted(range(len(asked)), key=lengths.__getitem__)
        found = np.zeros(len(asked))
        start = 0
        while start < len(order):
            part = [i for i in order[start : start + 32] if lengths[i] == lengths[order[start]]]
            start += len(part)
            batch: dict[str, NDArray[Any]] = dict(
                self.encoder.batch([asked[i] for i in part], [cached[i] for i in part])
            )
            batch["cosine"] = np.array([cosines[i] for i in part], np.float32)
            found[part] = self.session.run(None, batch)[0]
        return found


def latency(model: Path, embedding: Path, runs: int = 400) -> dict[str, float]:
    """Milliseconds on one thread, a pair of 30 tokens and the embedding of a 15-token question in turn.

    The median says what a busy machine gives, the tenth of the runs that were fastest what a quiet one does.
    """
    random = np.random.default_rng(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    calls: dict[str, tuple[onnxruntime.InferenceSession, dict[str, Any]]] = {}
    for name, path, length in (("pair of 30", model, 30), ("embedding of 15", embedding, 15)):
        session = onnxruntime.InferenceSession(str(path), options)
        wanted = {value.name for value in session.get_inputs()}
        ids = random.integers(1000, 30000, (1, length))
        made: dict[str, Any] = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        made["token_type_ids"] = np.array([[0] * 15 + [1] * (length - 15)], np.int64)
        made["cosine"] = np.array([0.9], np.float32)
        calls[name] = (session, {key: value for key, value in made.items() if key in wanted})
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(runs):
        for name, (session, made) in calls.items():
            began = time.perf_counter()
            session.run(None, made)
            times[name].append((time.perf_counter() - began) * 1000)
    found = {}
    for name, values in times.items():
        found[f"{name}, median"] = round(float(np.median(values)), 2)
        found[f"{name}, fastest tenth"] = round(float(np.percentile(values, 10)), 2)
    return found


def test_sets(data: Path, seed: int, size: int) -> dict[str, list[Pair]]:
    """Everything that is held out: the public sets' test splits and generated pairs, by kind and domain."""
    sets = {f"{name} test": parts["test"] for name, parts in read_splits(data).items()}
    sets["generated test"] = Generator(seed, "test").pairs(size)
    sets["generated, unseen domains"] = Generator(seed, "test", UNSEEN_DOMAINS).pairs(size)
    texts = questions(sets["qqp test"])
    sets["rewritten qqp test"] = rewrites(texts, size // 2, seed, "test", "qqp")
    return sets


def pair_row(scores: Floats, same: Floats) -> dict[str, Any]:
    """AUC, and recall with its interval at each share of false hits."""
    row: dict[str, Any] = {"auc": round(auc(scores, same), 3)}
    for share in FALSE_HITS:
        low, high = interval(scores, same, share)
        row[f"recall at {share:.0%}"] = [round(recall(scores, same, share), 3), round(low, 3), round(high, 3)]
    return row


def by_kind(pairs: Sequence[Pair], cosine: Floats, logits: Floats) -> dict[str, Any]:
    """For each kind of wrong pair its AUC against all right pairs of the set, by cosine and by verifier."""
    kinds = np.array([pair.kind for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    rows = {}
    for kind in sorted(set(kinds[same < 0.5])):
        chosen = (same > 0.5) | (kinds == kind)
        rows[kind] = {
            "pairs": int((kinds == kind).sum()),
            "cosine auc": round(auc(cosine[chosen], same[chosen]), 3),
            "verifier auc": round(auc(logits[chosen], same[chosen]), 3),
            "cosine recall at 2%": round(recall(cosine[chosen], same[chosen], 0.02), 3),
            "verifier recall at 2%": round(recall(logits[chosen], same[chosen], 0.02), 3),
        }
    return rows


def evaluate(args: argparse.Namespace) -> dict[str, Any]:
    """Scores the model on everything held out, the plain cosine beside it."""
    scorer = Scorer(args.model, args.base / "tokenizer.json")
    embedder = OnnxEmbedder(args.models, STUDENT, args.work / "vectors")
    result: dict[str, Any] = {"pairs": {}, "kinds": {}, "streams": {}, "operatingPoint": {}}
    dev = [pair for parts in read_splits(args.data).values() for pair in parts["dev"]]
    dev += Generator(SEED + 99, "train").pairs(1500)
    dev_logits, dev_cosine = _both(scorer, embedder, dev)
    dev_same = np.array([pair.same for pair in dev])
    scores = {"development": np.stack([dev_cosine, dev_logits, dev_same])}
    bias, scale = fit(dev_logits, dev_same)
    result["calibration"] = {"bias": round(bias, 4), "scale": round(scale, 4)}
    thresholds = {
        name: float(np.sort(s[dev_same < 0.5])[::-1][int(0.02 * (dev_same < 0.5).sum())])
        for name, s in (("cosine", dev_cosine), ("verifier", dev_logits))
    }
    for name, pairs in test_sets(args.data, SEED, args.generated).items():
        logits, cosine = _both(scorer, embedder, pairs)
        same = np.array([pair.same for pair in pairs])
        scores[name] = np.stack([cosine, logits, same])
        result["pairs"][name] = {
            "pairs": len(pairs),
            "same": int(same.sum()),
            "cosine": pair_row(cosine, same),
            "verifier": pair_row(logits, same),
        }
        if len({pair.kind for pair in pairs}) > 1:
            result["kinds"][name] = by_kind(pairs, cosine, logits)
        result["operatingPoint"][name] = {
            which: [
                round(float((s[same > 0.5] > thresholds[which]).mean()), 3),
                round(float((s[same < 0.5] > thresholds[which]).mean()), 4),
            ]
            for which, s in (("cosine", cosine), ("verifier", logits))
        }
        print(name, json.dumps(result["pairs"][name]), flush=True)
    for name in STREAM_FILES:
        stream = read_stream(args.data, name)[:ARRIVALS]
        arrivals = Arrivals.of(stream, embedder.embed([question for _, question in stream]))
        asked, cached = arrivals.pairs()
        logits = scorer.logits(asked, cached, arrivals.cosine.astype(np.float32))
        scores[name] = np.stack([arrivals.cosine, logits, arrivals.right])
        result["streams"][name] = {
            which: {f"{share:.1%}": round(hit_rate(s, arrivals.right, share), 3) for share in WRONG_PER_LOOKUP}
            for which, s in (("cosine", arrivals.cosine), ("verifier", logits))
        }
        print(name, json.dumps(result["streams"][name]), flush=True)
    np.savez(args.work / "scores.npz", **scores)
    result["latency"] = latency(args.model, args.models / f"{STUDENT}-q.onnx")
    result["bytes"] = args.model.stat().st_size
    return result


def _both(scorer: Scorer, embedder: Embedder, pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
    asked, cached = [pair.asked for pair in pairs], [pair.cached for pair in pairs]
    cosine = embedder.cosines(asked, cached)
    return scorer.logits(asked, cached, cosine), cosine.astype(np.float64)


def markdown(result: dict[str, Any]) -> str:
    """The result as tables."""
    lines = ["| set | pairs (same) | score | AUC | recall at 1 % | at 2 % | at 5 % |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for name, row in result["pairs"].items():
        for which in ("cosine", "verifier"):
            cells = [
                "{:.3f} ({:.3f}–{:.3f})".format(*row[which][f"recall at {share:.0%}"]) for share in FALSE_HITS
            ]
            size = f"{row['pairs']} ({row['same']})"
            lines.append(f"| {name} | {size} | {which} | {row[which]['auc']:.3f} | " + " | ".join(cells) + " |")
    lines += ["", "| stream | score | " + " | ".join(f"<= {s:.1%}" for s in WRONG_PER_LOOKUP) + " |"]
    lines.append("| --- | --- |" + " --- |" * len(WRONG_PER_LOOKUP))
    for name, row in result["streams"].items():
        for which in ("cosine", "verifier"):
            cells = " | ".join(f"{value:.3f}" for value in row[which].values())
            lines.append(f"| {name} | {which} | {cells} |")
    for name, kinds in result["kinds"].items():
        lines += ["", f"| kind, {name} | pairs | AUC cosine | AUC verifier | recall at 2 % cosine | verifier |"]
        lines.append("| --- | --- | --- | --- | --- | --- |")
        for kind, row in kinds.items():
            lines.append(f"| {kind} | " + " | ".join(str(value) for value in row.values()) + " |")
    lines += ["", "| set, at one threshold | cosine: recall / false hits | verifier: recall / false hits |"]
    lines.append("| --- | --- | --- |")
    for name, row in result["operatingPoint"].items():
        cells = " | ".join("{:.3f} / {:.4f}".format(*row[which]) for which in ("cosine", "verifier"))
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Evaluates from the command line; writes ``result.json``, ``result.md`` and ``scores.npz`` in the work folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="the exported verifier")
    parser.add_argument("--generated", type=int, default=2500, help="how many pairs to generate a set")
    args = parser.parse_args()
    try:
        result = evaluate(args)
    except MissingData as problem:
        print(problem, file=sys.stderr)
        return 2
    (args.work / "result.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    (args.work / "result.md").write_text(markdown(result), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
