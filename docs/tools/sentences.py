#!/usr/bin/env python3
"""Reports words per sentence for each Markdown document of the project and for its Java texts.

usage: docs/tools/sentences.py [--check] [--types] [--long WORDS] [FILE ...]

Without files it reads README.md, CONTRIBUTING.md, CHANGELOG.md, SECURITY.md, everything under docs/
and the modules' own README.md. Code blocks, tables, headings, images and link targets do not count.
A Java file stands for its Javadoc and its texts: descriptions of options, messages; a YAML file for
its comments. Without files each module has one line, and so have its public types: the median of
their medians. With --types each public type has a line of its own. With --check it exits with
status 1 where the median of a document or of a public type's Javadoc is above 14 words. With --long
it prints each sentence that has more than WORDS words.
"""
import argparse
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
        if not re.match(r"\s*(\||#|!\[|<|>)| {4,}\S", line)
    ]
    text = "\n".join(lines)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"`[^`]*`", "code", text)


def javadoc(text):
    """Returns the Javadoc comments of a Java file as prose."""
    found = []
    for comment in re.findall(r"/\*\*(.*?)\*/", text, flags=re.S):
        comment = re.sub(r"^\s*\*", "", comment, flags=re.M)
        comment = re.sub(r"<pre>.*?</pre>", "", comment, flags=re.S)
        comment = re.sub(r"\{@\w+\s+[^}]*\}", "code", comment)
        comment = re.sub(r"@(param|throws)\s+\S+|@\w+|</?(p|ul|ol|li)>", "\n\n", comment)
        found.append(comment)
    return "\n\n".join(found)


def messages(text):
    """Returns the texts of a Java file that are sentences, as prose."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    found = []
    for literal in re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*\+\s*"(?:[^"\\\n]|\\.)*")*', text):
        words = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literal)).replace("%n", "\n\n")
        if words.count(" ") >= SHORTEST and not re.search(r"[{}<>=;|]", words):
            found.append(words.replace("\\n", "\n\n"))
    return "\n\n".join(found)


def sentences(text):
    """Splits prose into sentences and list items, as lists of words."""
    parts = re.split(r"(?<=[.!?:])\s+|\n\s*(?:[-*]|\d+\.) |\n\s*\n", prose(text))
    found = [part.split() for part in parts]
    return [words for words in found if len(words) >= SHORTEST]


def comments(text):
    """Returns the comments of a YAML file as prose: each key's is a paragraph."""
    found = []
    for line in text.split("\n"):
        whole = re.match(r"# ?(?![\w-]+:)(.*)", line)
        beside = re.search(r"\S +# (.*)", line)
        if whole:
            found.append(whole.group(1).strip(" -"))
        elif beside:
            found += ["", beside.group(1), ""]
    return "\n".join(found)


PUBLIC = re.compile(r"^public (?:\w+ )*(?:class|interface|record|enum|@interface) ", re.M)


def modules():
    """Returns the source folders of all modules by their names."""
    folders = [*ROOT.glob("*/src/main/java"), *ROOT.glob("*/*/src/main/java")]
    return {str(folder.relative_to(ROOT).parents[2]): folder for folder in sorted(folders)}


def types():
    """Yields the name, the module and the Javadoc of each public type."""
    for name, folder in modules().items():
        for path in sorted(folder.rglob("*.java")):
            text = path.read_text(encoding="utf8")
            if PUBLIC.search(text):
                yield path.stem, name, javadoc(text)


def documents():
    names = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
    fixed = [ROOT / name for name in names if (ROOT / name).exists()]
    return fixed + sorted(ROOT.glob("*/README.md")) + sorted((ROOT / "docs").rglob("*.md"))


def java(files):
    texts = [path.read_text(encoding="utf8") for path in files]
    return "\n\n".join(javadoc(t) for t in texts), "\n\n".join(messages(t) for t in texts)


def sources(files):
    """Yields a name and its text for each line of the report."""
    if files:
        for path in map(Path, files):
            if path.suffix == ".java":
                javadocs, texts = java([path])
                yield f"{path.name}: Javadoc", javadocs
                yield f"{path.name}: texts", texts
            elif path.suffix in (".yaml", ".yml"):
                yield f"{path}: comments", comments(path.read_text(encoding="utf8"))
            else:
                yield str(path), path.read_text(encoding="utf8")
        return
    for path in documents():
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf8")
    for path in [ROOT / "docker" / "reprise.yaml"]:
        yield f"{path.relative_to(ROOT)}: comments", comments(path.read_text(encoding="utf8"))
    for name, module in modules().items():
        javadocs, texts = java(sorted(module.rglob("*.java")))
        yield f"{name}: Javadoc", javadocs
        yield f"{name}: texts", texts


def public_types(each):
    """Prints the lines of the public types; returns those whose median is above the limit."""
    above = []
    medians = {}
    for name, module, text in types():
        lengths = [len(words) for words in sentences(text)]
        if not lengths:
            continue
        median = statistics.median(lengths)
        medians.setdefault(module, []).append(median)
        if each:
            print(f"{module + ': ' + name:48} {len(lengths):9} {median:6.0f}")
        if median > LIMIT:
            above.append(f"{module}: {name}")
    print(f"\n{'public types of':48} {'types':>9} {'median':>6} {'':4} {'highest':>7}")
    for module, found in medians.items():
        print(f"{module:48} {len(found):9} {statistics.median(found):6.0f} {'':4} {max(found):7.0f}")
    return above


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--types", action="store_true")
    parser.add_argument("--long", type=int, metavar="WORDS")
    parser.add_argument("file", nargs="*")
    options = parser.parse_args(arguments)
    above = []
    print(f"{'document':48} {'sentences':>9} {'median':>6} {'p90':>4} {'longest':>7}")
    for name, text in sources(options.file):
        found = sentences(text)
        lengths = sorted(map(len, found))
        if not lengths:
            continue
        median = statistics.median(lengths)
        p90 = lengths[int(0.9 * (len(lengths) - 1))]
        print(f"{name:48} {len(lengths):9} {median:6.0f} {p90:4} {lengths[-1]:7}")
        if median > LIMIT:
            above.append(name)
        for words in found:
            if options.long and len(words) > options.long:
                print(f"    {len(words)}: {' '.join(words)}")
    if not options.file:
        above += public_types(options.types)
    if options.check and above:
        print(f"median above {LIMIT} words: {', '.join(above)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
