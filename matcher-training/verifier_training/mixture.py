"""Puts together what one epoch trains on: labelled, generated, rewritten and unlabelled pairs."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import TypeVar

import numpy as np

from .calibrate import fit
from .data import STREAM_FILES, Pair, questions, read_stream
from .embed import Embedder
from .generate import ORDER_FIRST, TRAINED_KINDS, Generator, reorders, rewrites
from .settings import ARRIVALS, STUDENT

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many pairs of each kind an epoch has, at most, and how much an unlabelled pair of a stream weighs."""

    quora: int
    semantoneg: int
    small_repeats: int
    generated: int
    rewritten_quora: int
    rewritten_other: int
    reordered: int
    unlabelled_streams: int
    streams_weight: float
    taught_quora: int
    taught_near: int
    taught_captions: int
    kinds: dict[str, float] = field(default_factory=lambda: TRAINED_KINDS)
    labels_count: bool = True  # of Quora pairs that the teacher was asked about; else only its log-odds
    near_streams: int = 0  # unlabelled pairs of the streams that lie near the decision
    starts: tuple[int, ...] = ()  # it starts from the mean of the weights after these epochs, else after the last


FOLLOWING = Recipe(
    30_000, 1_500, 1, 12_000, 3_000, 2_000, 2_500, 12_000, 1.0, 10_000, 50_000, 2_500,
    labels_count=False, starts=(3,),
)  # fmt: skip
LAST = replace(
    FOLLOWING, generated=10_000, unlabelled_streams=4_000, near_streams=40_000, taught_near=57_000, starts=(4, 5)
)
RECIPES = (
    Recipe(30_000, 4_000, 2, 24_000, 6_000, 3_000, 3_000, 10_000, 0.7, 44_000, 0, 2_500),
    Recipe(25_000, 1_500, 1, 16_000, 4_000, 2_000, 2_500, 15_000, 1.0, 10_000, 50_000, 2_500),
    Recipe(10_000, 300, 1, 7_000, 1_000, 700, 1_000, 6_000, 1.0, 4_000, 20_000, 5_000, ORDER_FIRST),
    FOLLOWING,
    replace(FOLLOWING, kinds=ORDER_FIRST),
    LAST,
    replace(LAST, kinds=ORDER_FIRST),
)
"""One for each epoch; the last also serves any later one. The first learns what tells questions apart,
the second to leave alone what the embeddings already know, the third, a short one, the order of words.
The fourth and the fifth learn to say what the teacher says, the sixth and the seventh what the stronger
embeddings say of the streams, too."""

TEACHER_SHARE = {"qqp": 0.7, "near": 0.7, "captions": 0.3}
"""How much the teacher's log-odds count against those of the cosines; chosen on the development splits."""

# The sources of unlabelled pairs that the teacher was asked about, and how a recipe calls their number.
TAUGHT = {"qqp": "taught_quora", "near": "taught_near", "captions": "taught_captions"}

NEIGHBOURS = 30  # so far from a text its unlabelled pairs reach
ALL = sys.maxsize  # of the pairs near the decision
NEAREST = 12  # so many texts, itself among them, are looked at for pairs near the decision
LEAST_LOG_ODDS = -1.5  # of the cosines, for a pair that lies there

NOISE = {"qqp": 0.06, "apt": 0.08, "stsb": 0.04, "semantoneg": 0.02}
"""How far from 0 and 1 the targets of a set stay: about the share of its labels that are wrong."""
OTHER_NOISE = 0.03


@dataclass(frozen=True, slots=True)
class Example:
    """A pair to train on.

    ``target`` is a probability where the label counts (``labelled``), and a teacher's logit where it does not.
    """

    pair: Pair
    cosine: float
    target: float
    labelled: bool
    weight: float


class Opinions:
    """What the teacher said of pairs, as log-odds: of labelled Quora pairs and of unlabelled ones."""

    def __init__(self, folder: Path) -> None:
        self.labelled: dict[tuple[str, str], float] = {}
        self.unlabelled: dict[str, list[tuple[Pair, float]]] = {}
        for path in sorted(folder.glob("*.npz")):
            self._read(path)

    def _read(self, path: Path) -> None:
        stored = np.load(path)
        rows = [row.split("\t") for row in stored["texts"].tobytes().decode().split("\n")]
        for (cached, asked, source), logit in zip(rows, stored["logits"].tolist(), strict=True):
            if source == "qqp":
                self.labelled[cached, asked] = logit
            else:
                pair = Pair(cached, asked, 0.5, source, "unlabelled")
                self.unlabelled.setdefault(source, []).append((pair, logit))

    @staticmethod
    def write(path: Path, pairs: Sequence[Pair], logits: np.ndarray) -> None:
        """Keeps what the teacher said; a labelled pair's source is ``qqp``, another's ``unlabelled ...``."""
        rows = np.frombuffer("\n".join(f"{p.cached}\t{p.asked}\t{p.source}" for p in pairs).encode(), np.uint8)
        partial = path.with_suffix(".tmp")
        with partial.open("wb") as file:
            np.savez(file, texts=rows, logits=logits.astype(np.float32))
        partial.replace(path)

    def of(self, pairs: Sequence[Pair]) -> np.ndarray:
        """The log-odds of labelled pairs, NaN where the teacher was not asked."""
        return np.array([self.labelled.get((pair.cached, pair.asked), math.nan) for pair in pairs])

    def part(self, source: str, start: int, count: int) -> tuple[list[Pair], np.ndarray]:
        """So many unlabelled pairs of a source and their log-odds, from ``start`` on, and round."""
        chosen = _turn(self.unlabelled[source], start, count)
        return [pair for pair, _ in chosen], np.array([logit for _, logit in chosen])


class Cosines:
    """The mean log-odds of several embeddings' cosines, each calibrated on labelled pairs."""

    def __init__(self, embedders: dict[str, Embedder], calibration: Sequence[Pair]) -> None:
        self.embedders = embedders
        same = np.array([pair.same for pair in calibration])
        self.lines = {
            name: fit(pair_cosines(embedder, calibration).astype(np.float64), same)
            for name, embedder in embedders.items()
        }

    def logits(self, pairs: Sequence[Pair]) -> np.ndarray:
        """The opinion of each pair."""
        found = [
            self.lines[name][0] + self.lines[name][1] * pair_cosines(embedder, pairs)
            for name, embedder in self.embedders.items()
        ]
        return np.mean(found, axis=0)


def others(embedders: dict[str, Embedder], sets: dict[str, dict[str, list[Pair]]]) -> Cosines:
    """What the embeddings say that are not the cache's own.

    The verifier is given the cosine of that one, and learns where to leave it.
    """
    return Cosines({n: e for n, e in embedders.items() if n != STUDENT}, calibration_pairs(sets))


def calibration_pairs(sets: dict[str, dict[str, list[Pair]]]) -> list[Pair]:
    """What the cosines are calibrated on: pairs where they mean something, of questions and captions."""
    return sets["qqp"]["dev"] + sets["stsb"]["train"]


def neighbours(vectors: np.ndarray, rows: Sequence[int], count: int) -> Iterator[tuple[int, list[int]]]:
    """Each of the rows with the ``count`` rows that are nearest to it, itself among them, the nearest first."""
    for start in range(0, len(rows), 2000):
        part = rows[start : start + 2000]
        cosines = vectors[np.array(part)] @ vectors.T
        near = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(cosines, near, axis=1), axis=1)
        yield from zip(part, np.take_along_axis(near, order, axis=1).tolist(), strict=True)


def unlabelled(texts: Sequence[str], count: int, random: Random, embedder: Embedder, source: str) -> list[Pair]:
    """Pairs of near texts, from the first to the thirtieth neighbour, and some of any two texts."""
    vectors = embedder.embed(texts)
    chosen = random.sample(range(len(texts)), min(len(texts), count + count // 20))
    found: list[Pair] = []
    for row, near in neighbours(vectors, chosen, NEIGHBOURS + 1):
        rank = min(NEIGHBOURS, int(random.expovariate(0.25)) + 1)
        other = texts[near[rank]] if random.random() < 0.85 else random.choice(texts)
        if other != texts[row]:
            found.append(Pair(other, texts[row], 0.5, f"unlabelled {source}", "unlabelled"))
    return found[:count]


def near_decision(
    texts: Sequence[str], count: int, random: Random, embedder: Embedder, cosines: Cosines, source: str
) -> list[Pair]:
    """Pairs of neighbours that, by the cosines, may well be the same: where a verifier must be right."""
    vectors = embedder.embed(texts)
    places = {
        (min(row, other), max(row, other))
        for row, near in neighbours(vectors, range(len(texts)), NEAREST)
        for other in near
        if other != row
    }
    pairs = []
    for first, second in sorted(places):
        asked, cached = (first, second) if random.random() < 0.5 else (second, first)
        pairs.append(Pair(texts[cached], texts[asked], 0.5, f"unlabelled {source}", "unlabelled"))
    chosen = np.flatnonzero(cosines.logits(pairs) > LEAST_LOG_ODDS).tolist()
    return [pairs[i] for i in random.sample(chosen, min(count, len(chosen)))]


def recipe_of(number: int) -> Recipe:
    """What the epoch of that number has, from 0."""
    return RECIPES[min(number, len(RECIPES) - 1)]


def epoch(
    number: int,
    seed: int,
    sets: dict[str, dict[str, list[Pair]]],
    data: Path,
    embedders: dict[str, Embedder],
    opinions: Opinions,
) -> list[Example]:
    """The examples of one epoch, shuffled. Each epoch has its own Quora pairs and its own generated ones."""
    recipe = recipe_of(number)
    random = Random(f"{seed}/{number}")
    quora = list(sets["qqp"]["train"])
    Random(seed).shuffle(quora)
    labelled = _turn(quora, sum(recipe_of(n).quora for n in range(number)), recipe.quora)
    negated = list(sets["semantoneg"]["train"])
    random.shuffle(negated)
    labelled += negated[: recipe.semantoneg]
    for name in ("apt", "stsb"):
        labelled += sets[name]["train"] * recipe.small_repeats
    labelled += Generator(seed + number, "train").pairs(recipe.generated, recipe.kinds)

    streams: list[str] = []
    for name in STREAM_FILES:  # without their labels, and without the arrivals that are evaluated
        texts = [question for _, question in read_stream(data, name)[ARRIVALS:]]
        streams += list(dict.fromkeys(texts))
    captions = questions(sets["stsb"]["train"] + sets["apt"]["train"])
    asked = questions(sets["qqp"]["train"])
    labelled += rewrites(asked, recipe.rewritten_quora, seed + number, "train", "qqp")
    labelled += rewrites(streams + captions, recipe.rewritten_other, seed + number, "train", "other")
    labelled += reorders(asked + streams + captions, recipe.reordered, seed + number, "train", "order")

    near = embedders[STUDENT]
    cosines = others(embedders, sets)
    examples = labelled_examples(labelled, near)
    of_teacher = opinions.of(labelled)
    asked_about = np.flatnonzero(~np.isnan(of_teacher))
    mixed = _mix(of_teacher[asked_about], cosines.logits([labelled[i] for i in asked_about]), "qqp")
    for i, logit in zip(asked_about.tolist(), mixed.tolist(), strict=True):
        if recipe.labels_count:
            half_way = (examples[i].target + 1 / (1 + math.exp(-logit))) / 2
            examples[i] = replace(examples[i], target=half_way)
        else:
            examples[i] = replace(examples[i], target=logit, labelled=False)

    soft = unlabelled(streams, recipe.unlabelled_streams, random, near, "streams")
    if recipe.near_streams:
        ambiguous = near_decision(streams, ALL, Random(seed), near, cosines, "streams")
        soft += _turn(ambiguous, sum(recipe_of(n).near_streams for n in range(number)), recipe.near_streams)
    examples += _soft_examples(soft, cosines.logits(soft), recipe.streams_weight, near)
    for source, count in TAUGHT.items():
        earlier = sum(getattr(recipe_of(n), count) for n in range(number))
        taught, logits = opinions.part(f"unlabelled {source}", earlier, getattr(recipe, count))
        examples += _soft_examples(taught, _mix(logits, cosines.logits(taught), source), 1.0, near)
    random.shuffle(examples)
    return examples


def _turn(known: Sequence[T], start: int, count: int) -> list[T]:
    """So many of them from ``start`` on, and round."""
    return [known[(start + i) % len(known)] for i in range(min(count, len(known)))]


def labelled_examples(pairs: Sequence[Pair], embedder: Embedder) -> list[Example]:
    """Labelled pairs as examples; their targets stay as far from 0 and 1 as their set's labels are wrong."""
    examples = []
    for pair, cosine in zip(pairs, pair_cosines(embedder, pairs), strict=True):
        noise = NOISE.get(pair.source, OTHER_NOISE)
        examples.append(Example(pair, float(cosine), noise + (1 - 2 * noise) * pair.same, True, 1.0))
    return examples


def _mix(teacher: np.ndarray, cosines: np.ndarray, source: str) -> np.ndarray:
    share = TEACHER_SHARE[source]
    return share * teacher + (1 - share) * cosines


def _soft_examples(pairs: Sequence[Pair], logits: np.ndarray, weight: float, embedder: Embedder) -> list[Example]:
    known = zip(pairs, pair_cosines(embedder, pairs), logits, strict=True)
    return [Example(pair, float(cosine), float(logit), False, weight) for pair, cosine, logit in known]


def pair_cosines(embedder: Embedder, pairs: Sequence[Pair]) -> np.ndarray:
    """The cosine of each pair's questions."""
    return embedder.cosines([pair.asked for pair in pairs], [pair.cached for pair in pairs])
