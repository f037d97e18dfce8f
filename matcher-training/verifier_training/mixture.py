"""Puts together what one epoch trains on: labelled, generated, rewritten and unlabelled pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np

from .calibrate import fit
from .data import STREAM_FILES, Pair, questions, read_stream
from .embed import Embedder
from .generate import KINDS, ORDER_FIRST, Generator, rewrites
from .settings import ARRIVALS, STUDENT


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many pairs of each kind an epoch has, at most, and how much an unlabelled pair weighs."""

    quora: int
    semantoneg: int
    small_repeats: int
    generated: int
    rewritten_quora: int
    rewritten_other: int
    unlabelled_streams: int
    unlabelled_quora: int
    unlabelled_captions: int
    unlabelled_weight: float
    kinds: dict[str, float] = field(default_factory=lambda: KINDS)


RECIPES = (
    Recipe(30_000, 5_000, 2, 18_000, 5_000, 3_000, 6_000, 3_000, 1_500, 0.35),
    Recipe(20_000, 1_500, 1, 12_000, 3_000, 2_000, 9_000, 3_000, 2_000, 1.0),
    Recipe(4_500, 300, 0, 5_500, 1_000, 700, 2_000, 500, 700, 1.0, ORDER_FIRST),
)
"""One for each epoch; the last also serves any later one. The first learns what tells questions apart,
the second to leave alone what the embeddings already know, the third, a short one, the order of words."""

QUORA_TEXTS_WITHOUT_LABELS = 9_000  # how many questions the unlabelled Quora pairs are made of

NOISE = {"qqp": 0.06, "apt": 0.08, "stsb": 0.04, "semantoneg": 0.02}
"""How far from 0 and 1 the targets of a set stay: about the share of its labels that are wrong."""
OTHER_NOISE = 0.03


@dataclass(frozen=True, slots=True)
class Example:
    """A pair to train on.

    ``target`` is a probability where the pair is labelled, and a logit, the teachers' mean, where it
    is not.
    """

    pair: Pair
    cosine: float
    target: float
    labelled: bool
    weight: float


class Teachers:
    """The mean log-odds of several embeddings' cosines, each calibrated on labelled pairs."""

    def __init__(self, embedders: dict[str, Embedder], calibration: Sequence[Pair]) -> None:
        self.embedders = embedders
        same = np.array([pair.same for pair in calibration])
        self.lines = {
            name: fit(_cosines(embedder, calibration).astype(np.float64), same)
            for name, embedder in embedders.items()
        }

    def logits(self, pairs: Sequence[Pair]) -> np.ndarray:
        """The teachers' opinion of each pair."""
        opinions = [
            self.lines[name][0] + self.lines[name][1] * _cosines(embedder, pairs)
            for name, embedder in self.embedders.items()
        ]
        return np.mean(opinions, axis=0)


def calibration_pairs(sets: dict[str, dict[str, list[Pair]]]) -> list[Pair]:
    """What the cosines are calibrated on: pairs where they mean something, of questions and captions."""
    return sets["qqp"]["dev"] + sets["stsb"]["train"]


def unlabelled(texts: Sequence[str], count: int, random: Random, embedder: Embedder, source: str) -> list[Pair]:
    """Pairs of near texts, from the first to the thirtieth neighbour, and some of any two texts."""
    vectors = embedder.embed(texts)
    found: list[Pair] = []
    for start in range(0, len(texts), 2000):
        near = np.argsort(-(vectors[start : start + 2000] @ vectors.T), axis=1)[:, :31]
        for row, neighbours in enumerate(near):
            text = texts[start + row]
            rank = min(30, int(random.expovariate(0.25)) + 1)
            other = texts[int(neighbours[rank])] if random.random() < 0.85 else random.choice(texts)
            if other != text:
                found.append(Pair(other, text, 0.5, f"unlabelled {source}", "unlabelled"))
    random.shuffle(found)
    return found[:count]


def epoch(
    number: int,
    seed: int,
    sets: dict[str, dict[str, list[Pair]]],
    data: Path,
    embedders: dict[str, Embedder],
) -> list[Example]:
    """The examples of one epoch, shuffled. Each epoch has its own Quora pairs and its own generated ones."""
    recipe = RECIPES[min(number, len(RECIPES) - 1)]
    random = Random(f"{seed}/{number}")
    quora = list(sets["qqp"]["train"])
    Random(seed).shuffle(quora)
    start = sum(RECIPES[min(n, len(RECIPES) - 1)].quora for n in range(number)) % len(quora)
    labelled = (quora + quora)[start : start + recipe.quora]
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

    near = embedders[STUDENT]
    soft = unlabelled(streams, recipe.unlabelled_streams, random, near, "streams")
    soft += unlabelled(asked[:QUORA_TEXTS_WITHOUT_LABELS], recipe.unlabelled_quora, random, near, "qqp")
    soft += unlabelled(captions, recipe.unlabelled_captions, random, near, "captions")

    teachers = Teachers(embedders, calibration_pairs(sets))
    examples = []
    for pair, cosine in zip(labelled, _cosines(near, labelled), strict=True):
        noise = NOISE.get(pair.source, OTHER_NOISE)
        target = noise + (1 - 2 * noise) * pair.same
        examples.append(Example(pair, float(cosine), target, True, 1.0))
    opinions = teachers.logits(soft)
    for pair, cosine, logit in zip(soft, _cosines(near, soft), opinions, strict=True):
        examples.append(Example(pair, float(cosine), float(logit), False, recipe.unlabelled_weight))
    random.shuffle(examples)
    return examples


def _cosines(embedder: Embedder, pairs: Sequence[Pair]) -> np.ndarray:
    return embedder.cosines([pair.asked for pair in pairs], [pair.cached for pair in pairs])
