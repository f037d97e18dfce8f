"""Reads the groups of questions that were written for the training, and makes pairs of them.

A group has a question, ``base``, the same question twice in other words, ``s1`` and ``s2``, and three
near misses, ``d1`` to ``d3``. The files are ``written/*.tsv``, one text a line: group, kind, text.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .data import Components, MissingData, Pair, fraction
from .readings import letters

SAME = ("base", "s1", "s2")
NEAR = ("d1", "d2", "d3")
KINDS = SAME + NEAR
HELD_OUT = 0.15  # the share of groups that is never trained on, by hash
FOLDER = Path(__file__).parent.parent / "written"
CASES = Path(__file__).parents[2] / "cache-embedded/src/test/resources/dev/reprise/match/pairs.tsv"


class Malformed(Exception):
    """A line or a group that is not as the format says."""


@dataclass(frozen=True, slots=True)
class Group:
    """One question in three wordings, and three near misses, by their kind."""

    name: str
    texts: dict[str, str]

    @property
    def letters(self) -> set[str]:
        """What its texts are compared by."""
        return {letters(text) for text in self.texts.values()}

    def pairs(self) -> list[Pair]:
        """Its pairs with a known answer: a near miss differs from all three wordings, two near misses are left out."""
        found = [self._pair(one, other, 1.0, "same") for at, one in enumerate(SAME) for other in SAME[at + 1 :]]
        found += [self._pair("base", near, 0.0, "near") for near in NEAR]
        return found + [self._pair(same, near, 0.0, "across") for same in SAME[1:] for near in NEAR]

    def _pair(self, one: str, other: str, same: float, kind: str) -> Pair:
        texts = [self.texts[one], self.texts[other]]
        if fraction(f"{self.name} {one} {other}", "direction") < 0.5:
            texts.reverse()
        return Pair(*texts, same, "written", kind)


def read_groups(folder: Path) -> list[Group]:
    """All groups of the folder's files, by name of file and in their order."""
    files = sorted([*folder.glob("*.tsv"), *folder.glob("*.tsv.gz")])
    if not files:
        raise MissingData(f"{folder} has no written groups (*.tsv)")
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path in files:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for number, line in enumerate(content.decode().splitlines(), 1):
            columns = line.split("\t")
            if len(columns) != 3 or columns[1] not in KINDS or not all(column.strip() for column in columns):
                raise Malformed(f"{path.name}:{number} is not GROUP, KIND, TEXT: {line}")
            name, kind, text = columns
            if kind in found[name]:
                raise Malformed(f"{path.name}:{number}: {name} has two texts {kind}")
            found[name][kind] = text
    for name, texts in found.items():
        if set(texts) != set(KINDS):
            raise Malformed(f"{name} has {sorted(texts)}, not {sorted(KINDS)}")
    return [Group(name, texts) for name, texts in found.items()]


def sound(groups: Iterable[Group], forbidden: Collection[str]) -> list[Group]:
    """The groups whose six texts differ, and of which none is a forbidden one, by letters and digits."""
    return [g for g in groups if len(g.letters) == len(KINDS) and g.letters.isdisjoint(forbidden)]


def split(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Groups to train on, and those held out. Groups that share a text stand on one side."""
    components = Components()
    owner: dict[str, str] = {}
    for group in groups:
        for text in group.letters:
            components.join(owner.setdefault(text, group.name), group.name)
    parts: tuple[list[Group], list[Group]] = ([], [])
    for group in groups:
        parts[fraction(components.find(group.name), "written") < HELD_OUT].append(group)
    return parts


def contradictions(pairs: Sequence[Pair]) -> set[tuple[str, str]]:
    """Pairs, by their letters in order, that one group calls the same and another different."""
    said: dict[tuple[str, str], set[float]] = defaultdict(set)
    for pair in pairs:
        said[_key(pair)].add(pair.same)
    return {key for key, verdicts in said.items() if len(verdicts) > 1}


def pairs_of(groups: Sequence[Group]) -> list[Pair]:
    """The distinct pairs of the groups, without those that are contradicted."""
    everything = [pair for group in groups for pair in group.pairs()]
    doubtful = contradictions(everything)
    return list({_key(pair): pair for pair in everything if _key(pair) not in doubtful}.values())


def _key(pair: Pair) -> tuple[str, str]:
    one, other = sorted((letters(pair.cached), letters(pair.asked)))
    return one, other


def case_texts(path: Path = CASES) -> set[str]:
    """The texts of the pairs that the build tests, by their letters: nothing written may repeat them."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        next(lines)
        return {letters(text) for line in lines for text in line.rstrip("\n").split("\t")[:2]}


def main() -> int:
    """Prints what the folder's files hold, and which groups are left out."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    groups = read_groups(folder)
    kept = sound(groups, case_texts())
    names = {group.name for group in kept}
    print("left out:", " ".join(g.name for g in groups if g.name not in names) or "none")
    counts = Counter(text for group in kept for text in group.letters)
    print("texts in two groups:", sum(count > 1 for count in counts.values()))
    print("contradictions:", sorted(contradictions([p for g in kept for p in g.pairs()])))
    for title, part in zip(("trained on", "held out"), split(kept), strict=True):
        pairs = pairs_of(part)
        print(f"{title}: {len(part)} groups, {len(pairs)} pairs ({sum(p.same == 1 for p in pairs)} same)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
