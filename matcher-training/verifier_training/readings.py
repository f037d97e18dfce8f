"""Reads the pairs that readers judged, and splits them so that no question stands in two parts.

A reading says whether the cached answer, served word for word, is right and sufficient for the
question asked. The texts stay beside the repository; ``verdicts/`` keeps the parts and verdicts by
hash of the texts.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .data import Components, MissingData, Pair, fraction

STREAMS = ("qqp", "banking77", "clinc150")
MINED = ("mined_quora", "mined_intents", "mined_other")
SETS = STREAMS + MINED
PARTS = ("train", "calibration", "test")

# The share of connected groups that goes to (calibration, test); the rest is trained on. Of groups
# with a pair of a stream, and of a mined set, that was read twice; and of groups without one.
DOUBLE_STREAM = (0.58, 0.22)
DOUBLE_MINED = (0.40, 0.20)
SINGLE_STREAM = (0.20, 0.08)
SINGLE_MINED = (0.10, 0.06)  # where the pair was too unsure to be read twice
READ_TWICE_FROM = 0.8  # the score from which mined pairs were read twice
CANNOT_BE_TOLD = 2
SECOND = Path(__file__).parent.parent / "verdicts" / "round-2.tsv.gz"
STREAM_BINS = ("0.6000", "0.7000", "0.8000", "0.8628", "0.9351", "0.9570", "0.9723")


@dataclass(frozen=True, slots=True)
class Reading:
    """One pair that was read.

    ``score`` and ``cosine`` are those of the weights that chose it; ``stratum_size`` says of how many
    lookups its stratum was, where it was drawn to be read twice.
    """

    pair: Pair
    source: str
    half: str
    stratum: str
    stratum_size: float
    is_double: bool
    verdict: int
    score: float
    cosine: float
    part: str

    @property
    def group(self) -> str:
        """The set, and which half of it where it is a stream: a bound is held in each."""
        return self.source if self.half == "-" else f"{self.source}, {self.half} half"


def letters(text: str) -> str:
    """What counts when texts are compared: letters and digits, in lower case; of a text without any, all of it."""
    return "".join(c for c in text.lower() if c.isalnum()) or text


def read(data: Path) -> list[Reading]:
    """All readings, each with its part."""
    rows = [(name, row) for name in SETS for row in _rows(data / "read" / f"{name}.tsv.gz")]
    roots = _roots([(row["cached"], row["query"]) for _, row in rows])
    members: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
    for row, root in zip(rows, roots, strict=True):
        members[root].append(row)
    parts = {root: _part(root, own) for root, own in members.items()}
    found = []
    for (name, row), root in zip(rows, roots, strict=True):
        verdict = int(row["verdict"])
        score = float(row["p"])
        stratum = f"{row['bin']}/{row['label']}" if name in STREAMS else f"{min(int(score * 20), 19) / 20:.2f}"
        found.append(
            Reading(
                Pair(row["cached"], row["query"], float(verdict == 1), f"read {name}", "read"),
                name,
                row.get("half", "-"),
                stratum,
                float(row["stratum_size"]) if row.get("stratum_size", "-") not in ("", "-") else 0.0,
                _is_double(row),
                verdict,
                score,
                float(row["cosine"]),
                parts[root],
            )
        )
    return found


def read_second(data: Path, verdicts: Path = SECOND) -> list[Reading]:
    """The second round's readings: some to train on, some that calibrate.

    Their texts are found in the data by their hash; a pair with a text that is nowhere is left out. Scores
    and cosines are not known. What two readers say differently cannot be told.
    """
    texts = {text_digest(text): text for text in _texts(data)}
    found = []
    for row in _rows(verdicts):
        cached, asked = texts.get(row["question_a"]), texts.get(row["question_b"])
        if cached is None or asked is None:
            continue
        said = {int(verdict) for verdict in row["verdicts"].split(",")}
        verdict = said.pop() if len(said) == 1 else CANNOT_BE_TOLD
        pair = Pair(cached, asked, float(verdict == 1), "read second", "read")
        is_double = "," in row["verdicts"]
        found.append(Reading(pair, row["group"], "-", "-", 0.0, is_double, verdict, math.nan, math.nan, row["part"]))
    return found


def _texts(data: Path) -> set[str]:
    """Every field of every file of the data."""
    found: set[str] = set()
    for path in sorted([*data.glob("*/*.tsv.gz"), *data.glob("*/*.txt.gz")]):
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                found.update(line.rstrip("\n").split("\t"))
    return found


def _part(root: str, rows: Sequence[tuple[str, dict[str, str]]]) -> str:
    twice = [name in STREAMS for name, row in rows if _is_double(row)]
    if twice:
        calibration, test = DOUBLE_STREAM if any(twice) else DOUBLE_MINED
    elif any(name in STREAMS for name, _ in rows):
        calibration, test = SINGLE_STREAM
    elif any(float(row["p"]) < READ_TWICE_FROM for _, row in rows):
        calibration, test = SINGLE_MINED
    else:
        return "train"
    place = fraction(root, "read")
    return "test" if place < test else "calibration" if place < test + calibration else "train"


def _is_double(row: dict[str, str]) -> bool:
    return row["reading"] == "double" if "reading" in row else row["reader_b"] != ""


def _roots(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The name of each pair's connected group, by letters and digits only."""
    components = Components()
    for cached, query in pairs:
        components.join(letters(cached), letters(query))
    return [components.find(letters(cached)) for cached, _ in pairs]


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise MissingData(f"{path} is missing: say where the question data is with --data DIR")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        header = next(lines).rstrip("\n").split("\t")
        return [dict(zip(header, line.rstrip("\n").split("\t"), strict=True)) for line in lines]


def held_out_texts(readings: Sequence[Reading]) -> set[str]:
    """The questions, by their letters, that no training may see."""
    return {
        letters(text)
        for reading in readings
        if reading.part != "train"
        for text in (reading.pair.cached, reading.pair.asked)
    }


def text_digest(text: str) -> str:
    """Names one text of the second round: the first 16 hexadecimal digits of a SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def digest(cached: str, asked: str) -> str:
    """Names a pair without its texts: the first 16 hexadecimal digits of a SHA-256."""
    return hashlib.sha256(f"{cached}\t{asked}".encode()).hexdigest()[:16]


def lookups(readings: Sequence[Reading], part: str) -> dict[int, float]:
    """How many of all lookups of its set each reading of a part stands for, by its place.

    Every lookup of a stratum was read. A part has some of them, and each stands for as many as there
    are for one: strata are scores and public labels of the streams, scores of the mined sets. A stratum
    of which the part has none is counted with the next one of the same label.
    """
    sizes: dict[tuple[str, str, str], float] = defaultdict(float)
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, reading in enumerate(readings):
        stratum = _stratum(reading)
        if stratum is None:
            continue
        if reading.source in STREAMS and reading.is_double:
            sizes[stratum] = reading.stratum_size
        elif reading.source in MINED:
            sizes[stratum] += 1
        if reading.part == part:
            rows[stratum].append(place)
    _move_empty(sizes, rows)
    return {place: sizes[stratum] / len(places) for stratum, places in rows.items() for place in places}


def _stratum(reading: Reading) -> tuple[str, str, str] | None:
    """Group, label and score of the stratum; none where not all of such lookups were read."""
    label = reading.stratum.partition("/")[2]
    if not reading.stratum.startswith("-"):
        return reading.group, label, reading.stratum.partition("/")[0]
    reached = [least for least in STREAM_BINS if float(least) <= reading.score + 5e-5]
    return (reading.group, label, reached[-1]) if reached else None


def _move_empty(sizes: dict[tuple[str, str, str], float], rows: dict[tuple[str, str, str], list[int]]) -> None:
    for stratum in sorted(sizes, reverse=True):
        if rows[stratum]:
            continue
        alike = [other for other in sorted(sizes, reverse=True) if other[:2] == stratum[:2] and rows[other]]
        below = [other for other in alike if other < stratum]
        if alike:
            sizes[(below or alike[::-1])[0]] += sizes[stratum]
        sizes[stratum] = 0


def write_verdicts(readings: Sequence[Reading], target: Path) -> None:
    """Writes part, number of readings, verdict, group and lookups of each pair by its hash."""
    weights = lookups(readings, "calibration") | lookups(readings, "test")
    lines = sorted(
        f"{digest(r.pair.cached, r.pair.asked)}\t{r.part}\t{2 if r.is_double else 1}\t{r.verdict}"
        f"\t{r.group}\t{weights.get(place, 0):.4f}"
        for place, r in enumerate(readings)
    )
    content = "\n".join(["pair\tpart\treadings\tverdict\tgroup\tlookups", *lines]) + "\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content.encode(), mtime=0))


def main() -> int:
    """Writes the verdicts by hash from the command line, and prints how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--verdicts", type=Path, required=True, help="the file to write")
    args = parser.parse_args()
    try:
        readings = read(args.data)
    except MissingData as problem:
        print(problem, file=sys.stderr)
        return 2
    write_verdicts(readings, args.verdicts)
    for name in SETS:
        for part in PARTS:
            own = [r for r in readings if r.source == name and r.part == part]
            twice = [r for r in own if r.is_double]
            print(f"{name} {part}: {len(own)} ({sum(r.verdict == 1 for r in own)} same), {len(twice)} read twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
