"""Checks of the written groups: their form, their pairs, and that what is held out stays apart."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from verifier_training.data import MissingData
from verifier_training.readings import letters
from verifier_training.written import (
    FOLDER,
    KINDS,
    Group,
    Malformed,
    case_texts,
    contradictions,
    pairs_of,
    read_groups,
    sound,
    split,
)


def _group(name: str, *texts: str) -> Group:
    return Group(name, dict(zip(KINDS, texts, strict=True)))


def _written(folder: Path, *lines: str) -> Path:
    (folder / "a.tsv").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return folder


RETURNS = _group(
    "g1", "How do I return a lamp?", "lamp return", "sending back a lamp", "How do I fix a lamp?", "lamp return date", "Where do I buy a lamp?"
)


def test_a_group_says_what_is_the_same_and_what_differs() -> None:
    pairs = RETURNS.pairs()
    kinds = [pair.kind for pair in pairs]
    assert (kinds.count("same"), kinds.count("near"), kinds.count("across")) == (3, 3, 6)
    assert all(pair.same == (pair.kind == "same") for pair in pairs)
    near = set(list(RETURNS.texts.values())[3:])
    assert not any({pair.cached, pair.asked} <= near for pair in pairs), "two near misses say nothing"
    assert len({frozenset((pair.cached, pair.asked)) for pair in pairs}) == 12


def test_both_directions_occur() -> None:
    pairs = [pair for n in range(50) for pair in Group(f"g{n}", RETURNS.texts).pairs() if pair.kind == "near"]
    first = sum(pair.cached == RETURNS.texts["base"] for pair in pairs)
    assert 50 < first < 100


def test_groups_that_share_a_text_stand_on_one_side() -> None:
    groups = [_group(f"g{n}", *(f"{kind} {n}" for kind in KINDS)) for n in range(300)]
    chain = [_group(f"h{n}", f"same {n}", f"Same {n + 1}?", *(f"{kind} h{n}" for kind in KINDS[2:])) for n in range(300)]
    trained, held_out = split(groups)
    assert 20 < len(held_out) < 75
    assert len(trained) + len(held_out) == 300
    assert min(map(len, split(chain))) == 0
    seen = [{text for group in part for text in group.letters} for part in split(groups + chain)]
    assert seen[0].isdisjoint(seen[1])


def test_forbidden_and_repeated_texts_drop_their_group() -> None:
    repeated = _group("g2", "a lamp", "A lamp?", "c", "d", "e", "f")
    assert sound([RETURNS, repeated], ()) == [RETURNS]
    assert sound([RETURNS], {letters("Lamp  return!")}) == []
    assert letters("How do I reset my password?") in case_texts()


def test_what_two_groups_contradict_is_left_out() -> None:
    other = _group("g2", "How do I fix a lamp?", "how do I return a lamp", "x", "y", "z", "v")
    assert len(contradictions(RETURNS.pairs() + other.pairs())) == 1
    kept = pairs_of([RETURNS, other])
    assert len(kept) == 22
    texts = {frozenset((letters(pair.cached), letters(pair.asked))) for pair in kept}
    assert frozenset((letters("How do I fix a lamp?"), letters("How do I return a lamp?"))) not in texts


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("g1\tbase", "a.tsv:1 is not GROUP, KIND, TEXT"),
        ("g1\ts9\ttext", "a.tsv:1 is not GROUP, KIND, TEXT"),
        ("g1\tbase\t ", "a.tsv:1 is not GROUP, KIND, TEXT"),
        ("g1\tbase\ttext", "g1 has"),
    ],
)
def test_malformed_files_are_refused(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        read_groups(_written(tmp_path, line))


def test_a_kind_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="two texts base"):
        read_groups(_written(tmp_path, "g1\tbase\tone", "g1\tbase\ttwo"))


def test_a_folder_without_groups_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="no written groups"):
        read_groups(tmp_path)


def test_packed_files_are_read(tmp_path: Path) -> None:
    lines = "".join(f"g1\t{kind}\t{text}\n" for kind, text in RETURNS.texts.items())
    (tmp_path / "b.tsv.gz").write_bytes(gzip.compress(lines.encode()))
    assert read_groups(tmp_path) == [RETURNS]


def test_the_written_groups_are_sound() -> None:
    groups = read_groups(FOLDER)
    assert len(groups) > 1000
    assert len(sound(groups, case_texts())) == len(groups), "no group repeats a text of pairs.tsv, or its own"
    for group in groups:
        for text in group.texts.values():
            assert text == text.strip()
            assert len(text) <= 250, text
    assert not contradictions([pair for group in groups for pair in group.pairs()])
