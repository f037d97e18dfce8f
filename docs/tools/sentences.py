#!/usr/bin/env python3
"""Reports words per sentence for each Markdown document of the project.

usage: docs/tools/sentences.py [--check] [FILE ...]

Without files it reads README.md, CONTRIBUTING.md, CHANGELOG.md, SECURITY.md and everything under
docs/. Code blocks, tables, headings, images and link targets do not count. With --check it exits
with status 1 where a document's median is above 14 words.
"""
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 14
SHORTEST = 3


def prose(text):
    """Returns the text without what is no sentence."""
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    lines = [
        line
        for line in text.split("\n")
        if not re.match(r"\s*(\||#|!\[|<|>)|    \S", line)
    ]
    text = "\n".join(lines)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"`[^`]*`", "code", text)


def sentences(text):
    """Splits prose into sentences and list items, as lists of words."""
    parts = re.split(r"(?<=[.!?:])\s+|\n\s*(?:[-*]|\d+\.) |\n\s*\n", prose(text))
    found = [part.split() for part in parts]
    return [words for words in found if len(words) >= SHORTEST]


def documents():
    names = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
    fixed = [ROOT / name for name in names if (ROOT / name).exists()]
    return fixed + sorted((ROOT / "docs").rglob("*.md"))


def main(arguments):
    check = "--check" in arguments
    files = [Path(name) for name in arguments if name != "--check"] or documents()
    long = []
    print(f"{'document':48} {'sentences':>9} {'median':>6} {'p90':>4} {'longest':>7}")
    for path in files:
        lengths = sorted(len(words) for words in sentences(path.read_text(encoding="utf8")))
        if not lengths:
            continue
        median = statistics.median(lengths)
        p90 = lengths[int(0.9 * (len(lengths) - 1))]
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        print(f"{str(name):48} {len(lengths):9} {median:6.0f} {p90:4} {lengths[-1]:7}")
        if median > LIMIT:
            long.append(str(name))
    if check and long:
        print(f"median above {LIMIT} words: {', '.join(long)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
