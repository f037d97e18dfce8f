"""Quick checks of what the training stands on. They need neither the data nor the base weights."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime
import pytest
import torch

from verifier_training.calibrate import fit
from verifier_training.data import MissingData, Pair, read_pairs, split
from verifier_training.evaluate import Arrivals, auc, hit_rate, recall
from verifier_training.export import export
from verifier_training.generate import DOMAINS, ORDER, SLOT, UNSEEN_DOMAINS, Generator, expand, reorders
from verifier_training.mixture import Cosines, Opinions, near_decision
from verifier_training.model import Verifier
from verifier_training.mpnet import buckets
from verifier_training.rewrite import Rewriter
from verifier_training.train import branch


def test_missing_data_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="--data DIR"):
        read_pairs(tmp_path, "qqp")


def test_no_question_is_on_both_sides_of_a_split() -> None:
    random = Random(1)
    pairs = [Pair(f"q{random.randrange(800)}", f"q{random.randrange(800)}", 1.0, "t", "t") for _ in range(300)]
    parts = split(pairs, 0.2, 0.3)
    texts = [{text for pair in part for text in (pair.cached, pair.asked)} for part in parts.values()]
    assert sum(map(len, parts.values())) == 300
    assert all(parts.values())
    assert not (texts[0] & texts[1] or texts[0] & texts[2] or texts[1] & texts[2])


def test_templates_expand_to_plain_questions() -> None:
    seen = {expand("(How (do|can) I|What) x( now)?{y}?", Random(n)) for n in range(50)}
    assert seen == {
        "How do I x{y}?", "How can I x{y}?", "What x{y}?",
        "How do I x now{y}?", "How can I x now{y}?", "What x now{y}?",
    }  # fmt: skip


def test_generated_pairs_repeat_and_are_apart() -> None:
    train, again = Generator(7, "train").pairs(400), Generator(7, "train").pairs(400)
    test = Generator(7, "test").pairs(400)
    unseen = Generator(7, "test", UNSEEN_DOMAINS).pairs(100)
    assert train == again
    assert not {(p.cached, p.asked) for p in train} & {(p.cached, p.asked) for p in test}
    assert {p.source for p in unseen} == {f"generated {name}" for name in UNSEEN_DOMAINS}
    assert not {p.source for p in unseen} & {p.source for p in train}
    for pair in train + test + unseen:
        assert not set("{}|()") & set(pair.cached + pair.asked), pair


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ("direction", "How do I fly from Paris to Rome?", "How do I fly from Rome to Paris?"),
        ("negation", "Why is it not safe?", "Why is it safe?"),
        ("either", "Should I learn Java or Kotlin?", "Should I learn Kotlin or Java?"),
        ("roles", "Can dogs eat cats?", "Can cats eat dogs?"),
        ("roles", "The man is riding a horse.", "A horse is riding the man."),
        (
            "roles",
            "Why does China support Pakistan against India?",
            "Why does Pakistan support China against India?",
        ),
        ("roles", "How do I move it from Gmail to Yahoo?", "How do I move it from Yahoo to Gmail?"),
        ("roles", "Will China and India fight?", None),
        ("roles", "Is Java or Python better?", None),
        ("roles", "Do you like dogs?", None),
        ("clause", "If it rains tomorrow, what do we do?", "What do we do if it rains tomorrow?"),
    ],
)
def test_rewrites(change: str, before: str, after: str | None) -> None:
    assert getattr(Rewriter(Random(1), False), change)(before) == after


def test_reorders_change_nothing_but_the_order() -> None:
    texts = ["Can a fox beat a badger?", "How do I fly from Paris to Rome?", "What is love?"]
    pairs = reorders(texts, 40, 3, "train", "made")
    assert {pair.same for pair in pairs} == {0.0, 1.0}
    for pair in pairs:
        assert "love" not in pair.asked
        assert pair.kind in (("reworded",) if pair.same else ORDER)


def test_frames_that_are_referred_to_are_there() -> None:
    for name, domain in tomllib.loads(DOMAINS.read_text(encoding="utf-8")).items():
        named = [*domain["ordered"], *domain["symmetric"], *(f for pair in domain["opposites"] for f in pair)]
        assert set(named) <= set(domain["frames"]), name
        for frame in [*domain["ordered"], *domain["symmetric"]]:
            slots = SLOT.findall(domain["frames"][frame])
            assert {number for _, number in slots} >= {"1", "2"}, (name, frame)


class TwoGroups:
    """Stands for an embedding: texts that begin alike are near each other, others are apart."""

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if text.startswith("a") else [0.0, 1.0] for text in texts], np.float32)

    def cosines(self, asked: list[str], cached: list[str]) -> np.ndarray:
        return (self.embed(asked) * self.embed(cached)).sum(1)


def test_pairs_near_the_decision_are_neighbours_and_each_is_there_once() -> None:
    labelled = [Pair(f"a{n}", f"a{n + 1}", 1.0, "qqp", "qqp") for n in range(20)]
    labelled += [Pair(f"a{n}", f"b{n}", 0.0, "qqp", "qqp") for n in range(20)]
    texts = [f"{group}{n}" for group in "ab" for n in range(10)]
    groups = TwoGroups()
    cosines = Cosines({"groups": groups}, labelled)  # type: ignore[dict-item]
    found = near_decision(texts, 1000, Random(1), groups, cosines, "near")  # type: ignore[arg-type]
    assert all(pair.asked[0] == pair.cached[0] and pair.asked != pair.cached for pair in found)
    assert len({frozenset((pair.asked, pair.cached)) for pair in found}) == len(found) == 2 * 45
    assert len(near_decision(texts, 7, Random(1), groups, cosines, "near")) == 7


def test_figures() -> None:
    same = np.array([1, 1, 0, 1, 0, 0], float)
    scores = np.array([6, 5, 4, 3, 2, 1], float)
    assert auc(scores, same) == pytest.approx(8 / 9)
    assert recall(scores, same, 0.01) == pytest.approx(2 / 3)
    assert recall(scores, same, 0.34) == pytest.approx(1.0)
    assert hit_rate(scores, same, 0.0) == pytest.approx(2 / 6)
    assert hit_rate(scores, same, 0.2) == pytest.approx(4 / 6)


def test_a_stream_looks_only_back() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 1, 0, 2, 1]]
    arrivals = Arrivals.of([("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("a", "5")], vectors)
    assert arrivals.nearest.tolist() == [0, 0, 0, 1]
    assert arrivals.right.tolist() == [0, 1, 0, 0]


def test_calibration_finds_the_line() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=20000)
    same = (random.random(20000) < 1 / (1 + np.exp(-(0.5 + 2 * scores)))).astype(float)
    assert fit(scores, same) == pytest.approx((0.5, 2.0), abs=0.1)


def test_untrained_verifier_is_the_cosine_and_exports(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = Verifier()
    export(model, tmp_path / "verifier.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "verifier.onnx"))
    ids = np.array([[101, 2054, 102, 2129, 102, 0], [101, 2054, 2003, 102, 2129, 102]], np.int64)
    types = np.array([[0, 0, 0, 1, 1, 0], [0, 0, 0, 0, 1, 1]], np.int64)
    (logit,) = session.run(
        ["logit"],
        {
            "input_ids": ids,
            "attention_mask": (ids > 0).astype(np.int64),
            "token_type_ids": types,
            "cosine": np.array([0.8, 0.9], np.float32),
        },
    )
    assert logit == pytest.approx([0.0, 1.0], abs=1e-4)
    assert (tmp_path / "verifier.onnx").stat().st_size < 25_000_000


def test_the_exported_layers_say_what_the_trained_ones_do(tmp_path: Path) -> None:
    torch.manual_seed(1)
    model = Verifier().eval()
    torch.nn.init.normal_(model.evidence.weight)
    export(model, tmp_path / "verifier.onnx")
    session = onnxruntime.InferenceSession(str(tmp_path / "verifier.onnx"))
    random = np.random.default_rng(1)
    told, exported = [], []
    for length in range(5, 45):
        ids = random.integers(1000, 30000, (2, length))
        ids[1, length - length // 4 :] = 0  # the second pair is shorter
        types = np.repeat(np.arange(length)[None, :] > length // 2, 2, axis=0).astype(np.int64)
        made = {
            "input_ids": ids,
            "attention_mask": (ids > 0).astype(np.int64),
            "token_type_ids": types,
            "cosine": np.array([0.8, 0.8], np.float32),
        }
        exported += session.run(["logit"], made)[0].tolist()
        with torch.no_grad():
            told += model(**{name: torch.from_numpy(value) for name, value in made.items()}).tolist()
    assert np.std(told) > 0.1
    assert np.corrcoef(told, exported)[0, 1] > 0.98


def test_a_branch_starts_at_the_mean_of_earlier_epochs(tmp_path: Path) -> None:
    ends = {tmp_path / f"epoch-{number}.pt": Verifier().state_dict() for number in (4, 5)}
    for path, weights in ends.items():
        torch.save({"model": weights}, path)
    model = Verifier()
    model.freeze()
    branch(model, list(ends), 5)
    for name, weight in model.state_dict().items():
        assert torch.allclose(weight, sum(weights[name] for weights in ends.values()) / 2), name
    frozen = {name for name, weight in model.named_parameters() if not weight.requires_grad}
    assert frozen == {"words.weight", "positions.weight", "segments.weight"}


def test_distances_fall_into_the_buckets_of_t5() -> None:
    found = buckets(200)
    assert [int(found[place, 0]) for place in (0, 1, 7, 8, 20, 199)] == [0, 1, 7, 8, 10, 15]
    assert [int(found[0, place]) for place in (1, 7, 8, 20, 199)] == [17, 23, 24, 26, 31]


def test_opinions_are_read_as_they_were_written(tmp_path: Path) -> None:
    labelled = Pair("how?", "in what way?", 1.0, "qqp", "qqp")
    soft = [Pair(f"c{n}", f"a{n}", 0.5, "unlabelled qqp", "unlabelled") for n in range(3)]
    Opinions.write(tmp_path / "0.npz", [labelled, *soft[:1]], np.array([2.5, 0.0]))
    Opinions.write(tmp_path / "1.npz", soft[1:], np.array([1.0, 2.0]))
    opinions = Opinions(tmp_path)
    assert opinions.of([soft[0], labelled]).tolist() == pytest.approx([np.nan, 2.5], nan_ok=True)
    pairs, logits = opinions.part("unlabelled qqp", 2, 2)
    assert pairs == [soft[2], soft[0]]
    assert logits.tolist() == [2.0, 0.0]
