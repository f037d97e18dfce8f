"""Quick checks of how read pairs are split and weighed, and of what training on them stands on."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime
import pytest
import torch

from verifier_training.cosine import USUAL, lower
from verifier_training.data import MissingData
from verifier_training.echoes import OPENINGS, Echoes
from verifier_training.export import export
from verifier_training.finetune import Prepared, examples_of
from verifier_training.model import Verifier
from verifier_training.readings import (
    MINED,
    PARTS,
    STREAMS,
    Reading,
    held_out_texts,
    letters,
    lookups,
    read,
    read_second,
    text_digest,
    write_verdicts,
)
from verifier_training.start import UnknownFile, from_onnx, mean
from verifier_training.turns import SLOT, Turns

STREAM_HEADER = (
    "reading half bin label stratum_size stratum_read p cosine reader_a reader_b reader_c verdict cached query"
)
MINED_HEADER = "p cosine reader_a reader_b reader_c verdict cached query"


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    content = "\n".join([header.replace(" ", "\t"), *rows]) + "\n"
    path.write_bytes(gzip.compress(content.encode()))


@pytest.fixture
def made(tmp_path: Path) -> list[Reading]:
    random = Random(1)
    for name in STREAMS:
        rows = []
        for n in range(400):
            double = n % 2 == 0
            fields = ["double", "first", "0.7000", "1", "300", "200"] if double else ["single", "first", "-", "1", "-", "-"]
            fields += ["0.75", "0.9", "1", "1" if double else "", "", str(n % 2)]
            rows.append("\t".join([*fields, f"{name} c{random.randrange(900)}?", f"{name} q{n}"]))
        _write(tmp_path / "read" / f"{name}.tsv.gz", STREAM_HEADER, rows)
    for name in MINED:
        rows = []
        for n in range(400):
            score = 0.3 + 0.7 * random.random()
            twice = "1" if score >= 0.8 else ""
            fields = [f"{score:.4f}", "0.8", "1", twice, "", str(n % 3)]
            rows.append("\t".join([*fields, f"Shared c{random.randrange(900)}", f"{name} q{n}"]))
        _write(tmp_path / "read" / f"{name}.tsv.gz", MINED_HEADER, rows)
    return read(tmp_path)


def test_no_read_question_stands_in_two_parts(made: list[Reading]) -> None:
    seen = {part: set[str]() for part in PARTS}
    for reading in made:
        seen[reading.part] |= {letters(reading.pair.cached), letters(reading.pair.asked)}
    assert all(seen.values())
    assert not seen["train"] & seen["calibration"]
    assert not seen["train"] & seen["test"]
    assert not seen["calibration"] & seen["test"]


def test_a_part_stands_for_all_lookups(made: list[Reading]) -> None:
    for part in ("calibration", "test"):
        weights = lookups(made, part)
        assert {made[place].part for place in weights} == {part}
        stream = sum(w for place, w in weights.items() if made[place].source == "qqp")
        mined = sum(w for place, w in weights.items() if made[place].source == "mined_other")
        assert stream == pytest.approx(300)
        assert mined == pytest.approx(400)


def test_verdicts_are_written_without_texts(made: list[Reading], tmp_path: Path) -> None:
    write_verdicts(made, tmp_path / "verdicts.tsv.gz")
    content = gzip.decompress((tmp_path / "verdicts.tsv.gz").read_bytes()).decode()
    assert content.count("\n") == 2401
    assert "Shared" not in content
    again = tmp_path / "again.tsv.gz"
    write_verdicts(made, again)
    assert again.read_bytes() == (tmp_path / "verdicts.tsv.gz").read_bytes()


def test_the_second_round_finds_its_texts_by_hash(made: list[Reading], tmp_path: Path) -> None:
    one, other, lost = (text_digest(text) for text in (made[0].pair.cached, made[3].pair.asked, "nowhere"))
    rows = [f"{one}\t{other}\ttrain\tg\t1,1", f"{other}\t{one}\tcalibration\tg\t1,0", f"{one}\t{lost}\ttrain\tg\t1"]
    _write(tmp_path / "round.tsv.gz", "question_a question_b part group verdicts", rows)
    second = read_second(tmp_path, tmp_path / "round.tsv.gz")
    assert [(r.part, r.verdict, r.is_double) for r in second] == [("train", 1, True), ("calibration", 2, True)]
    assert (second[0].pair.cached, second[0].pair.asked) == (made[0].pair.cached, made[3].pair.asked)
    assert letters(second[1].pair.asked) in held_out_texts(second)


def test_missing_readings_are_said(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="--data DIR"):
        read(tmp_path)


def test_what_cannot_be_told_is_not_trained_on(made: list[Reading]) -> None:
    kept = examples_of(made)
    assert len(kept) == sum(reading.verdict != 2 for reading in made)
    assert {round(example.target, 2) for example in kept} == {0.03, 0.97}


def test_turns_repeat_and_say_what_is_the_same() -> None:
    made = Turns(3)
    pairs = made.pairs(600)
    assert pairs == Turns(3).pairs(600)
    assert len({(p.cached, p.asked) for p in pairs}) == 600
    assert {p.kind for p in pairs} == {"turn", "turn kept", "turn word"}
    for pair in pairs:
        assert letters(pair.cached) != letters(pair.asked)
        assert pair.same == (pair.kind == "turn kept")
        assert not set("{}|") & set(pair.cached + pair.asked), pair
    for name, family in made.families.items():
        assert len(family["senses"]) > 1, name
        words = set(family["words"]) | ({"a", "b"} if "pair" in family["words"] else set())
        words |= {"C"} if "c" in words else set()
        for wordings in family["senses"].values():
            assert {slot for wording in wordings for slot in SLOT.findall(wording)} <= words, name


def test_echoes_keep_what_is_asked() -> None:
    texts = [p.cached for p in Turns(4).pairs(300)]
    pairs = Echoes(1).pairs(texts, 200)
    assert pairs == Echoes(1).pairs(texts, 200)
    assert len(pairs) == 200
    assert all(p.same == 1 for p in pairs)
    assert any(p.cached == p.asked for p in pairs)
    known = set(texts)
    for pair in pairs:
        text, echo = (pair.cached, pair.asked) if pair.cached in known else (pair.asked, pair.cached)
        rest = next((text[len(o) :] for group in OPENINGS for o in group if text.startswith(o)), text)
        kept = set(letters(rest))
        assert len(kept - set(letters(echo))) <= 3, pair


def test_training_goes_on_from_an_exported_file(tmp_path: Path) -> None:
    torch.manual_seed(2)
    model = Verifier().eval()
    torch.nn.init.normal_(model.evidence.weight)
    torch.nn.init.normal_(model.shared.weight)
    torch.nn.init.constant_(model.cosine_bias, 0.3)
    for name, parameter in model.named_parameters():
        if name.endswith("norm.bias"):  # the exporter keeps equal ones once, and trained ones are not equal
            torch.nn.init.normal_(parameter, std=0.1)
        elif "norm" in name:
            torch.nn.init.normal_(parameter, mean=1.0, std=0.1)
    export(model, tmp_path / "verifier.onnx")
    again = from_onnx(tmp_path / "verifier.onnx").eval()
    random = np.random.default_rng(1)
    before, after, halves = [], [], []
    for length in range(6, 30):
        ids = torch.from_numpy(random.integers(1000, 1400, (2, length)))
        types = torch.arange(length).repeat(2, 1).gt(length // 2).long()
        mask = torch.ones_like(ids)
        cosine = torch.tensor([0.7, 0.9])
        with torch.no_grad():
            before += model(ids, mask, types, cosine).tolist()
            after += again(ids, mask, types, cosine).tolist()
            states = model.lower(ids, mask, types, 3)
            prior = model.cosine_bias + model.cosine_scale * (cosine - 0.8)
            halves += (prior + model.upper(states, ids, mask, types, 3)).tolist()
    assert np.corrcoef(before, after)[0, 1] > 0.99
    assert halves == pytest.approx(before, abs=1e-4)
    torch.save({"model": model.state_dict()}, tmp_path / "checkpoint.pt")
    half = mean([tmp_path / "verifier.onnx", tmp_path / "checkpoint.pt"]).state_dict()
    for name, weight in model.state_dict().items():
        torch.testing.assert_close(half[name], (weight + again.state_dict()[name]) / 2)


def test_a_low_cosine_counts_for_more_and_nothing_else_changes(tmp_path: Path) -> None:
    torch.manual_seed(3)
    model = Verifier().eval()
    torch.nn.init.normal_(model.evidence.weight)
    torch.nn.init.constant_(model.cosine_bias, 0.3)  # the exporter keeps equal values once
    export(model, tmp_path / "before.onnx")
    lower(tmp_path / "before.onnx", tmp_path / "after.onnx", 4.0)
    ids = np.random.default_rng(1).integers(1000, 1400, (4, 12))
    cosines = np.array([0.6, 0.8, USUAL, 0.95], np.float32)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    before, after = (
        onnxruntime.InferenceSession(str(tmp_path / name)).run(["logit"], {**inputs, "cosine": cosines})[0]
        for name in ("before.onnx", "after.onnx")
    )
    assert after - before == pytest.approx([-1.0, -0.2, 0.0, 0.0], abs=1e-4)
    with pytest.raises(UnknownFile, match="start from the file before that"):
        from_onnx(tmp_path / "after.onnx")
    with pytest.raises(UnknownFile, match="no file that export wrote"):
        lower(tmp_path / "after.onnx", tmp_path / "twice.onnx", 4.0)


def test_another_file_is_refused(tmp_path: Path) -> None:
    import onnx

    graph = onnx.helper.make_graph([], "empty", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "other.onnx")
    with pytest.raises(UnknownFile, match="0 integer products"):
        from_onnx(tmp_path / "other.onnx")
    with pytest.raises(UnknownFile, match="no file that export wrote"):
        lower(tmp_path / "other.onnx", tmp_path / "after.onnx", 4.0)


def test_each_batch_has_every_chosen_example_once(made: list[Reading]) -> None:
    class Lengths:
        def length(self, asked: str, cached: str) -> int:
            return len(asked) + len(cached)

    prepared = Prepared(Lengths(), examples_of(made[:100]), Random(1))  # type: ignore[arg-type]
    rows = [row for batch in prepared.batches(range(70), Random(2)) for row in batch]
    assert sorted(rows) == list(range(70))
