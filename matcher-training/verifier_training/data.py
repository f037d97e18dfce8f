"""Reads the question data and splits it so that no question stands on both sides of a split."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

PAIR_FILES = ("qqp", "semantoneg", "apt", "stsb")
STREAM_FILES = ("clinc150", "banking77")
SPLITS = ("train", "dev", "test")

# The share of connected groups of questions that goes to (dev, test); the rest is trained on.
HELD_OUT = {
    "qqp": (0.04, 0.11),
    "semantoneg": (0.08, 0.20),
    "apt": (0.10, 0.40),
    "stsb": (0.10, 0.40),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether the answer to ``cached`` may be served for ``asked``.

    ``same`` is 1, 0, or between them where only a teacher's opinion is known; ``source`` is the data
    set or generator, ``kind`` what the pair tests.
    """

    cached: str
    asked: str
    same: float
    source: str
    kind: str


class MissingData(Exception):
    """The data folder, or a file that must be in it, is not there."""


def fraction(text: str, salt: str = "") -> float:
    """A number in [0, 1) that depends on nothing but the text and the salt."""
    digest = hashlib.sha256(f"{salt}\0{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def read_pairs(folder: Path, name: str) -> list[Pair]:
    """The pairs of one file, in the file's order."""
    rows = _rows(folder / "pairs" / f"{name}.tsv.gz", ["cached", "query", "same"])
    return [Pair(cached, asked, float(same), name, name) for cached, asked, same in rows]


def read_stream(folder: Path, name: str) -> list[tuple[str, str]]:
    """The arrivals of one stream, (label, question), in the file's order."""
    rows = _rows(folder / "streams" / f"{name}.tsv.gz", ["label", "query"])
    return [(label, query) for label, query in rows]


class Components:
    """Joins names, and says which are connected. A group has the least of its names."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The name of the group that ``name`` is in."""
        parent = self._parent
        root = parent.setdefault(name, name)
        while parent[root] != root:
            root = parent[root]
        while parent[name] != root:
            parent[name], name = root, parent[name]
        return root

    def join(self, one: str, other: str) -> None:
        """Makes one group of the groups of two names."""
        first, second = self.find(one), self.find(other)
        self._parent[max(first, second)] = min(first, second)


def groups(pairs: Sequence[Pair]) -> list[str]:
    """For each pair the name of its group: two pairs that share a question have the same group."""
    components = Components()
    for pair in pairs:
        components.join(pair.cached, pair.asked)
    return [components.find(pair.cached) for pair in pairs]


def split(pairs: Sequence[Pair], dev: float, test: float) -> dict[str, list[Pair]]:
    """Splits pairs by their groups: ``dev`` and ``test`` are shares of the groups."""
    parts: dict[str, list[Pair]] = {name: [] for name in SPLITS}
    for pair, group in zip(pairs, groups(pairs), strict=True):
        place = fraction(group, "split")
        name = "test" if place < test else "dev" if place < test + dev else "train"
        parts[name].append(pair)
    return parts


def read_splits(folder: Path) -> dict[str, dict[str, list[Pair]]]:
    """All labelled sets, each split by groups of questions: ``[set][split]``."""
    return {name: split(read_pairs(folder, name), *HELD_OUT[name]) for name in PAIR_FILES}


def questions(pairs: Iterable[Pair]) -> list[str]:
    """The distinct questions of some pairs, in order of appearance."""
    return list(dict.fromkeys(text for pair in pairs for text in (pair.cached, pair.asked)))


def _rows(path: Path, header: list[str]) -> list[list[str]]:
    if not path.is_file():
        raise MissingData(f"{path} is missing: say where the question data is with --data DIR")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        found = next(lines).rstrip("\n").split("\t")
        if found != header:
            raise MissingData(f"{path} has the columns {found}, not {header}")
        return [line.rstrip("\n").split("\t") for line in lines]
